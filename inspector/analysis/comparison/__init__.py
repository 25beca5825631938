"""Two runs side by side: which settings differ, and what differs by more than chance."""
