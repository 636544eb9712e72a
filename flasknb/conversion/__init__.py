"""Turning notebooks into other things, in processes of their own: nbconvert's exporters, bundlers, and merges."""
