"""The detail pane: content, code and headers of the selection."""

from __future__ import annotations

from .detail_pane import DetailPane

__all__ = ["DetailPane"]
