"""Requests of every shape that the OpenAPI document allows, and of shapes that it does not: no bug, no surprise."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CheckContext
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import flasknb
from flasknb.openapi.document import document
from flasknb.openapi.operations import OPERATIONS, Operation
from tests.conftest import TOKEN, MakeSite

EXAMPLES, MANY_EXAMPLES = 5, 100
WEBSOCKETS = {"/api/events/subscribe", "/api/kernels/{kernel_id}/channels"}
SLOW = {"/api/nbconvert", "/api/contents/{api_path}/merge"}  # asks another process
ASKABLE = [operation for operation in OPERATIONS if operation.path not in WEBSOCKETS | SLOW]
REQUESTS = [
    pytest.param(operation, mode, id=f"{operation.method} {operation.path} {mode.value}")
    for operation in ASKABLE
    for mode in GenerationMode
    # without a parameter nothing can be wrong with it
    if mode is GenerationMode.POSITIVE or operation.body or operation.query or "{" in operation.path
]


def no_bug(context: CheckContext, response: Response, case: schemathesis.Case) -> None:
    """A 5xx that the document tells of is an answer; this one is a bug."""
    if response.status_code == 500:
        assert response.json()["message"] != "Unhandled error"


CHECKS: Any = [no_bug, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def described(make_site: MakeSite) -> Any:
    """The document, asked of a site that has a few entries whose names are met by chance."""
    site = make_site(**{"FileContentsManager.delete_to_trash": False})
    (site.root_dir / "0").mkdir()
    (site.root_dir / "1").write_text("text")
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (site.root_dir / "0" / "0.ipynb").write_text(json.dumps(notebook))
    schema = schemathesis.openapi.from_dict(document(flasknb.__version__, "/"))
    schema.app = site.app
    return schema


@pytest.mark.parametrize(("operation", "mode"), REQUESTS)
def test_the_api_answers_as_documented(described: Any, operation: Operation, mode: GenerationMode) -> None:
    ask_often(described, operation, mode, EXAMPLES)


@pytest.mark.slow
@pytest.mark.parametrize(("operation", "mode"), REQUESTS)
def test_the_api_answers_many_requests_as_documented(
    described: Any, operation: Operation, mode: GenerationMode
) -> None:
    ask_often(described, operation, mode, MANY_EXAMPLES)


def ask_often(described: Any, operation: Operation, mode: GenerationMode, times: int, token: str = TOKEN) -> None:
    """Ask for the operation in ``times`` ways, the same ones in every run."""
    cases = described[operation.path][operation.method].as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(max_examples=times, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"Authorization": f"token {token}"}, checks=CHECKS)

    ask()
