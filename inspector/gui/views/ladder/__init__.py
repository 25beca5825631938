"""The ladder: time runs to the right, bytes travel down; lanes are layers, the gaps between them are buffers."""
