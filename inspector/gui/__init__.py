"""The window: the only part of the inspector that imports PySide6."""
