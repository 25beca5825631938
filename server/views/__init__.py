"""The views, a module for each section of Flask's "Streaming Contents" page. Their code is the documented code."""

from __future__ import annotations

from flask import Blueprint

from . import basic_usage, context, counter_examples, index, template_recipe, templates

SECTIONS: tuple[Blueprint, ...] = (
    basic_usage.section,
    templates.section,
    template_recipe.section,
    context.section,
    counter_examples.section,
    index.section,
)
