"""The ladder: time runs to the right, bytes travel down; lanes are layers, gaps are buffers."""
