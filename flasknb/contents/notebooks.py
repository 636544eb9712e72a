"""Notebook documents as bytes and as nbformat nodes. Knows JSON and nbformat, not files or trust."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import orjson

from flasknb.contents.notebook_shape import wrong_part
from flasknb.contents.textlines import split_lines, strip_transient
from flasknb.errors import UnreadableNotebook, sentence

if TYPE_CHECKING:
    from nbformat import NotebookNode

NBFORMAT_MAJOR = 4
MAX_MINOR = 999
MAX_LEVELS = 300  # what any Python writes and reads again, whatever it thinks of its stack
FIRST_INEXACT_FLOAT = 2.0**63  # orjson reads whole numbers from here on as floats, rounding them
CELL_IDS_SINCE = (4, 5)
OPEN_AS_TEXT = 'To look at it or repair it, open it as text ("Edit" in the file list).'


@dataclass(frozen=True)
class NotebookRead:
    """A notebook read from a file.

    Attributes:
        notebook: the document in nbformat 4, cell sources joined to strings.
        message: what the user should be told about it (it does not validate, it was empty), else ``None``.
    """

    notebook: NotebookNode
    message: str | None = None


def new_notebook() -> NotebookNode:
    """An empty notebook of the current format."""
    from flasknb.contents.late_nbformat import nbformat

    return cast("NotebookNode", nbformat.v4.new_notebook())


def as_notebook(content: Any) -> NotebookNode:
    """A copy of ``content`` (parsed JSON) as nbformat's nodes, whose keys are attributes too.

    Raises:
        UnreadableNotebook: it is nested too deeply, or of a version that cannot be.
    """
    from flasknb.contents.late_nbformat import nbformat

    _check_version(content)
    _check_levels(content)
    return cast("NotebookNode", nbformat.from_dict(content))


def _check_levels(content: Any) -> None:
    level = [content]
    for _ in range(MAX_LEVELS):
        values = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, (dict, list))]
        level = [one for some in values for one in some if isinstance(one, (dict, list))]
        if not level:
            return
    raise UnreadableNotebook(
        f"The notebook is nested more than {MAX_LEVELS} levels deep. The file on disk has not been touched."
    )


def _check_version(content: Any) -> None:
    """nbformat looks for a module of this number, so anything but small whole numbers ends in its own errors."""
    for field, highest in (("nbformat", NBFORMAT_MAJOR), ("nbformat_minor", MAX_MINOR)):
        number = content.get(field, 0) if isinstance(content, dict) else 0
        if type(number) is not int or not 0 <= number <= highest:
            raise UnreadableNotebook(
                f"The notebook cannot be written: its {field} is {number!r:.40}. The file on disk has not been touched."
            )


def read_notebook(content: bytes, shown_path: str) -> NotebookRead:
    """Parse, upgrade and validate the bytes of a notebook file. Never changes the file.

    Args:
        shown_path: what to call the file in messages.

    Raises:
        UnreadableNotebook: not JSON, not a notebook, or of a version that is not known.
    """
    if not content.strip():
        notice = f"{shown_path} is an empty file; it opens as a new notebook"
        return NotebookRead(new_notebook(), notice)
    document = _parse(content, shown_path)
    try:
        notebook = _to_current_format(document, shown_path)
    except RecursionError:
        raise _unreadable(shown_path, "it is nested too deeply") from None
    return NotebookRead(notebook, validation_message(notebook))


def validation_message(notebook: NotebookNode) -> str | None:
    """Why ``notebook`` does not validate, in a sentence; ``None`` when it does. Gives cells the ids they lack."""
    from flasknb.contents.late_nbformat import ValidationError, nbformat

    try:
        repair_cell_ids(notebook)
        nbformat.validate(notebook)
    except ValidationError as error:
        return f"Notebook validation failed: {_first_lines(error)}"
    except (AttributeError, ImportError, KeyError, TypeError, ValueError, RecursionError) as error:
        return f"Notebook validation failed: {type(error).__name__}: {error}"
    return None


def repair_cell_ids(notebook: NotebookNode) -> None:
    """Give every cell of an nbformat 4.5 notebook an id of its own, as nbformat does while validating."""
    from flasknb.contents.late_nbformat import get_version

    if get_version(notebook) < CELL_IDS_SINCE:
        return
    seen: set[str] = set()
    for cell in notebook["cells"]:
        if "id" not in cell or cell["id"] in seen:
            cell["id"] = uuid.uuid4().hex[:8]
        seen.add(cell["id"])


def write_notebook(notebook: NotebookNode) -> bytes:
    """The bytes of the file: those nbformat writes (indent 1, sorted keys, text as lists of lines, final newline).

    Uses ``notebook`` up: its texts become lists of lines, its trust marks go. Copying it would take longer than this.

    Raises:
        UnreadableNotebook: it lacks what every notebook has, so that reading it back would fail.
    """
    from flasknb.contents.late_nbformat import get_version, nbformat

    try:
        if (major := get_version(notebook)[0]) != NBFORMAT_MAJOR:
            if major != NBFORMAT_MAJOR - 1:
                raise ValueError(f"its nbformat is {notebook.get('nbformat')!r:.40}")
            text: str = nbformat.writes(notebook)
            return text.encode("utf-8") + b"\n"
        # orjson cannot indent by one, and mending its indent costs more than the standard library's encoder
        split_lines(notebook)
        strip_transient(notebook)
        return _plain_json(notebook)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise UnreadableNotebook(
            f"The notebook cannot be written: {type(error).__name__}: {error}. The file on disk has not been touched."
        ) from error


def _parse(content: bytes, shown_path: str) -> dict[str, Any]:
    try:
        document = _load_json(content)
    except UnicodeDecodeError as error:
        raise _unreadable(shown_path, f"it is no text (byte {error.start} is not UTF-8)") from error
    except RecursionError:
        raise _unreadable(shown_path, "it is nested too deeply") from None
    except json.JSONDecodeError as error:
        reason = _merge_conflict(content) or f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise _unreadable(shown_path, f"it is not JSON ({reason})") from error
    if not isinstance(document, dict):
        raise _unreadable(shown_path, "it is JSON, but not a notebook")
    return document


def _load_json(content: bytes) -> Any:
    try:
        document = orjson.loads(content)
        if not _may_be_rounded(document):
            return document
    except orjson.JSONDecodeError:
        pass  # the standard library accepts NaN as nbformat does, and says what is wrong in what line
    return json.loads(content.decode("utf-8-sig"))


def _may_be_rounded(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_may_be_rounded(item) for item in value.values())
    if isinstance(value, list):
        return any(_may_be_rounded(item) for item in value)
    return isinstance(value, float) and abs(value) >= FIRST_INEXACT_FLOAT


def _to_current_format(document: dict[str, Any], shown_path: str) -> NotebookNode:
    from flasknb.contents.late_nbformat import ValidationError, nbformat

    major, minor = document.get("nbformat", 1), document.get("nbformat_minor", 0)
    if not isinstance(major, int) or isinstance(major, bool) or major not in nbformat.versions:
        if isinstance(major, int) and major > NBFORMAT_MAJOR:
            raise _unreadable(
                shown_path, sentence(f"it is of nbformat {major}; this version reads up to {NBFORMAT_MAJOR}")
            )
        raise _unreadable(shown_path, sentence(f"its nbformat is {major!r:.40}, which does not exist"))
    try:
        notebook = nbformat.versions[major].to_notebook_json(document, minor=minor)
        return cast("NotebookNode", nbformat.convert(notebook, NBFORMAT_MAJOR))
    except ValidationError as error:
        raise _unreadable(shown_path, _first_lines(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        why = wrong_part(document) or f"it lacks what a notebook needs ({error})"
        raise _unreadable(shown_path, sentence(why)) from error


def _unreadable(shown_path: str, why: str) -> UnreadableNotebook:
    return UnreadableNotebook(f"Unreadable Notebook: {shown_path}: {why}. {OPEN_AS_TEXT}", reason=None)


def _merge_conflict(content: bytes) -> str | None:
    match = re.search(rb"^(<<<<<<<|=======|>>>>>>>) ?", content, re.MULTILINE)
    if match is None:
        return None
    line = content.count(b"\n", 0, match.start()) + 1
    return f"line {line}: a merge conflict left its markers"


def _first_lines(error: Exception) -> str:
    return str(error).split("\n\n", 1)[0].strip()[:2000]


def _plain_json(document: dict[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
    return text.encode("utf-8") + b"\n"
