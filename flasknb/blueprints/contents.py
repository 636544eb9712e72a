"""``/api/contents``: entries, checkpoints, trust."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from flasknb.blueprints import renamed_sessions
from flasknb.blueprints.context import requires, services
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.request_body import body_bytes, flag_argument, json_body, object_in
from flasknb.contents import exchange, operations
from flasknb.contents.manager import ContentsManager
from flasknb.contents.memory import give_back
from flasknb.contents.models import ContentsModel, to_json
from flasknb.contents.operations import Wanted
from flasknb.contents.paths import clean_path
from flasknb.contents.shipped import opens_notebooks

bp = Blueprint("contents", __name__, url_prefix="/api/contents")

T = TypeVar("T")
ENTRY = "/<path:api_path>"
ROOT = {"api_path": ""}
LARGE_BYTES = 8_000_000  # bodies that leave memory worth giving back
CHECKPOINTS = "/<path:api_path>/checkpoints"
CHECKPOINT = "/<path:api_path>/checkpoints/<checkpoint_id>"


@bp.get("", defaults=ROOT)
@bp.get(ENTRY)
@requires("contents", "read")
def get_entry(api_path: str) -> Response:
    """The model of an entry: with content unless ``content=0``, with its hash if ``hash=1``."""
    wanted = Wanted(
        type=request.args.get("type"),
        format=request.args.get("format"),
        content=flag_argument("content", True),
        hash=flag_argument("hash", False),
    ).check()
    model, body = _read(api_path, wanted)
    answer = _answer(model, body.pieces)
    if body.version is not None:
        answer.set_etag(body.version)
    return answer


@bp.post("", defaults=ROOT)
@bp.post(ENTRY)
@requires("contents", "write")
def create_in_folder(api_path: str) -> Response:
    """A new untitled entry, or a copy."""
    model, body = _ask(_shown(operations.create_in), api_path, _model_of_body() or {})
    return _answer(model, body, 201, location=True)


@bp.put("", defaults=ROOT)
@bp.put(ENTRY)
@requires("contents", "write")
def save_entry(api_path: str) -> Response:
    """Save; with ``hash`` in the body only over the bytes that have this hash."""
    model, is_new = _ask(_store, api_path, body_bytes(), flag_argument("hash", False))
    return _answer(model, to_json(model), 201 if is_new else 200, location=True)


@bp.patch("", defaults=ROOT)
@bp.patch(ENTRY)
@requires("contents", "write")
def rename_entry(api_path: str) -> Response:
    """Rename."""
    shown, content = _ask(_shown(operations.rename), api_path, _model_of_body())
    kept, before, after = services().kept_outputs, clean_path(api_path), str(shown["path"])
    off_the_loop(lambda: kept.follow(before, after))
    renamed_sessions.follow(before, after)
    return _answer(shown, content, location=True)


@bp.delete("", defaults=ROOT)
@bp.delete(ENTRY)
@requires("contents", "write")
def delete_entry(api_path: str) -> ResponseReturnValue:
    """Delete."""
    _ask(operations.delete, api_path)
    return "", 204


@bp.get(CHECKPOINTS)
@requires("contents", "read")
def list_checkpoints(api_path: str) -> Response:
    """The checkpoints of a file: none or one."""
    return _json(to_json(_ask(operations.list_checkpoints, api_path)))


@bp.post(CHECKPOINTS)
@requires("contents", "write")
def create_checkpoint(api_path: str) -> Response:
    """Keep the file as it is now."""
    checkpoint = _ask(operations.create_checkpoint, api_path)
    answer = _json(to_json(checkpoint), 201)
    answer.location = url_for(".restore_checkpoint", api_path=clean_path(api_path), checkpoint_id=checkpoint["id"])
    return answer


@bp.post(CHECKPOINT)
@requires("contents", "write")
def restore_checkpoint(api_path: str, checkpoint_id: str) -> ResponseReturnValue:
    """Put the file back."""
    _ask(operations.restore_checkpoint, api_path, checkpoint_id)
    return "", 204


@bp.delete(CHECKPOINT)
@requires("contents", "write")
def delete_checkpoint(api_path: str, checkpoint_id: str) -> ResponseReturnValue:
    """Forget the checkpoint."""
    _ask(operations.delete_checkpoint, api_path, checkpoint_id)
    return "", 204


@bp.post("/<path:api_path>/trust")
@requires("contents", "write")
def trust_notebook(api_path: str) -> ResponseReturnValue:
    """Sign the notebook as it is on disk."""
    _ask(operations.trust, api_path)
    return "", 201


for _method, _view in {
    "GET": get_entry,
    "POST": create_in_folder,
    "PUT": save_entry,
    "PATCH": rename_entry,
    "DELETE": delete_entry,
}.items():  # clients add a path to "api/contents/", the root's empty one too; under one endpoint Flask would redirect
    bp.add_url_rule("/", f"{_view.__name__}_of_root", _view, defaults=ROOT, methods=[_method])


def _ask(operation: Callable[..., T], *arguments: Any) -> T:
    """What ``operation`` of this mount's contents manager returns, done off the worker's loop."""
    contents = services().contents
    return off_the_loop(lambda: operation(contents, *arguments))


def _read(api_path: str, wanted: Wanted) -> tuple[ContentsModel, exchange.JsonBody]:
    contents = services().contents
    return off_the_loop(
        lambda: exchange.read_as_json(contents, api_path, wanted),
        opens_notebooks=opens_notebooks(contents, kind=wanted.type, content=wanted.content),
    )


def _shown(operation: Callable[..., ContentsModel]) -> Callable[..., tuple[ContentsModel, bytes]]:
    """``operation``, with its model as JSON too: a large notebook's JSON is made off the loop as well."""

    def run(*arguments: Any) -> tuple[ContentsModel, bytes]:
        model = operation(*arguments)
        return model, to_json(model)

    return run


def _store(contents: ContentsManager, api_path: str, raw: bytes, wants_hash: bool) -> tuple[ContentsModel, bool]:
    """The stored model, and whether it is new. Parses off the loop."""
    sent = exchange.quick_model(contents, raw, api_path) or cast(ContentsModel, object_in(raw, exactly=True) or {})
    if wants_hash and sent:
        sent.setdefault("hash", None)
    model, is_new = operations.store(contents, api_path, sent)
    if not (wants_hash or sent.get("hash")):
        model = cast(ContentsModel, {**model, "hash": None, "hash_algorithm": None})
    if len(raw) >= LARGE_BYTES:
        sent.clear()  # type: ignore[attr-defined]
        give_back()
    return model, is_new


def _model_of_body() -> ContentsModel | None:
    return cast("ContentsModel | None", json_body())


def _answer(model: ContentsModel, body: bytes | list[bytes], status: int = 200, *, location: bool = False) -> Response:
    answer = _json(body, status)
    answer.last_modified = model["last_modified"]
    if location:
        answer.location = url_for(".get_entry", api_path=model["path"])
    return answer


def _json(body: bytes | list[bytes], status: int = 200) -> Response:
    return current_app.response_class(body, status, mimetype="application/json")
