"""The pages: dashboard, notebook, text editor, and where wrong addresses lead."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from flasknb import __version__
from flasknb.blueprints.context import base_url, public, services
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.plain_addresses import lead_to_plain_address
from flasknb.blueprints.rendering import as_uri_component, default_url, encoded, render_page
from flasknb.blueprints.sockets import prepare_websockets
from flasknb.blueprints.visitor import current_login, owner_name
from flasknb.blueprints.wording import say, say_finished
from flasknb.contents import operations
from flasknb.contents.models import ContentsModel
from flasknb.contents.operations import Wanted
from flasknb.contents.shipped import opens_notebooks
from flasknb.conversion.formats import USUAL_FORMATS
from flasknb.errors import EntryMissing

bp = Blueprint("pages", __name__)
bp.before_request(lead_to_plain_address)

TITLE_PARTS = 3


@bp.get("/", strict_slashes=False)
@public
def home() -> ResponseReturnValue:
    """To the default page, query kept: ``?token=`` logs in there."""
    query = request.query_string.decode("latin-1")
    return redirect(f"{default_url()}?{query}" if query else default_url())


@bp.get("/tree/", defaults={"api_path": ""}, strict_slashes=False)
@bp.get("/tree/<path:api_path>")
def tree(api_path: str) -> ResponseReturnValue:
    """The dashboard of a folder; a document's own page when the path is one."""
    entry = _entry(api_path)
    if entry["type"] != "directory":
        return redirect(_page_of(entry))
    services().bridge.expect_use()
    data = _common_data() | {
        "notebook-path": encoded(entry["path"]),
        "terminals-available": str(services().settings.server.terminals_enabled),
        "server-root": _shown_root(services().settings.root_dir),
    }
    return render_page("tree.html", page_entry="tree", page_title=_tree_title(entry["path"]), body_data=data)


@bp.get("/notebooks/", defaults={"api_path": ""}, strict_slashes=False)
@bp.get("/notebooks/<path:api_path>")
def notebook(api_path: str) -> ResponseReturnValue:
    """The notebook page; folders and other files are sent to theirs."""
    services().bridge.expect_use(at_once=True)
    entry = _entry_without_stray_files(api_path)
    if entry["type"] != "notebook":
        return redirect(_page_of(entry))
    page = render_page("notebook.html", page_entry="notebook", **_notebook_shown(entry))
    if request.is_secure:
        page.call_on_close(prepare_websockets)  # through TLS this worker carries them itself
    return page


@bp.get("/edit/<path:api_path>")
def edit(api_path: str) -> ResponseReturnValue:
    """The text editor."""
    entry = _entry(api_path)
    if entry["type"] == "directory":
        return redirect(_page_of(entry))
    data = _common_data() | {"file-path": encoded(entry["path"])}
    return render_page(
        "edit.html", page_entry="edit", page_title=say_finished(f"{entry['name']} (editing)"), body_data=data
    )


@bp.get("/api/notebooks", defaults={"api_path": ""})
@bp.get("/api/notebooks/<path:api_path>")
@public
def old_notebook_api(api_path: str) -> ResponseReturnValue:
    """The contents API's address of long ago."""
    return redirect(f"{base_url()}api/contents/{encoded(api_path)}".rstrip("/"))


def _notebook_shown(entry: ContentsModel) -> dict[str, Any]:
    return {
        "page_title": say_finished(f"{entry['name'].removesuffix('.ipynb')} - Jupyter Notebook"),
        "body_data": _notebook_data(entry),
        "contents_url": f"{base_url()}api/contents/{as_uri_component(entry['path'])}",
        "downloads": USUAL_FORMATS,
    }


def _entry(api_path: str) -> ContentsModel:
    """The entry a page is asked for, without its content. Raises EntryMissing for hidden ones too."""
    contents = services().contents
    return off_the_loop(
        lambda: operations.read(contents, api_path, Wanted(content=False)),
        opens_notebooks=opens_notebooks(contents, kind=None, content=False),
    )


def _entry_without_stray_files(api_path: str) -> ContentsModel:
    """The entry; links written as ``notebooks/a/files/b.png`` long ago mean ``a/b.png``."""
    try:
        return _entry(api_path)
    except EntryMissing:
        parts = api_path.split("/")
        if "files" not in parts:
            raise
        parts.remove("files")
        return _entry("/".join(parts))


def _page_of(entry: ContentsModel) -> str:
    """Path of the page that shows ``entry``; ``files/`` for what is neither notebook nor folder."""
    area = {"directory": "tree", "notebook": "notebooks"}.get(entry["type"] or "", "files")
    return f"{base_url()}{area}/{encoded(entry['path'])}".rstrip("/")


def _tree_title(path: str) -> str:
    parts = path.split("/")
    shown = parts if len(parts) <= TITLE_PARTS else parts[-2:]
    return "/".join(shown) + "/" if path else say("Home")


def _shown_root(root_dir: Path) -> str:
    home = Path.home()
    return f"~/{root_dir.relative_to(home)}".rstrip("/.") if root_dir.is_relative_to(home) else str(root_dir)


def _notebook_data(entry: ContentsModel) -> dict[str, str]:
    return {
        **_common_data(),
        **_mathjax(),
        "ws-url": encoded(services().settings.server.websocket_url),
        "notebook-name": encoded(entry["name"]),
        "notebook-path": encoded(entry["path"]),
        "server-version": encoded(__version__),
        "python-version": encoded(sys.version),
    }


def _mathjax() -> dict[str, str]:
    """Which MathJax the page loads with its first formula: nothing said is ours, an empty address none."""
    options = services().settings.notebook
    if not options.enable_mathjax:
        return {"mathjax-url": ""}
    return {"mathjax-url": options.mathjax_url} if options.mathjax_url else {}


def _common_data() -> dict[str, str]:
    data = {"base-url": encoded(unquote(base_url()))}
    if owner := owner_name():
        data["user"] = encoded(owner)
    token = services().identity.token_for_pages()
    return {"jupyter-api-token": encoded(token), **data} if token and current_login() else data
