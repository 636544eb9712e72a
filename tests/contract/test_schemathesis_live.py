"""The same requests against a server with two workers, real files, kernels and terminals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.generation import GenerationMode

import flasknb
from flasknb.openapi.document import document
from flasknb.openapi.operations import Operation
from tests.contract.test_schemathesis import REQUESTS, ask_often
from tests.servers import Server, start_server

EXAMPLES = 20
STARTS_PROCESSES = {("POST", "/api/kernels"), ("POST", "/api/sessions"), ("POST", "/api/terminals")}
FEW = 5
ENDS_IT = {"/api/shutdown"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server("gunicorn", tmp_path_factory.mktemp("home"))
    (running.root_dir / "0").mkdir()
    (running.root_dir / "1").write_text("text")
    yield running
    running.stop()


@pytest.mark.slow
@pytest.mark.parametrize(("operation", "mode"), REQUESTS)
def test_the_running_server_answers_as_documented(server: Server, operation: Operation, mode: GenerationMode) -> None:
    if operation.path in ENDS_IT:
        pytest.skip("the others still need it")
    described: Any = schemathesis.openapi.from_dict(document(flasknb.__version__, "/"))
    described.config.update(base_url=server.base_url.rstrip("/"))
    times = FEW if (operation.method, operation.path) in STARTS_PROCESSES else EXAMPLES
    ask_often(described, operation, mode, times, token=server.token)
    assert "Traceback" not in server.log
