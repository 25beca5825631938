"""What the window needs of the system: each lack is told with its cure, shown with libraries that really don't load."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import PySide6
import pytest

from inspector.gui.startup.platform_check import check, choose_platform, display_available, install_command
from inspector.gui.startup.system_libraries import FONT, LIBRARIES_BY_PLATFORM, Library
from tests.fresh_python import run_python

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system libraries are a matter of Linux")


@ON_LINUX
def test_that_this_machine_can_carry_the_window_of_the_tests() -> None:
    assert check("offscreen") == []


@ON_LINUX
@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ""}, {"DISPLAY": "", "WAYLAND_DISPLAY": ""}])
def test_that_without_a_display_the_window_runs_offscreen(environment: dict[str, str]) -> None:
    assert not display_available(environment)
    assert choose_platform(environment) == "offscreen"


@ON_LINUX
@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "wayland;xcb"),
    ],
)
def test_that_the_display_decides_the_platform(environment: dict[str, str], platform: str) -> None:
    assert display_available(environment)
    assert choose_platform(environment) == platform


def test_that_a_platform_set_by_the_user_stands() -> None:
    assert choose_platform({"QT_QPA_PLATFORM": "vnc", "DISPLAY": ":0"}) == "vnc"
    assert choose_platform({"QT_QPA_PLATFORM": "vnc"}) == "vnc"


@ON_LINUX
def test_that_all_missing_libraries_are_named_in_one_text_with_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = (
        Library("libnothing-one.so.1", "nothing1", "nothing-one"),
        Library("libc.so.6", "libc6", "glibc"),
        Library("libnothing-two.so.2", "nothing2", "nothing-two"),
        Library("libnothing-three.so.2", "nothing2", "nothing-two"),
    )
    monkeypatch.setitem(LIBRARIES_BY_PLATFORM, "xcb", lacking)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    (problem,) = check("xcb")
    assert "libnothing-one.so.1, libnothing-two.so.2, libnothing-three.so.2" in problem
    assert problem.endswith("apt-get install -y nothing1 nothing2")
    assert "libc" not in problem


@ON_LINUX
def test_that_one_platform_of_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIBRARIES_BY_PLATFORM, "wayland", (Library("libnothing.so.1", "nothing1", "nothing"),))
    monkeypatch.setitem(LIBRARIES_BY_PLATFORM, "xcb", ())
    assert check("wayland;xcb") == []
    assert "libnothing.so.1" in check("wayland")[0]


@ON_LINUX
@pytest.mark.parametrize("platform", ["offscreen:size=800x600", "minimal", "vnc", ""])
def test_that_arguments_and_other_platforms_are_no_problem(platform: str) -> None:
    assert check(platform) == []


def test_that_the_command_is_that_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [*LIBRARIES_BY_PLATFORM["wayland"][-2:], FONT]
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/dnf" if name == "dnf" else None)
    assert install_command(wanted).endswith(
        "dnf install -y libwayland-cursor libwayland-egl dejavu-sans-fonts dejavu-sans-mono-fonts"
    )
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert install_command(wanted).endswith("apt-get install -y libwayland-cursor0 libwayland-egl1 fonts-dejavu-core")


def test_that_only_a_user_who_is_not_root_is_told_to_use_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert install_command([FONT]).startswith("sudo ")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not install_command([FONT]).startswith("sudo ")


@ON_LINUX
def test_that_a_library_that_does_not_load_is_found_for_real(tmp_path: Path) -> None:
    (tmp_path / "libfontconfig.so.1").touch()
    code = "from inspector.gui.startup.platform_check import check; print(*check('offscreen'), sep='\\n')"
    result = run_python(code, LD_LIBRARY_PATH=str(tmp_path))
    assert "missing: libfontconfig.so.1." in result.stdout, result.stderr
    assert "install -y" in result.stdout
    assert "fontconfig" in result.stdout.splitlines()[1]


@ON_LINUX
def test_that_tests_on_a_system_that_lacks_a_library_name_it_at_once(tmp_path: Path) -> None:
    (tmp_path / "libEGL.so.1").touch()
    code = "import pytest, sys; sys.exit(pytest.main(['tests/test_leaks.py', '-p', 'no:cacheprovider']))"
    result = run_python(code, LD_LIBRARY_PATH=str(tmp_path))
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "missing: libEGL.so.1." in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_that_a_python_without_pyside_is_told_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None\n"
        "from inspector.gui.startup.platform_check import check; print(*check(''))"
    )
    result = run_python(code)
    assert "PySide6 is not installed" in result.stdout, result.stderr
    assert f"{sys.executable} -m pip install PySide6-Essentials" in result.stdout


def test_that_the_check_itself_loads_no_qt() -> None:
    code = (
        "import sys, inspector.gui.startup.platform_check\n"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    assert run_python(code).returncode == 0


@ON_LINUX
def test_that_a_system_without_fonts_is_told_so(tmp_path: Path) -> None:
    none = tmp_path / "fonts.conf"
    none.write_text('<?xml version="1.0"?><fontconfig><dir>/nonexistent</dir></fontconfig>')
    code = (
        "from PySide6.QtWidgets import QApplication; app = QApplication([])\n"
        "from inspector.gui.startup.platform_check import font_problems; print(*font_problems())"
    )
    assert "No font is installed" in run_python(code, FONTCONFIG_FILE=str(none)).stdout
    assert run_python(code).stdout.strip() == ""


@ON_LINUX
@pytest.mark.parametrize(("platform", "plugin"), [("offscreen", "libqoffscreen.so"), ("xcb", "libqxcb.so")])
def test_that_the_table_knows_all_that_the_installed_qt_loads(platform: str, plugin: str) -> None:
    qt = Path(next(iter(PySide6.__path__))) / "Qt"
    found = set(known_to_every_system(qt))
    for file in (qt / "plugins" / "platforms" / plugin, qt / "lib" / "libQt6Gui.so.6", qt / "lib" / "libQt6Core.so.6"):
        found |= {name.decode() for name in re.findall(rb"lib[\w+-]+\.so\.\d+", file.read_bytes())}
    assert "libGL.so.1" in found
    known = {library.soname for library in LIBRARIES_BY_PLATFORM[platform]}
    assert found - known - known_to_every_system(qt) == set()


def known_to_every_system(qt: Path) -> set[str]:
    """Sonames that Python itself needs, or that Qt's wheel brings."""
    python = {
        "libc.so.6",
        "libm.so.6",
        "libstdc++.so.6",
        "libgcc_s.so.1",
        "libpthread.so.0",
        "libdl.so.2",
        "librt.so.1",
    }
    return python | {"libz.so.1"} | {file.name for file in (qt / "lib").iterdir()}
