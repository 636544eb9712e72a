"""Between a file's bytes and the ``content`` field of its model: text where it is UTF-8, else base64."""

from __future__ import annotations

import base64
import binascii
import contextlib

from flasknb.contents.models import ContentsModel
from flasknb.contents.paths import shown
from flasknb.errors import BadRequest


def fill_file(model: ContentsModel, bytes_on_disk: bytes, form: str | None) -> None:
    """Put a file's bytes into ``model``.

    Args:
        form: ``"text"`` or ``"base64"`` when the caller insists on one.

    Raises:
        BadRequest: text is asked for and the bytes are not UTF-8; another format.
    """
    if form not in (None, "text", "base64"):
        raise BadRequest(f"Format {form!r:.40} is invalid")
    text: str | None = None
    if form != "base64":
        with contextlib.suppress(UnicodeDecodeError):
            text = bytes_on_disk.decode("utf-8")
    if text is None and form == "text":
        raise BadRequest(f"{shown(model['path'])} is not UTF-8 encoded", reason="bad format")
    if text is None:
        model.update({"content": base64.encodebytes(bytes_on_disk).decode("ascii"), "format": "base64"})
    else:
        model.update({"content": text, "format": "text"})
    model["mimetype"] = model["mimetype"] or ("application/octet-stream" if text is None else "text/plain")


def file_bytes(model: ContentsModel) -> bytes:
    """The bytes that a model of type ``file`` stands for.

    Raises:
        BadRequest: no format, or content that is not of it.
    """
    content, form = model["content"], model.get("format")
    if form not in ("text", "base64"):
        raise BadRequest("Must specify format of file contents as 'text' or 'base64'")
    if not isinstance(content, str):
        raise BadRequest("The content of a file must be a string")
    try:
        return content.encode("utf-8") if form == "text" else base64.b64decode("".join(content.split()), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError) as error:
        raise BadRequest(f"The content is not valid {form}: {error}") from error
