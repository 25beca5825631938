"""The main window: layout, actions and pages, and the controllers that connect views with the session."""
