"""Qt objects without widgets: the recording on screen, its selection, time range, tables and background work."""
