"""What the views share: the document on screen, its selection, its time range, its tables."""
