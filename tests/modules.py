"""The modules of the project as syntax trees, for the tests that hold the rules of its architecture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from tests.fresh_python import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file: its dotted name, path, text and tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the tree."""
        return list(ast.walk(self.tree))

    def imports(self) -> Iterator[str]:
        """Iterate over the dotted names of all that is imported anywhere in the file, also inside functions."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield from (f"{base}.{each.name}" for each in node.names)

    def functions(self) -> Iterator[Function]:
        """Iterate over all functions and methods."""
        return (node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        package = parts if self.is_package else parts[:-1]
        base = package[: len(package) - node.level + 1]
        return ".".join([*base, node.module] if node.module else base)


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Read all Python files below folders of the project."""
    return tuple(_module(path) for path in sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py")))


@cache
def _module(path: Path) -> Module:
    relative = path.relative_to(ROOT).with_suffix("")
    parts = relative.parts[:-1] if relative.name == "__init__" else relative.parts
    text = path.read_text(encoding="utf-8")
    return Module(".".join(parts), path, text, ast.parse(text, str(path)))


def forget_modules() -> None:
    """Let go of what was read: a million objects that every later search for garbage would pass."""
    modules.cache_clear()
    _module.cache_clear()
