"""Everything around the window: what Qt needs, how the application starts and ends, windows without a screen."""
