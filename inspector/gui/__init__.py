"""The window of the application: the only package that imports PySide6."""
