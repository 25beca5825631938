"""Names in backticks, in docstrings and comments, are names that there are: a renamed module takes them along."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.modules import Module, modules

#: A name in single backticks; a literal stands in double ones.
_NAMED = re.compile(r"(?<!`)`(?!`)([A-Za-z_][\w.]*)(?:\(\))?`(?!`)")

#: What may be a comment: a hash sign inside of a string is taken for one as well, which only makes the test stricter.
_COMMENT = re.compile(r"#.*")

#: The nodes that can give something a name.
_NAMING = (
    ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Name, ast.Attribute, ast.ImportFrom, ast.Import, ast.arg,
)  # fmt: skip


class Names:
    """All that sources define: modules, what each has at its top, and members of classes."""

    def __init__(self, sources: list[Module]) -> None:
        #: What a bare name may be anywhere: a module, or a class, function or constant at the top of one.
        self.anywhere: set[str] = set(dir(builtins))
        #: What it may be in the same file: also members and parameters.
        self.nearby: dict[str, set[str]] = defaultdict(set)
        #: Members by name of class, and classes whose bases are not ours, so that nobody knows all members.
        self.members: dict[str, set[str]] = defaultdict(set)
        self.bases: dict[str, set[str]] = defaultdict(set)
        self.top: dict[str, set[str]] = defaultdict(set)
        self.modules = {module.name for module in sources}
        for module in sources:
            self._add(module)

    def _add(self, module: Module) -> None:
        self.anywhere |= set(module.name.split("."))
        nearby = self.nearby[module.name]
        for node in ast.walk(module.tree):
            if not isinstance(node, _NAMING):  # most nodes: what follows is slow for all of them
                continue
            if isinstance(node, ast.ClassDef):
                self.bases[node.name] |= {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases}
                self.members[node.name] |= {name for each in ast.walk(node) for name in _defined(each)}
            nearby.update((node.arg,) if isinstance(node, ast.arg) else _defined(node))
        for node in module.tree.body:
            self.top[module.name] |= {name for each in _at_top(node) for name in _defined(each)}
        self.anywhere |= self.top[module.name]

    def has(self, name: str, module: Module) -> bool:
        """Tell whether a name is that of a module, of what one has, of a member of a class, or of a library's."""
        first, _, rest = name.partition(".")
        if not rest:
            return name in self.anywhere or name in self.nearby[module.name] or _is_library(name)
        return any((self._is_module(name), self._is_in_module(name), self._is_member(first, rest), _is_library(first)))

    def _is_module(self, name: str) -> bool:
        return any(each == name or each.endswith(f".{name}") for each in self.modules)

    def _is_in_module(self, name: str) -> bool:
        owner, _, last = name.rpartition(".")
        inside = {each for each in self.modules if each == owner or each.endswith(f".{owner}")}
        if any(last in self.top[each] for each in inside):
            return True
        outer, _, klass = owner.rpartition(".")
        return bool(outer) and self._is_in_module(owner) and self._is_member(klass, last)

    def _is_member(self, klass: str, member: str) -> bool:
        if klass not in self.members:
            return False
        ours = {base for base in self.bases[klass] if base in self.members}
        is_open = any(base not in self.members and base not in ("object", "Protocol") for base in self.bases[klass])
        return member in self.members[klass] or is_open or any(self._is_member(base, member) for base in ours)


def _at_top(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield a statement of a module with what it assigns to, and of one that holds others, those."""
    if isinstance(node, ast.If | ast.Try | ast.With):
        yield from (each for inner in ast.walk(node) if isinstance(inner, ast.stmt) for each in (inner,))
    yield node
    if isinstance(node, ast.Assign | ast.AnnAssign):
        yield from ast.walk(node)


def _defined(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.attr
    elif isinstance(node, ast.ImportFrom | ast.Import):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)


@cache
def _is_library(name: str) -> bool:
    return name[:1] == "Q" or importlib.util.find_spec(name.partition(".")[0]) is not None


def prose(module: Module) -> Iterator[str]:
    """Yield the docstrings and the comments of a module that have a name in them."""
    if not named(module.text):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node, clean=False) or ""
    yield from (found[0] for found in _COMMENT.finditer(module.text))


def named(text: str) -> list[str]:
    return _NAMED.findall(text)


def test_that_every_name_in_backticks_is_one_that_there_is() -> None:
    sources = list(modules("inspector", "server", "tests"))
    names = Names(sources)
    lost = {
        f"{module.name}: `{name}`" for module in sources for text in prose(module) for name in named(text)
        if not names.has(name, module)
    }  # fmt: skip
    assert sorted(lost) == []


def test_that_a_name_that_is_gone_is_found_and_a_known_one_is_not() -> None:
    text = "class Box:\n    def open(self, key): ...\n"
    box = Module("inspector.made.box", Path("box.py"), text, ast.parse(text))
    names = Names([box])
    good = (
        "box",
        "made.box",
        "box.Box",
        "Box.open",
        "box.Box.open",
        "open",
        "key",
        "numpy.searchsorted",
        "QWidget.show",
    )
    assert [name for name in good if not names.has(name, box)] == []
    gone = ("chest", "made.chest", "box.Chest", "Box.close", "box.Box.close", "shut")
    assert [name for name in gone if names.has(name, box)] == []
    assert named("`Box`, ``literal`` and `Box.open()`") == ["Box", "Box.open"]
