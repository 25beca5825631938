"""Editors for the knobs of the server's table, one kind of widget for each kind of knob."""
