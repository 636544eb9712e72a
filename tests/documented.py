"""Holds every answer that a test sees below ``/api`` against the OpenAPI document."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from flasknb.openapi.document import document

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LEADING_ON = range(300, 400)


def require_documented(app: Flask, base_url: str, method: str, path: str, answer: Any) -> None:
    """Fail the test whose answer has a status, or a JSON body, that the document does not tell of."""
    described = _operation(app, base_url, method, path)
    if described is None or answer.status_code in LEADING_ON or is_bug(answer):
        return
    answers = described["responses"]
    assert str(answer.status_code) in answers, f"{method} {path}: {answer.status_code} is not documented: {answer.text}"
    content = answers[str(answer.status_code)].get("content", {})
    if "application/json" in content and answer.data and answer.mimetype == "application/json":
        _validator(described["operationId"], str(answer.status_code)).validate(answer.json)


def is_bug(answer: Any) -> bool:
    """Whether the server says that it has one; tests that plant one see it, and no document tells of bugs."""
    return answer.status_code == 500 and (answer.json or {}).get("message") == "Unhandled error"


def _operation(app: Flask, base_url: str, method: str, path: str) -> dict[str, Any] | None:
    if method not in METHODS or not path.lstrip("/").startswith("api"):
        return None
    adapter = app.url_map.bind("localhost")
    try:
        rule, _ = adapter.match(f"{base_url}{path.lstrip('/')}".partition("?")[0], method=method, return_rule=True)
    except (RequestRedirect, HTTPException):
        return None
    template = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", "/" + rule.rule.removeprefix(base_url).lstrip("/"))
    found: dict[str, Any] | None = _document()["paths"].get(template, {}).get(method.lower())
    return found


@cache
def _document() -> dict[str, Any]:
    return document("tests", "/")


@cache
def _validator(operation_id: str, status: str) -> Draft202012Validator:
    operations = (one for methods in _document()["paths"].values() for one in methods.values())
    operation = next(one for one in operations if one["operationId"] == operation_id)
    schema = operation["responses"][status]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": _document()["components"]})
