"""The page of sweeps: one knob at many values, six small charts of what it does, and the knee in a sentence."""
