"""Notebooks on their way from and to the disk: marked by what was signed, signed by how they are marked."""

from __future__ import annotations

from flasknb.contents.atomic import Content
from flasknb.contents.awaiting import call
from flasknb.contents.bodies import file_bytes
from flasknb.contents.manager import ContentsManager
from flasknb.contents.models import ContentsModel
from flasknb.contents.notebooks import as_notebook, read_notebook, validation_message, write_notebook
from flasknb.contents.quick_notebooks import QuickNotebook, read_quickly, take_quickly
from flasknb.contents.served_notebooks import LastServed, ServedNotebook, served
from flasknb.contents.shipped import signs_as_shipped
from flasknb.errors import BadRequest


def fill_notebook(manager: ContentsManager, model: ContentsModel, bytes_on_disk: bytes, form: str | None) -> None:
    """Put the notebook into the model, its cells marked by their trust. Raises BadRequest."""
    read = read_notebook(bytes_on_disk, model["path"])
    call(manager.mark_trusted_cells, read.notebook, model["path"])
    model.update({"content": read.notebook, "format": "json"})
    if read.message:
        model["message"] = read.message


def fill_quickly(
    manager: ContentsManager, last: LastServed, model: ContentsModel, bytes_on_disk: bytes, form: str | None
) -> None:
    """As ``fill_notebook``, with a ``ServedNotebook`` where that can be, which ``last`` remembers."""
    notebook = _served_again(manager, last, model["path"], bytes_on_disk)
    notebook = notebook or _served_first(manager, last, model["path"], bytes_on_disk)
    if notebook is None:
        fill_notebook(manager, model, bytes_on_disk, form)
    else:
        model.update({"content": notebook, "format": "json"})


def _served_again(manager: ContentsManager, last: LastServed, path: str, bytes_on_disk: bytes) -> ServedNotebook | None:
    """What was made of these bytes before, if it is marked by what is signed now."""
    notebook = last.find(path, bytes_on_disk)
    if notebook is None or notebook.signature is None:
        return None
    return notebook if manager.notary.is_signed(notebook.signature) is notebook.is_trusted else None


def _served_first(manager: ContentsManager, last: LastServed, path: str, bytes_on_disk: bytes) -> ServedNotebook | None:
    quick = read_quickly(bytes_on_disk)
    if quick is None:
        return None
    signature, is_trusted = manager.notary.signature(quick.signed_bytes())
    quick.mark_trusted(is_trusted)
    notebook = served(quick.json_pieces(), signature, is_trusted=is_trusted)
    last.keep(path, bytes_on_disk, notebook)
    return notebook


def stored_bytes(manager: ContentsManager, model: ContentsModel, path: str) -> tuple[Content, str | None]:
    """What goes to the disk, and what the user should be told about it. Signs a trusted notebook."""
    if model["type"] == "file":
        return file_bytes(model), None
    content = model["content"]
    quick = content if isinstance(content, QuickNotebook) or not signs_as_shipped(manager) else take_quickly(content)
    if isinstance(quick, QuickNotebook):
        _sign_quickly(manager, quick, path)
        return quick.file_bytes(), None
    if not isinstance(model["content"], dict):
        raise BadRequest("The content of a notebook must be a JSON object")
    notebook = as_notebook(model["content"])
    message = validation_message(notebook)
    call(manager.check_and_sign, notebook, path)  # before the trust marks that it reads are taken off for the file
    return write_notebook(notebook), message


def _sign_quickly(manager: ContentsManager, notebook: QuickNotebook, path: str) -> None:
    """As ``check_and_sign``."""
    if notebook.take_trust_marks():
        manager.notary.keep_signature(notebook.signed_bytes())
    else:
        manager.log.info("notebook is not trusted path=%s", path)
