"""One server under gunicorn with two workers, for every client of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Server, start_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn with two gevent workers."""
    running = start_server("gunicorn", Path(tmp_path_factory.mktemp("clients")))
    yield running
    running.stop()
