"""``streaming-inspector desktop``: an entry for the applications menu of a Linux desktop, and its icon.

Written into the user's own data folder as the Desktop Entry Specification and the Icon Theme Specification say, with
the Python that runs this command: an entry in a wheel could not know the virtual environment that it lies in.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from inspector.assets import asset_path

from .console import complain, print_message

#: The name of the entry, its icon, and what Qt tells the desktop that the window belongs to.
ENTRY_NAME = "streaming-inspector"
_ENTRY = """\
[Desktop Entry]
Type=Application
Version=1.0
Name=Streaming Inspector
GenericName=HTTP streaming inspector
Comment=See every yield and every chunk of a streamed response, and where each one waited
Exec={command} -m inspector
Icon={icon}
Terminal=false
Categories=Development;Network;
Keywords=Flask;HTTP;streaming;chunked;
StartupWMClass={name}
"""


def desktop(*, remove: bool) -> int:
    """Write entry and icon, or remove them; return the exit status."""
    if not sys.platform.startswith("linux"):
        complain("the applications menu of this system takes no desktop entries")
        return 1
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    entry = home / "applications" / f"{ENTRY_NAME}.desktop"
    icon = home / "icons" / "hicolor" / "scalable" / "apps" / f"{ENTRY_NAME}.svg"
    try:
        if remove:
            for path in (entry, icon):
                path.unlink(missing_ok=True)
            print_message(f"Removed {entry}")
            return 0
        for path in (entry, icon):
            path.parent.mkdir(parents=True, exist_ok=True)
        icon.write_bytes(asset_path("icons/app.svg").read_bytes())
        entry.write_text(_ENTRY.format(command=_quoted(sys.executable), icon=ENTRY_NAME, name=ENTRY_NAME), "utf-8")
    except OSError as error:
        complain(f"{error.filename} can't be written: {error.strerror or error}")
        return 1
    print_message(f"Wrote {entry}. It starts {sys.executable}.")
    return 0


def _quoted(argument: str) -> str:
    """Quote an argument of ``Exec``: reserved characters behind backslashes, themselves escaped as in any string."""
    escaped = "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in argument)
    return '"{}"'.format(escaped.replace("\\", "\\\\").replace("%", "%%"))
