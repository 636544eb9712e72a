"""Kernels that run behind a remote gateway: its REST API, one websocket per kernel, their lives here."""
