"""The catalogue: one row each for views, knobs, middlewares, engines and proxies, with every fact about them.

Below everything: it imports nothing but the standard library, and every other part may read it. Texts are made for
people: the index page, the window, ``--help``, ``routes`` and the README show them as they stand.

Rows are named tuples: every process of ours makes these classes when it starts, and a frozen dataclass takes six times
as long to make.
"""

from __future__ import annotations

from .app_buffers import (
    BUFFERS,
    PLAIN_TEMPLATE,
    TEMPLATE_KNOB,
    TEMPLATES,
    BufferRow,
    TemplateRow,
    buffer_of,
    template_of,
)
from .availability import Row, available, missing_text, program_path
from .engines import DEFAULT_ENGINE, ENGINES, EngineRow, engine_of
from .knob_values import LONGEST_PLAIN_ROW_BYTES, KnobValues, acting_knobs, parse_knobs, refuse_held
from .knobs import (
    ALL,
    CHOOSERS,
    CLIENT_BUFFER,
    ITEM_PRESETS,
    KNOBS,
    READ_RATE,
    BadKnob,
    Gap,
    Knob,
    KnobKind,
    KnobLayer,
    KnobProcess,
    KnobValue,
    ViewTrait,
    chooser_of,
    knob_of,
    knobs_told_to,
    number_text,
)
from .middlewares import (
    ADVICE_WHEN_COMPRESSED,
    MIDDLEWARE_BY_NAME,
    MIDDLEWARES,
    Middleware,
    RequestedMiddleware,
    parse_stack,
    stack_text,
)
from .proxies import ADVICE_BEHIND_PROXY, ADVICE_IN_FRONT, NO_PROXY, PROXIES, ProxyRemedy, ProxyRow, proxy_of
from .target_kinds import ADDRESS, TargetKind, kind_of
from .views import EVERYWHERE, FIRST_ROUTE, VIEWS, View, query_of, sections, view_of

__all__ = [
    "ADDRESS",
    "ADVICE_BEHIND_PROXY",
    "ADVICE_IN_FRONT",
    "ADVICE_WHEN_COMPRESSED",
    "ALL",
    "BUFFERS",
    "CHOOSERS",
    "CLIENT_BUFFER",
    "DEFAULT_ENGINE",
    "ENGINES",
    "EVERYWHERE",
    "FIRST_ROUTE",
    "ITEM_PRESETS",
    "KNOBS",
    "LONGEST_PLAIN_ROW_BYTES",
    "MIDDLEWARES",
    "MIDDLEWARE_BY_NAME",
    "NO_PROXY",
    "PLAIN_TEMPLATE",
    "PROXIES",
    "READ_RATE",
    "TEMPLATES",
    "TEMPLATE_KNOB",
    "VIEWS",
    "BadKnob",
    "BufferRow",
    "EngineRow",
    "Gap",
    "Knob",
    "KnobKind",
    "KnobLayer",
    "KnobProcess",
    "KnobValue",
    "KnobValues",
    "Middleware",
    "ProxyRemedy",
    "ProxyRow",
    "RequestedMiddleware",
    "Row",
    "TargetKind",
    "TemplateRow",
    "View",
    "ViewTrait",
    "acting_knobs",
    "available",
    "buffer_of",
    "chooser_of",
    "engine_of",
    "kind_of",
    "knob_of",
    "knobs_told_to",
    "missing_text",
    "number_text",
    "parse_knobs",
    "parse_stack",
    "program_path",
    "proxy_of",
    "query_of",
    "refuse_held",
    "sections",
    "stack_text",
    "template_of",
    "view_of",
]
