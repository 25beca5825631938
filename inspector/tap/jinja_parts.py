"""Makes Jinja templates mark their pieces as parts: Jinja yields about one piece for each statement of a template.

`jinja2.Environment.template_class` is Jinja's own hook for the class of its templates; an environment subclass sets
it, and keeps the source of templates that are made from strings, which Jinja forgets.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, MutableMapping
from typing import Any, cast

from flask import Flask
from jinja2 import Template, nodes

from .content_marks import active_content
from .parts import follow
from .source_location import STRING_SOURCE_ATTRIBUTE
from .typing_compat import override


def tap_templates(app: Flask) -> None:
    """Make the templates of an app mark their parts, also where its Jinja environment exists already."""
    if "jinja_env" not in vars(app):
        app.jinja_environment = tapped_environment(app.jinja_environment)
        return
    environment = app.jinja_env
    environment.__class__ = tapped_environment(type(environment))
    if "template_class" in vars(environment):
        environment.template_class = tapped_template(environment.template_class)
    if environment.cache is not None:
        environment.cache.clear()


def tapped_template(base: type[Template]) -> type[Template]:
    """Return a subclass of a template class whose `generate` marks parts while a request is recorded."""

    class TappedTemplate(base):  # type: ignore[misc, valid-type]
        @override
        def generate(self, *args: Any, **kwargs: Any) -> Iterator[str]:
            items = super().generate(*args, **kwargs)
            content = active_content.get()
            if content is None:
                return cast(Iterator[str], items)
            return follow(cast(Generator[str, None, None], items), content)

    return TappedTemplate


def tapped_environment(base: type[Any]) -> type[Any]:
    """Return a subclass of an environment class whose templates mark their parts."""

    class TappedEnvironment(base):  # type: ignore[misc]
        template_class = tapped_template(base.template_class)

        @override
        def from_string(
            self,
            source: str | nodes.Template,
            globals: MutableMapping[str, Any] | None = None,  # noqa: A002  # Jinja's name
            template_class: type[Template] | None = None,
        ) -> Template:
            template: Template = super().from_string(source, globals, template_class)
            if isinstance(source, str):
                setattr(template, STRING_SOURCE_ATTRIBUTE, source)
            return template

    return TappedEnvironment
