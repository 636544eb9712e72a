"""Notebooks, files and folders under one root: managers, path rules, checkpoints, trust, models."""
