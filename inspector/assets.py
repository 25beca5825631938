"""Finds icons and pictures: beside the packages in a checkout, inside the package in an installed copy."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
#: A checkout (also one installed as editable) comes first: its files are the newer ones.
ASSET_FOLDERS: tuple[Path, ...] = (_PACKAGE.parent / "assets", _PACKAGE / "assets")


def asset_path(name: str) -> Path:
    """Return the path of an asset such as ``icons/play.svg``. Raises ``FileNotFoundError`` that names what is missing.

    ``name`` is relative, with forward slashes on every system.
    """
    for folder in ASSET_FOLDERS:
        path = folder / name
        if path.is_file():
            return path
    looked = " or ".join(str(folder) for folder in ASSET_FOLDERS)
    raise FileNotFoundError(f"the asset {name} is missing; it should be in {looked}")
