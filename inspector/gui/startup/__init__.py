"""Starting and ending the application: platform checks, Qt messages, signals, screenshots without a display."""
