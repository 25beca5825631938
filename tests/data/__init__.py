"""Golden recordings, one of each format version, and the script that made them."""
