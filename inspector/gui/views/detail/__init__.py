"""The detail pane: text, hex, source and headers of what is selected."""

from __future__ import annotations

from .detail_pane import DetailPane

__all__ = ["DetailPane"]
