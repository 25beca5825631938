"""Stories: what to stream, what to point at and what to say, step by step, read from small files.

Without Qt: the window plays them (`inspector.gui.models.story_player`), the command line lists and checks them.
"""
