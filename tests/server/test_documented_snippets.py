"""Each snippet of Flask's "Streaming Contents" pages, old and new, has its place in the views, statement by statement.

A snippet is compared as a syntax tree: our annotations, docstrings and the decorators and lines that bring in the knobs
do not count, and what else differs is written down beside it.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from types import ModuleType

import pytest
from typing_extensions import override

from server.views import basic_usage, context, template_recipe, templates

LARGE_CSV = """
@app.route('/large.csv')
def generate_large_csv():
    def generate():
        for row in iter_all_rows():
            yield f"{','.join(row)}\\n"
    return generate(), {"Content-Type": "text/csv"}
"""
CLASSIC_LARGE_CSV = """
from flask import Response

@app.route('/large.csv')
def generate_large_csv():
    def generate():
        for row in iter_all_rows():
            yield ','.join(row) + '\\n'
    return Response(generate(), mimetype='text/csv')
"""
TIMELINE = """
from flask import stream_template

@app.get("/timeline")
def timeline():
    return stream_template("timeline.html")
"""
RECIPE = """
from flask import Response

def stream_template(template_name, **context):
    app.update_template_context(context)
    t = app.jinja_env.get_template(template_name)
    rv = t.stream(context)
    rv.enable_buffering(5)
    return rv

@app.route('/my-large-page.html')
def render_large_template():
    rows = iter_all_rows()
    return Response(stream_template('the_template.html', rows=rows))
"""
STREAM = """
from flask import stream_with_context, request
from markupsafe import escape

@app.route('/stream')
def streamed_response():
    def generate():
        yield '<p>Hello '
        yield escape(request.args['name'])
        yield '!</p>'
    return stream_with_context(generate())
"""
DECORATED = """
@stream_with_context
def generate():
    ...

return generate()
"""
CLASSIC_STREAM = """
from flask import stream_with_context, request, Response

@app.route('/stream')
def streamed_response():
    def generate():
        yield 'Hello '
        yield request.args['name']
        yield '!'
    return Response(stream_with_context(generate()))
"""

# snippet, module, our name of the view, what differs: (documented, ours)
PLACES: list[tuple[str, ModuleType, str, dict[str, str]]] = [
    (LARGE_CSV, basic_usage, "generate_large_csv", {}),
    (
        CLASSIC_LARGE_CSV,
        basic_usage,
        "generate_large_csv_classic",
        {"app.route('/large.csv')": "app.route('/classic/large.csv')"},
    ),
    (
        TIMELINE,
        templates,
        "timeline",
        {"return stream_template('timeline.html')": "return stream_template('timeline.html', rows=iter_all_rows())"},
    ),
    (RECIPE, template_recipe, "render_large_template", {}),
    (
        RECIPE,
        template_recipe,
        "stream_template",
        {"rv.enable_buffering(5)": "if size:\n    rv.enable_buffering(size)"},
    ),
    (STREAM, context, "streamed_response", {}),
    (DECORATED, context, "streamed_response_decorated", {}),
    (
        CLASSIC_STREAM,
        context,
        "streamed_response_classic",
        {
            "app.route('/stream')": "app.route('/classic/stream')",
            "return Response(stream_with_context(generate()))": (
                "return Response(stream_with_context(generate()), mimetype='text/plain')"
            ),
        },
    ),
]
OUR_DECORATORS = {"paced", "rows_joined", "template_buffered", "template_chosen", "template_turned"}


class _Plain(ast.NodeTransformer):
    """Takes out what is ours: annotations, docstrings, decorators that bring in knobs."""

    @override
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        for argument in [*node.args.args, *filter(None, [node.args.kwarg])]:
            argument.annotation = None
        node.decorator_list = [each for each in node.decorator_list if ast.unparse(each) not in OUR_DECORATORS]
        if ast.get_docstring(node):
            node.body = node.body[1:]
        return node

    @override
    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = "app" if node.id == "section" else node.id
        return node


def statements(code: str) -> list[str]:
    """Return the header of each statement of some code, depth first; a function's header has its decorators."""
    found: list[str] = []
    tree = _Plain().visit(ast.parse(code))
    for node in _walk(tree):
        lines = ast.unparse(node).splitlines()
        nested = isinstance(node, ast.FunctionDef | ast.For | ast.If)
        found += [f"@{ast.unparse(each)}" for each in getattr(node, "decorator_list", [])]
        found.append(next(line for line in lines if not line.startswith("@")) if nested else "\n".join(lines))
    return found


