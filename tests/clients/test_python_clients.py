"""Python clients from the package index, each against a live server with two workers."""

from __future__ import annotations

import pytest
from jupyter_kernel_client import JupyterKernelClient
from jupyter_server_client import JupyterServerClient
from jupyter_server_client.exceptions import JupyterServerError

from tests.servers import Server


def test_jupyter_kernel_client_executes_and_reads_variables(server: Server) -> None:
    with JupyterKernelClient(server_url=server.base_url.rstrip("/"), token=server.token) as kernel:
        done = kernel.execute("x = 6 * 7\nprint('x is', x)\nx")
        assert done["status"] == "ok"
        texts = [output.get("text") or output["data"]["text/plain"] for output in done["outputs"]]
        assert texts == ["x is 42\n", "42"]
        assert {variable["name"] for variable in kernel.list_variables()} >= {"x"}
        assert kernel.execute("1/0")["status"] == "error"
        kernel.restart()
        assert kernel.execute("x")["status"] == "error"
        assert kernel.is_alive()


def test_jupyter_server_client_reaches_every_area(server: Server) -> None:
    with JupyterServerClient(base_url=server.base_url.rstrip("/"), token=server.token) as client:
        assert client.get_version().version
        assert client.get_status().kernels == 0
        assert client.get_identity() is not None  # its model looks for the fields one level too high
        assert "openapi" in client.get_api_spec() or "swagger" in client.get_api_spec()
        assert client.kernelspecs.get_default_kernelspec_name() == "python3"
        assert client.terminals.list_terminals() == []
        session = client.sessions.create_session("a.ipynb", {"name": "python3"})
        assert client.kernels.get_kernel(session.kernel.id).name == "python3"
        client.sessions.delete_session(session.id)


def test_jupyter_server_client_works_with_documents(server: Server) -> None:
    with JupyterServerClient(base_url=server.base_url.rstrip("/"), token=server.token) as client:
        contents = client.contents
        contents.create_directory("docs")
        contents.create_notebook("docs/a.ipynb")
        contents.save_file("docs/a.txt", "text")
        contents.rename("docs/a.txt", "docs/b.txt")
        assert sorted(entry.name for entry in contents.list_directory("docs")) == ["a.ipynb", "b.txt"]
        checkpoint = contents.create_checkpoint("docs/b.txt")
        contents.restore_checkpoint("docs/b.txt", checkpoint["id"])
        contents.delete("docs/b.txt")
        with pytest.raises(JupyterServerError):
            contents.get("docs/b.txt")
