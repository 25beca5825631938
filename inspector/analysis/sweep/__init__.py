"""Sweeps: one setting at many values, their medians, their noise, and the best trade-off."""