def _walk(node: ast.AST) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for child in getattr(node, "body", []):
        found.append(child)
        found += _walk(child)
    return found


def documented(snippet: str, function_name: str, view_name: str, differs: dict[str, str]) -> list[str]:
    """Return the statements of one function of a snippet with our differences put in."""
    plain = ast.unparse(_Plain().visit(ast.parse(snippet)))
    for theirs, ours in differs.items():
        lines = plain.split("\n")
        at = next(number for number, line in enumerate(lines) if line.strip().removeprefix("@") == theirs)
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        sign = "@" if lines[at].strip().startswith("@") else ""
        lines[at] = textwrap.indent(f"{sign}{ours}", indent)
        plain = "\n".join(lines)
    for node in ast.parse(plain).body:
        if isinstance(node, ast.FunctionDef) and node.name == function_name:
            return [
                each.replace(f"def {function_name}(", f"def {view_name}(") for each in statements(ast.unparse(node))
            ]
    raise AssertionError(f"the snippet has no {function_name}")


@pytest.mark.parametrize(("snippet", "module", "name", "differs"), PLACES, ids=[place[2] for place in PLACES])
def test_that_a_documented_snippet_stands_in_its_view(
    snippet: str, module: ModuleType, name: str, differs: dict[str, str]
) -> None:
    ours = statements(textwrap.dedent(inspect.getsource(getattr(module, name))))
    if snippet is DECORATED:
        wanted = ["@stream_with_context", "def generate():", "return generate()"]
    else:
        theirs = {"generate_large_csv_classic": "generate_large_csv", "streamed_response_classic": "streamed_response"}
        wanted = documented(snippet, theirs.get(name, name), name, differs)
    at = 0
    for statement in wanted:
        assert statement in ours[at:], f"{statement!r} is missing in {name} (in this order): {ours}"
        at = ours.index(statement, at) + 1


@pytest.mark.parametrize(("snippet", "module", "name", "differs"), PLACES, ids=[place[2] for place in PLACES])
def test_that_the_imports_of_a_snippet_give_what_the_view_uses(
    snippet: str, module: ModuleType, name: str, differs: dict[str, str]
) -> None:
    for line in snippet.splitlines():
        if not line.startswith("from "):
            continue
        documented_names: dict[str, object] = {}
        exec(line, documented_names)  # one line of Flask's page
        for imported in line.partition(" import ")[2].split(", "):
            assert getattr(module, imported) is documented_names[imported]


def test_that_views_add_nothing_but_the_row_source_and_the_knobs() -> None:
    added = {
        "generate_large_csv": ["iter_all_rows = rows_asked_for()"],
        "generate_large_csv_classic": ["iter_all_rows = rows_asked_for()"],
        "timeline": ["iter_all_rows = rows_asked_for()"],
        "render_large_template": ["iter_all_rows = rows_asked_for()"],
        "stream_template": ["size = current_knobs().whole('template_buffer')", "rv.enable_buffering(size)"],
        "streamed_response": [],
        "streamed_response_classic": [],
    }
    theirs = {"generate_large_csv_classic": "generate_large_csv", "streamed_response_classic": "streamed_response"}
    for snippet, module, name, differs in PLACES:
        if snippet is DECORATED:
            continue
        ours = statements(textwrap.dedent(inspect.getsource(getattr(module, name))))
        wanted = documented(snippet, theirs.get(name, name), name, differs)
        extra = [statement for statement in ours if statement not in wanted]
        assert [each for each in extra if each not in added[name]] == []
