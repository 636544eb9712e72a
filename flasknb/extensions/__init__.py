"""nbextensions, server extensions, bundlers."""
