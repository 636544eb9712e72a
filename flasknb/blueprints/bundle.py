"""``/bundle``: what a bundler extension makes of a notebook, in a process of its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import base_url, requires, services
from flasknb.blueprints.foreign_pages import refuse_foreign_pages
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.policy import own_policy
from flasknb.blueprints.presence import absence_check
from flasknb.blueprints.streaming import streamed
from flasknb.blueprints.visitor import current_login
from flasknb.contents import operations
from flasknb.contents.models import ContentsModel, to_json
from flasknb.contents.operations import Wanted
from flasknb.errors import BadRequest
from flasknb.extensions.bundlers.registry import bundler_module

bp = Blueprint("bundle", __name__)

OWN_HEADERS = frozenset({"content-type", "content-length", "connection", "transfer-encoding", "set-cookie", "date"})


@bp.get("/bundle/<path:api_path>")
@requires("contents", "read")
def bundle(api_path: str) -> ResponseReturnValue:
    """The answer that the bundler ``?bundler=`` gives for the notebook."""
    refuse_foreign_pages()
    known = services()
    module = bundler_module(known.sections.get("notebook"), request.args.get("bundler"))
    model = off_the_loop(lambda: operations.read(known.contents, api_path, Wanted()))
    if model["type"] != "notebook":
        raise BadRequest(f"{model['path']} is not a notebook, so it cannot be bundled")
    job = {"module": module, "model": _without_content(model), "request": _request_facts(), **_places(model["path"])}
    converted = known.converter.convert("bundle", job, off_the_loop(lambda: to_json(model["content"])), absence_check())
    return _answer(streamed(converted.file, converted.size_bytes, "text/html"), converted.result)


def _without_content(model: ContentsModel) -> dict[str, Any]:
    times = {name: model[name].isoformat() for name in ("created", "last_modified") if name in model}
    return {name: value for name, value in model.items() if name not in ("content", "created", "last_modified")} | times


def _request_facts() -> dict[str, Any]:
    """What the bundler may know of the request: no cookie, no token, no header that carries either."""
    login = current_login()
    return {
        "method": request.method,
        "path": request.path,
        "uri": request.full_path.rstrip("?"),
        "protocol": request.scheme,
        "host": request.host,
        "remote_ip": request.remote_addr or "",
        "arguments": {name: values for name, values in request.args.lists() if name != "token"},
        "username": login.user.username if login is not None else "",
        "name": login.user.display_name if login is not None else "",
    }


def _places(api_path: str) -> dict[str, Any]:
    known = services()
    contents = type(known.contents)
    return {
        "base_url": base_url(),
        "root_dir": str(known.settings.root_dir),
        "folder": known.working_directory(api_path),
        "manager": f"{contents.__module__}.{contents.__qualname__}",
    }


def _answer(answer: Response, result: Any) -> Response:
    answer.status_code = result.status
    for name, value in result.headers:
        if name.lower() == "content-type":
            answer.content_type = value
        elif name.lower() not in OWN_HEADERS:
            answer.headers.add(name, value)
    answer.headers.setdefault("Cache-Control", "no-store")
    # whatever it is that a bundler shows, it is made of a notebook: it must not act as our page
    answer.headers["Content-Security-Policy"] = own_policy(is_sandboxed=True)
    return answer
