"""What to do about a gap that holds: one sentence, and the knobs of the built-in server that would cure it.

Sentences are the fixes of the streaming facts, sections 4 and 6. Knobs are looked at to say which of them to turn, and
never to prove anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .case import Case
from .culprits import holds_sends
from .road import RoadGap, stack_of


@dataclass(frozen=True, slots=True)
class Remedy:
    """One sentence of advice, and the knobs to set, None where there is no such knob."""

    advice: str
    cure: Mapping[str, str] | None = None


#: By the first name of a middleware or hook.
MIDDLEWARE_ADVICE: Mapping[str, str] = {
    "join": "Iterate over the response instead of joining it, and forward close().",
    "get_data": "Leave streamed responses alone in the hook: guard it with `if not response.is_streamed`.",
    "etag": "Keep add_etag() and make_conditional() off streams: guard the hook with `if not response.is_streamed`.",
    "profiler": "Don't use ProfilerMiddleware on streams; profile the generator alone.",
    "rechunk": "Pass each item on as it comes; a buffer that counts bytes must also have a limit of time.",
    "gzip": "Flush after each item (Z_SYNC_FLUSH); it costs about 11 bytes each.",
    "compress": "Set COMPRESS_STREAMS = False, or leave the type of the stream out of COMPRESS_MIMETYPES.",
    "content_length": "Leave Content-Length out of a stream: the server then sends it in chunks.",
}
_ANY_MIDDLEWARE = "Let it pass each item on as it comes, without collecting them, and forward close()."
_TEMPLATE_ADVICE: Mapping[str, str] = {
    "macro": "A macro call is one piece: write the loop in the template itself, or include it.",
    "filter": "A filter block is one piece: put the filter on each value inside of the loop.",
    "super": "super() is one piece: move the loop into the child's block, or use an include.",
    "recursive": "A recursive loop is one piece: walk the tree in Python and loop over the flat result.",
    "length": "loop.length and loop.revindex drain the source first: count with another query, or do without.",
    "without-context": "An include without context is rendered as a whole first: include it with its context.",
    "async": "With enable_async the whole template is rendered first: use an environment without it to stream.",
}


def remedy_of(gap: RoadGap, case: Case) -> Remedy:
    """Return what to do about a gap that holds."""
    if gap.id == "template":
        return _template_remedy(case)
    if gap.id.startswith("middleware"):
        return _middleware_remedy(gap.title if gap.title != "No middleware" else "", case)
    if gap.id == "client":
        cure = {"client_buffer": "0"} if case.knobs.get("client_buffer", "0") != "0" else None
        return Remedy("Read without a chunk size (iter_raw() or iter_bytes()), so that nothing is collected.", cure)
    return _server_remedy(case)


def lump_remedy(variant: str) -> Remedy:
    """Return what to do about a template variant that renders in one lump."""
    return Remedy(_TEMPLATE_ADVICE.get(variant, ""), {"template": "plain"})


def _template_remedy(case: Case) -> Remedy:
    hooks = next((tap.name for tap in case.taps if tap.layer == "yield"), "")
    if hooks:
        return _middleware_remedy(hooks.partition(",")[0].strip(), case)
    knobs = case.knobs
    if knobs.get("template_buffer", "0") != "0" or "my-large-page" in (case.meta.request.url if case.meta else ""):
        return Remedy(
            "Use fewer items in enable_buffering(), or stream_template(), which has no buffer.",
            {"template_buffer": "0"},
        )
    if knobs.get("rows_per_yield", "1") != "1":
        return Remedy("Yield each row by itself.", {"rows_per_yield": "1"})
    return Remedy("Yield each item as soon as it is there, instead of collecting items in the view.")


def _middleware_remedy(name: str, case: Case) -> Remedy:
    base = name.partition(":")[0]
    stack = stack_of(case.knobs)
    rest = [each for each in stack if each != name]
    if len(rest) == len(stack):
        rest = [each for each in stack if each.partition(":")[0] != base]
    cure = {"middleware": ",".join(rest)} if len(rest) < len(stack) else None
    return Remedy(MIDDLEWARE_ADVICE.get(base, _ANY_MIDDLEWARE), cure)


def _server_remedy(case: Case) -> Remedy:
    knobs = case.knobs
    if holds_sends(knobs) and knobs.get("proxy", "none") in {"", "none"}:
        return Remedy("Leave waitress's send_bytes at 1, its default.", {"send_bytes": "1"})
    if knobs.get("proxy", "none") not in {"", "none"}:
        return _proxy_remedy(knobs)
    return Remedy(
        "Ask the server directly, without what is in front of it; behind nginx use `proxy_http_version 1.1;` or the "
        "header `X-Accel-Buffering: no`."
    )


def _proxy_remedy(knobs: Mapping[str, str]) -> Remedy:
    if knobs.get("proxy_gzip") == "on":
        return Remedy("Leave the type of the stream out of gzip_types, or set `gzip off;`.", {"proxy_gzip": "off"})
    cure = {"send_bytes": "1"} if holds_sends(knobs) else {}
    if knobs.get("proxy_http_version", "1.0") == "1.0":
        return Remedy(
            "Set `proxy_http_version 1.1;` in nginx, or answer with the header `X-Accel-Buffering: no`.",
            {**cure, "proxy_http_version": "1.1"},
        )
    return Remedy(
        "Set `proxy_buffering off;`, or answer with `X-Accel-Buffering: no`.", {**cure, "proxy_buffering": "off"}
    )
