"""The lines of the log: their form, where they go, and what may stand in them."""
