"""A site for the rows of the contents API, and who listens to its events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contents_site import Site, open_site

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


FIELDS = {
    "name", "path", "type", "writable", "created", "last_modified", "size", "mimetype", "content", "format", "hash",
    "hash_algorithm",
}  # fmt: skip


@pytest.fixture(params=["", "/a/b"], ids=["at-root", "mounted"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return open_site(tmp_path, request.param)


Heard = list[dict[str, Any]]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def heard(site: Site) -> Iterator[Heard]:
    """What the contents manager tells the event bus."""
    found: Heard = []

    class Ear:
        def emit(self, *, schema_id: str, data: dict[str, Any]) -> None:
            assert schema_id == "https://events.jupyter.org/jupyter_server/contents_service/v1"
            found.append(data)

    contents = site.services.contents
    contents.event_logger = Ear()
    yield found
    contents.event_logger = None
