"""Outputs that came while no page was there, put into their notebooks by the web workers."""
