"""What the fakes answer, where nothing depends on it."""

from __future__ import annotations

WHEN = "2026-01-31T12:00:00.000000Z"


PYTHON_SPEC = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "env": {},
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "interrupt_mode": "signal",
    "metadata": {"debugger": True},
}
