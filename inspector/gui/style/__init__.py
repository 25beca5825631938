"""Widgets and drawing aids that know nothing of streams: colours, icons, safe labels, guarded overrides."""
