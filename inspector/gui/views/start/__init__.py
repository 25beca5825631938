"""The start page: stories as cards with a picture each, recent runs and addresses."""
