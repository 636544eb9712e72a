"""Every short cut for notebooks gives what the long way gives: nbformat, the standard library's JSON, the notary."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import random
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.sign import MemorySignatureStore, NotebookNotary

from flasknb.contents import folding, quick_notebooks
from flasknb.contents.fileform import indented_json
from flasknb.contents.notebooks import read_notebook
from flasknb.contents.quick_notebooks import QuickNotebook, fold_body, read_quickly, take_quickly
from flasknb.contents.wellformed import is_surely_valid
from flasknb.errors import UnreadableNotebook
from tests.unit.notebook_samples import (
    METADATA,
    NUMBERS,
    PIECES,
    RandomNotebooks,
    hostile_bytes,
    real_notebooks,
    writings,
)

SECRET = b"of these tests"
SEEDS = range(20)
NEVER = 10**9


@pytest.fixture(params=[3, 40, NEVER], ids=["every text aside", "longer texts aside", "nothing aside"])
def long_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """From what length on a text is put aside."""
    monkeypatch.setattr(folding, "LONG_BYTES", request.param)
    monkeypatch.setattr(quick_notebooks, "FOLDED_FROM_BYTES", 0)
    return int(request.param)


@pytest.fixture
def notary() -> Iterator[NotebookNotary]:
    with NotebookNotary(secret=SECRET, store_factory=MemorySignatureStore, data_dir="") as notary:
        yield notary  # type: ignore[misc]


def shown(quick: QuickNotebook) -> Any:
    """What a client gets."""
    return json.loads(b"".join(quick.json_pieces()))


def signature(quick: QuickNotebook) -> str:
    digest = hmac.new(SECRET, digestmod=hashlib.sha256)
    for piece in quick.signed_bytes():
        digest.update(piece)
    return digest.hexdigest()


def read_slowly(content: bytes) -> Any:
    """The document as nbformat reads it; ``None`` where there is something to say about it."""
    try:
        read = read_notebook(content, "x.ipynb")
    except UnreadableNotebook:
        return None
    return None if read.message else read.notebook


def same(one: Any, other: Any) -> bool:
    """Equal with the types of all numbers and the order of all keys."""
    return json.dumps(one) == json.dumps(other)


def assert_read_alike(content: bytes, notary: NotebookNotary) -> bool:
    """Whether ``content`` was read quickly; what was read is then what nbformat reads."""
    quick = read_quickly(content)
    if quick is None:
        return False
    slow = read_slowly(content)
    assert slow is not None, content
    assert same(shown(quick), slow)
    assert signature(quick) == notary.compute_signature(slow)
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_a_notebook_is_read_as_nbformat_reads_it(seed: int, notary: NotebookNotary, long_bytes: int) -> None:
    document = RandomNotebooks(seed).notebook()
    are_read = [assert_read_alike(content, notary) for content in writings(document)]
    assert all(are_read) or long_bytes < NEVER  # a list that stays a list may not be aside


@pytest.mark.usefixtures("long_bytes")
@pytest.mark.parametrize("content", hostile_bytes(), ids=lambda content: repr(content[:50]))
def test_a_hostile_file_is_read_alike_or_left_to_nbformat(content: bytes, notary: NotebookNotary) -> None:
    assert_read_alike(content, notary)


@pytest.mark.usefixtures("long_bytes")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_notebook_is_read_alike_or_left_to_nbformat(seed: int, notary: NotebookNotary) -> None:
    for content in writings(RandomNotebooks(seed).damaged()):
        assert_read_alike(content, notary)


@pytest.mark.usefixtures("long_bytes")
@pytest.mark.parametrize("file", real_notebooks(), ids=lambda file: file.name)
def test_a_real_notebook_is_read_and_written_alike(file: Path, notary: NotebookNotary) -> None:
    content = file.read_bytes()
    assert_read_alike(content, notary)
    assert_written_alike(json.loads(content), notary)


def assert_written_alike(document: Any, notary: NotebookNotary) -> None:
    for body in writings({"type": "notebook", "format": "json", "content": document}):
        folded = fold_body(body)
        quick = None if folded is None else take_quickly(folded.document["content"], folded)
        if quick is None:
            continue
        slow = nbformat.from_dict(copy.deepcopy(document))
        assert quick.take_trust_marks() == notary.check_cells(slow)
        assert signature(quick) == notary.compute_signature(slow)
        assert b"".join(quick.file_bytes()).decode() == nbformat.writes(slow) + "\n"


@pytest.mark.usefixtures("long_bytes")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_notebook_is_written_as_nbformat_writes_it(seed: int, notary: NotebookNotary) -> None:
    document = RandomNotebooks(seed).notebook()
    assert is_surely_valid(document)
    assert_written_alike(document, notary)


@pytest.mark.usefixtures("long_bytes")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_notebook_is_written_alike_or_left_to_nbformat(seed: int, notary: NotebookNotary) -> None:
    document = RandomNotebooks(seed).damaged()
    assert_written_alike(document, notary)


@pytest.mark.parametrize("seed", SEEDS)
def test_storing_a_notebook_leaves_the_document_that_came_as_it_is(seed: int) -> None:
    document = RandomNotebooks(seed).notebook()
    before = copy.deepcopy(document)
    quick = take_quickly(document)
    assert quick is not None
    quick.take_trust_marks()
    list(quick.signed_bytes())
    quick.file_bytes()
    assert document == before


@pytest.mark.parametrize("seed", range(0, 2000, 100))
def test_what_is_called_valid_at_a_glance_is_valid(seed: int) -> None:
    for number in range(seed, seed + 100):
        document = RandomNotebooks(number).damaged()
        if is_surely_valid(document):
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # nbformat repairs ids with a warning
                nbformat.validate(document)


@pytest.mark.parametrize("metadata", METADATA, ids=str)
def test_ordinary_metadata_is_seen_to_be_valid(metadata: dict[str, Any]) -> None:
    cell = {"cell_type": "markdown", "source": "", "metadata": metadata}
    assert is_surely_valid({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def test_a_number_that_was_rounded_is_left_to_the_long_way() -> None:
    cell = {"cell_type": "raw", "source": "", "metadata": {"n": float(2**70)}}
    assert not is_surely_valid({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def test_a_long_text_is_put_aside(long_bytes: int) -> None:
    text = "a line\n" * 500
    document = {"type": "notebook", "content": {"text": text, "source": text.splitlines(keepends=True), "name": text}}
    for body in writings(document):
        folded = fold_body(body)
        assert folded is not None
        assert len(folded.texts) == (2 if long_bytes < 1000 else 0), body[:100]


def body_of(document: Any) -> bytes:
    return json.dumps({"type": "notebook", "content": document}, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.usefixtures("long_bytes")
@pytest.mark.parametrize("seed", SEEDS)
def test_texts_that_are_known_from_the_save_before_change_nothing(seed: int) -> None:
    source = random.Random(seed)
    document = RandomNotebooks(seed).notebook()
    first = fold_body(body_of(document), ())
    assert first is not None
    written = take_quickly(first.document["content"], first)
    assert written is None or written.file_bytes()  # remembers how texts are written
    others = RandomNotebooks(seed + 1).notebook()["cells"]
    for change in (
        lambda cells: cells.__delitem__(slice(1)),
        source.shuffle,
        lambda cells: cells.extend(others),
        list.clear,
    ):
        change(document["cells"])
        again, anew = fold_body(body_of(document), first.known), fold_body(body_of(document))
        assert again is not None
        assert anew is not None
        assert again.texts == anew.texts
        filled = [
            b"".join(one.filled(json.dumps(one.document).encode(), lambda _, text: b"%a" % text))
            for one in (again, anew)
        ]
        assert filled[0] == filled[1]
        files = [take_quickly(one.document["content"], one) for one in (again, anew)]
        assert [None if one is None else b"".join(one.file_bytes()) for one in files[:1]] == [
            None if one is None else b"".join(one.file_bytes()) for one in files[1:]
        ]


def test_texts_of_the_save_before_are_found_again_behind_others() -> None:
    texts = [f"{number} {'x' * folding.LONG_BYTES}" for number in range(20)]
    first = fold_body(body_of([{"text": text} for text in texts]), ())
    assert first is not None
    changed = ["new " * folding.LONG_BYTES] * 9 + texts[9:]
    second = fold_body(body_of([{"text": text} for text in changed]), first.known)
    assert second is not None
    assert second.known is not None
    assert first.known is not None
    assert all(one is other for one, other in zip(second.known[9:], first.known[9:], strict=True))


def test_a_known_text_is_written_as_its_place_wants_it() -> None:
    text = "a line\n" * folding.LONG_BYTES
    known: Any = ()
    for key in ("text/html", "image/png", "text/html"):
        output = {"output_type": "display_data", "metadata": {"a/b": text}, "data": {key: text}}
        cell = {"cell_type": "code", "metadata": {}, "source": text, "execution_count": None, "outputs": [output]}
        content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        folded = fold_body(body_of(content), known)
        assert folded is not None
        quick = take_quickly(folded.document["content"], folded)
        assert quick is not None
        assert b"".join(quick.file_bytes()).decode() == nbformat.writes(nbformat.from_dict(content)) + "\n"
        known = folded.known


ODD_TEXTS = (
    "", "\\n", '\\"', "\\", "\\\\", "\\" * 40, "\r", "\r\n", "\v", "\f", "\x1c", "\x7f", "\x85", "\u2028", '",', '"]',
    "]", "\t", "\n\n", "é",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD_TEXTS)
@pytest.mark.parametrize("end", ["", "\n"])
def test_the_lines_of_a_long_text_are_written_as_nbformat_writes_them(odd: str, end: str) -> None:
    text = f"{odd}a line\n" * 3000 + f"the last{odd}{end}"
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": text},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": text, "image/png": text}},
    ]
    cell: dict[str, Any] = {
        "cell_type": "code", "id": "a", "metadata": {}, "source": text, "execution_count": None, "outputs": outputs,
    }  # fmt: skip
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    folded = fold_body(json.dumps({"content": content}, separators=(",", ":")).encode())
    assert folded is not None
    assert len(folded.texts) == (0 if text.endswith("\\" * 40) else 4)
    quick = take_quickly(folded.document["content"], folded)
    assert quick is not None
    wanted = nbformat.writes(nbformat.from_dict(content)) + "\n"
    assert b"".join(quick.file_bytes()).decode() == wanted


def test_a_guessed_placeholder_stands_for_nothing() -> None:
    document = {"type": "notebook", "content": {"text": "0" * 24 + ":0", "source": ["0" * 24 + ":0", "x"]}}
    folded = fold_body(json.dumps(document).encode())
    assert folded is not None
    assert folded.value("0" * 24 + ":0") == "0" * 24 + ":0"


@pytest.mark.parametrize("seed", range(0, 1000, 100))
def test_json_is_written_as_the_standard_library_writes_it(seed: int) -> None:
    for number in range(seed, seed + 100):
        value = random_json(random.Random(number))
        assert indented_json(value) == json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)


def random_json(source: random.Random, depth: int = 0) -> Any:
    kind = source.randrange(6 if depth < 5 else 3)
    if kind == 0:
        return source.choice((*NUMBERS, 2**80, -(2**80), float("nan"), float("inf"), True, False, None))
    if kind < 3:
        return "".join(source.choices((*PIECES, "\ud800"), k=source.randrange(8)))
    if kind < 5:
        return [random_json(source, depth + 1) for _ in range(source.randrange(4))]
    return {"".join(source.choices(PIECES, k=3)): random_json(source, depth + 1) for _ in range(source.randrange(4))}
