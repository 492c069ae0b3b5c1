"""Frameworks: their runs, told by callbacks, as spans in one tree with the model calls inside."""
