"""Figures for Prometheus, right with several workers: each keeps its own in a small file, any adds them up."""
