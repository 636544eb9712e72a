"""A mount with a folder of its own, asked over HTTP with a token. For tests of contents and files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import nbformat
from flask import Flask
from werkzeug.test import Client, TestResponse

from flasknb import FlaskNB
from flasknb.blueprints.context import Services
from flasknb.testing import FakeBridge
from tests.conftest import TOKEN
from tests.documented import require_documented
from tests.shared_routes import app_around

MODEL_KEYS = {
    "name", "path", "last_modified", "created", "content", "format", "mimetype", "size", "writable", "type",
    "hash", "hash_algorithm",
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """What a test needs of a running mount.

    Attributes:
        root: the folder that is served.
        prefix: where it is mounted, ``""`` or ``"/a/b"``.
    """

    root: Path
    client: Client
    app: Flask
    services: Services
    prefix: str = ""

    def ask(self, method: str, path: str, body: Any = None, **kwargs: Any) -> TestResponse:
        """Ask ``path`` (from the mount on, ``/api/contents/x``) with the token; ``body`` is sent as JSON."""
        headers = {"Authorization": f"token {TOKEN}", **kwargs.pop("headers", {})}
        if body is not None:
            kwargs["data"] = body if isinstance(body, bytes | str) else json.dumps(body)
        answer = self.client.open(f"{self.prefix}{path}", method=method, headers=headers, buffered=True, **kwargs)
        require_documented(self.app, f"{self.prefix}/", method, path, answer)
        return answer

    def contents(self, method: str, path: str = "", body: Any = None, **kwargs: Any) -> TestResponse:
        """Ask ``/api/contents`` about an API path that is URL-quoted already."""
        return self.ask(method, f"/api/contents/{path}" if path else "/api/contents", body, **kwargs)

    def model(self, path: str, **query: str) -> dict[str, Any]:
        """The model of an entry that exists."""
        answer = self.contents("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.json)


def open_site(folder: Path, prefix: str = "", **options: Any) -> Site:
    """Serve ``folder/root`` (made here) under ``prefix``, nothing to the trash."""
    root = folder / "root"
    root.mkdir(exist_ok=True)
    notebook = FlaskNB(
        root_dir=str(root),
        token=TOKEN,
        make_bridge=lambda *_: FakeBridge(),
        **{"FileContentsManager.delete_to_trash": False, "FileContentsManager.always_delete_dir": True, **options},
    )
    app, services = app_around(notebook, prefix)
    return Site(root, app.test_client(), app, services, prefix)


def notebook(*sources: str) -> dict[str, Any]:
    """A small valid notebook."""
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
    return cast("dict[str, Any]", json.loads(json.dumps(nbformat.v4.new_notebook(cells=cells))))


def save_notebook(site: Site, path: str, content: dict[str, Any], **fields: Any) -> TestResponse:
    """PUT a notebook."""
    return site.contents("PUT", path, {"type": "notebook", "format": "json", "content": content, **fields})


def save_text(site: Site, path: str, text: str, **fields: Any) -> TestResponse:
    """PUT a text file."""
    return site.contents("PUT", path, {"type": "file", "format": "text", "content": text, **fields})
