"""What programs send is what is stored, to the last digit; and addresses name one file or none."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.contents_site import Site, notebook, open_site

LONG = 2**70


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(tmp_path)


def with_number(number: Any, size_bytes: int = 0) -> dict[str, Any]:
    content = notebook("x" * size_bytes)
    content["metadata"]["number"] = number
    output = {"output_type": "display_data", "metadata": {}, "data": {"application/json": {"number": number}}}
    content["cells"][0]["outputs"] = [output]
    return content


@pytest.mark.parametrize("number", [LONG, -LONG, 2**64, 2**63, math.inf, 0.1, 1e300])
@pytest.mark.parametrize("size_bytes", [0, 600_000])
def test_a_number_is_stored_with_all_its_digits(site: Site, number: float, size_bytes: int) -> None:
    model = {"type": "notebook", "format": "json", "content": with_number(number, size_bytes)}
    assert site.contents("PUT", "n.ipynb", json.dumps(model)).status_code == 201
    stored = json.loads((site.root / "n.ipynb").read_text())
    assert stored["metadata"]["number"] == number
    assert stored["cells"][0]["outputs"][0]["data"]["application/json"]["number"] == number
    assert type(stored["metadata"]["number"]) is type(number)


def test_no_number_is_stored_too(site: Site) -> None:
    model = {"type": "notebook", "format": "json", "content": with_number(math.nan)}
    assert site.contents("PUT", "n.ipynb", json.dumps(model)).status_code == 201
    assert math.isnan(json.loads((site.root / "n.ipynb").read_text())["metadata"]["number"])


@pytest.mark.parametrize(
    "body",
    [
        '{"type":"file","format":"text","content":"\\ud800"}',
        '{"type":"file","format":"text","content":"x","upload":"\\udfff","chunk":1}',
        '\ufeff{"type":"file","format":"text","content":"x"}',
        '{"type":"file","format":"text","content":"x","n":' + "[" * 200_000 + "]" * 200_000 + "}",
        '{"type":"file","format":"text","content":"x","n":' + "9" * 5000 + "}",
        '{"type":"file","format":"text","content":"x","n":NAN}',
        '{"type":"file","format":"text","content":"x"}}',
    ],
)
def test_what_nothing_can_store_is_refused(site: Site, body: str) -> None:
    answer = site.contents("PUT", "a.txt", body)
    assert answer.status_code == 400
    assert answer.json["message"] == "Invalid JSON in body of request"
    assert not (site.root / "a.txt").exists()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_address_that_is_no_text_names_nothing(site: Site, method: str) -> None:
    (site.root / "\ufffd").write_text("mine")
    wrong = {"PATH_INFO": "/api/contents/\xff"}  # bytes as Latin-1 (PEP 3333)
    body = '{"type":"file","format":"text","content":"x"}'
    answer = site.contents(method, "x", body, environ_overrides=wrong)
    assert (answer.status_code, answer.json["message"]) == (400, "The address is not UTF-8")
    assert (site.root / "\ufffd").read_text() == "mine"
    assert site.model("%EF%BF%BD")["content"] == "mine"
