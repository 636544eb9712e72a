"""Long texts in a kernel's messages: written quickly, and to the byte as jupyter_client's own packer writes them."""

from __future__ import annotations

import math
import random
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_client.session import Session, json_packer

from flasknb.kernel_bridge.sidecar.in_kernel import launch_packing
from flasknb.kernel_bridge.sidecar.in_kernel.launch_packing import LONG_CHARS, pack_quickly, quick_packer

LONG = "x" * LONG_CHARS
EVERY = "".join(map(chr, range(0x250))) + "\u2028\u2029\ufeff\uffff中文🙂\U0010ffff"
SPARSE = (EVERY + LONG) * 2


def display(text: Any) -> dict[str, Any]:
    return {"data": {"text/plain": text, "text/html": "<b>short</b>"}, "metadata": {}, "transient": {}}


def looked_into(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were written in our way."""
    written: list[str] = []
    original = launch_packing._written
    monkeypatch.setattr(launch_packing, "_written", lambda text: written.append(text) or original(text))
    return written


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (display(LONG), 1),
        (display(SPARSE), 1),
        (display(EVERY * 400), 1),
        (display("a line of text with its end\n" * 10_000), 1),
        (display('"\\' * LONG_CHARS), 0),
        (display("\n" * LONG_CHARS), 0),
        (display(LONG[1:]), 0),
        (display(LONG * 3 + "\x00"), 1),
        ({"name": "stdout", "text": SPARSE}, 1),
        ({"data": {"a/b": LONG, "c/d": SPARSE, "e/f": LONG}}, 3),
        ({"data": {"state": {"value": SPARSE, "other": [SPARSE]}, "method": "update"}}, 1),
        ({"data": {"text/plain": LONG, "application/json": {"x": [1, 2.5, None, math.pi], 3: True}}}, 1),
        ({"data": {"text/plain": LONG}, "at": datetime(2026, 11, 23, tzinfo=timezone.utc), "raw": b"\x00\xff"}, 1),
        ({LONG: LONG}, 1),
        ([LONG], 0),
        (LONG, 0),
        ({"msg_id": LONG}, 0),
        ({}, 0),
        (None, 0),
    ],
)
def test_the_bytes_are_those_of_jupyter_client(monkeypatch: pytest.MonkeyPatch, content: Any, texts: int) -> None:
    written = looked_into(monkeypatch)
    assert quick_packer(json_packer)(content) == json_packer(content)
    assert len(written) == texts


def test_any_text_is_written_the_same() -> None:
    chance = random.Random(4)
    pack = quick_packer(json_packer)
    for _ in range(200):
        odd = "".join(chr(chance.choice((chance.randrange(0x80), chance.randrange(0xD800)))) for _ in range(300))
        content = display(LONG + odd + LONG * chance.randrange(3) + odd[::-1])
        assert pack(content) == json_packer(content)


@pytest.mark.parametrize("code", [0xD800, 0xDCFF], ids=["half a character", "an escaped byte"])
def test_half_a_character_is_left_to_the_packer(code: int) -> None:
    seen: list[Any] = []
    content = display(LONG + chr(code))
    quick_packer(lambda value: seen.append(value) or b"packed")(content)
    assert seen == [content]


def test_numbers_that_are_none_in_json_go_the_packers_own_way() -> None:
    content = {"data": {"text/plain": LONG}, "metadata": {"x": math.nan}}
    with pytest.warns(UserWarning, match="Message serialization failed"):
        expected = json_packer(content)
    with pytest.warns(UserWarning, match="Message serialization failed"):
        assert quick_packer(json_packer)(content) == expected


def test_what_is_packed_is_not_changed() -> None:
    content = display(LONG)
    data = content["data"]
    quick_packer(json_packer)(content)
    assert content == display(LONG)
    assert content["data"] is data


def test_a_text_that_looks_like_a_mark_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch_packing.os, "urandom", bytes)
    content = {"text": LONG, "mark": "flasknb." + "00" * 16}
    assert quick_packer(json_packer)(content) == json_packer(content)


@pytest.mark.parametrize(("packer", "is_quick"), [(json_packer, True), (lambda value: b"mine", False)])
def test_only_a_session_with_the_json_packer_is_prepared(packer: Any, is_quick: bool) -> None:
    class App:
        def __init__(self) -> None:
            self.session = Session(key=b"key")
            self.session.pack = packer
            self.context: Any = None

        def init_iopub(self, context: Any) -> None:
            self.context = context

    pack_quickly(App, SimpleNamespace(json_packer=json_packer))
    app = App()
    app.init_iopub("context")
    assert app.context == "context"
    assert (app.session.pack is not packer) is is_quick
