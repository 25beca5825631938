"""Looks and primitives that know nothing of streams: colours, icons, text that stays text, guarded overrides."""
