"""The page A | B: two ladders on one time axis and what is said of both."""
