"""The pipeline of one recording: its gaps in order, what stands in each, and the settings in force."""
