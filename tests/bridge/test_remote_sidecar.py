"""Web workers on another machine: TLS both ways and a secret, or nothing."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import trustme

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import ChangeKind, KernelRequest
from flasknb.kernel_bridge.terminals import TerminalRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.kernel_site import KernelSite, text_of
from tests.servers import environment, free_port, start_server
from tests.waiting import eventually

pytestmark = pytest.mark.slow

SECRET = "0123456789abcdef" * 3


@dataclass
class Papers:
    """Certificates of both ends, as files, and their secret."""

    folder: Path
    authority: trustme.CA

    def end(self, name: str, host: str = "127.0.0.1", **more: Any) -> dict[str, str]:
        """Options of one end, with a certificate for ``host``; ``authority`` and ``secret`` may be others."""
        signer: trustme.CA = more.get("authority", self.authority)
        made = signer.issue_cert(host, not_after=more.get("not_after"))
        files = {one: self.folder / f"{name}.{one}" for one in ("cert", "key", "ca", "secret")}
        made.cert_chain_pems[0].write_to_path(files["cert"])
        made.private_key_pem.write_to_path(files["key"])
        self.authority.cert_pem.write_to_path(files["ca"])
        files["secret"].write_text(more.get("secret", SECRET) + "\n")
        files["secret"].chmod(0o600)
        return {
            "tls_certificate": str(files["cert"]),
            "tls_key": str(files["key"]),
            "tls_authority": str(files["ca"]),
            "secret_file": str(files["secret"]),
        }


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"), trustme.CA())


@pytest.fixture(scope="module")
def port(make_bridge: MakeBridge, papers: Papers) -> int:
    """Where the module's sidecar listens."""
    chosen = free_port()
    options = {"listen": f"tcp://127.0.0.1:{chosen}", **papers.end("sidecar")}
    make_bridge("there", KernelSidecar=options).status()
    return chosen


@pytest.fixture(scope="module")
def here(make_bridge: MakeBridge, papers: Papers, port: int) -> BridgeClient:
    return make_bridge("here", KernelSidecar={"address": f"tcp://127.0.0.1:{port}", **papers.end("worker")})


def test_kernels_and_terminals_of_another_machine_do_all_that_those_of_this_one_do(
    here: BridgeClient, make_bridge: MakeBridge, join: JoinKernel, home: Path
) -> None:
    changes = here.changes()
    assert changes.open()
    kernel = here.start_kernel(KernelRequest())
    page = join(here, kernel.id)
    assert page.run("print(6 * 7)").text == "42\n"
    assert page.run("print('x' * 8_000_000)").text == "x" * 8_000_000 + "\n"
    assert page.run(f"print(len({'y' * 3_000_000!r}))").text == "3000000\n"
    assert join(make_bridge("there"), kernel.id, "other").run("print('by both ways')").text == "by both ways\n"
    assert here.status().kernels == 1
    terminal = here.terminals.create(TerminalRequest(command=["/bin/cat"]))
    here.terminals.delete(terminal.name)
    here.shutdown_kernel(kernel.id)
    kinds = [change.kind for _, change in zip(range(2), changes, strict=False)]
    changes.close()
    assert kinds == [ChangeKind.KERNEL_STARTED, ChangeKind.KERNEL_STOPPED]
    assert not (home / "here" / "sidecar.json").exists()


def test_reading_and_writing_at_once_keeps_both_whole(here: BridgeClient, join: JoinKernel) -> None:
    kernel = here.start_kernel(KernelRequest())
    page = join(here, kernel.id)
    noise = threading.Thread(target=lambda: [page.send("comm_info_request", {"pad": "q" * 50_000}) for _ in range(100)])
    noise.start()
    text = page.run("for n in range(2000): print(n, 'z' * 2000)").text
    noise.join()
    assert [line.split()[0] for line in text.splitlines()] == [str(n) for n in range(2000)]
    here.shutdown_kernel(kernel.id)


def test_the_end_of_a_web_server_leaves_the_others_sidecar_alone(here: BridgeClient) -> None:
    kernel = here.start_kernel(KernelRequest())
    here.shutdown_sidecar()
    assert here.get_kernel(kernel.id).execution_state == "idle"
    here.shutdown_kernel(kernel.id)


def refused(make_bridge: MakeBridge, port: int, options: Mapping[str, str], host: str = "127.0.0.1") -> str:
    bridge = make_bridge("stranger", KernelSidecar={"address": f"tcp://{host}:{port}", **options})
    with pytest.raises(SidecarUnavailable) as refusal:
        bridge.list_kernels()
    assert not bridge.attach()
    return refusal.value.message


def test_a_sidecar_of_another_authority_is_not_trusted(make_bridge: MakeBridge, papers: Papers, port: int) -> None:
    other = Papers(papers.folder, trustme.CA())
    assert "is not trusted" in refused(make_bridge, port, other.end("other"))


def test_a_worker_of_another_authority_is_refused(make_bridge: MakeBridge, papers: Papers, port: int) -> None:
    options = papers.end("foreign", authority=trustme.CA())
    assert "does not let this server in" in refused(make_bridge, port, options)


def test_a_worker_whose_certificate_has_ended_is_refused(make_bridge: MakeBridge, papers: Papers, port: int) -> None:
    options = papers.end("ended", not_after=datetime(2020, 1, 1, tzinfo=timezone.utc))
    assert "does not let this server in" in refused(make_bridge, port, options)


def test_a_sidecar_under_another_name_is_not_trusted(make_bridge: MakeBridge, papers: Papers, port: int) -> None:
    assert "is not trusted" in refused(make_bridge, port, papers.end("named"), host="localhost")


def test_a_wrong_secret_is_refused(make_bridge: MakeBridge, papers: Papers, port: int) -> None:
    options = papers.end("wrong", secret="f" * 64)
    assert "does not let this server in" in refused(make_bridge, port, options)


def test_nobody_there_is_said(make_bridge: MakeBridge, papers: Papers) -> None:
    assert "cannot be reached" in refused(make_bridge, free_port(), papers.end("alone"))


def test_a_client_without_tls_hears_nothing(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
        plain.sendall(b"\x00\x00\x00\x02\x01{}" * 20)
        assert plain.recv(100)[:1] in (b"", b"\x15")  # nothing, or a TLS alert


def test_a_client_without_certificate_hears_nothing(papers: Papers, port: int) -> None:
    context = ssl.create_default_context(cafile=papers.end("bare")["tls_authority"])
    heard = b""
    raw = socket.create_connection(("127.0.0.1", port), timeout=20)
    with suppress(OSError), context.wrap_socket(raw, server_hostname="127.0.0.1") as tls:
        heard = tls.recv(100)
    assert heard == b""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"address": "http://127.0.0.1:1"}, "write it like tcp://host:9443"),
        ({"tls_key": ""}, "tls_key is needed"),
        ({"tls_certificate": "/no/such/file"}, "cannot be used"),
        ({"secret_file": ""}, "secret_file must name"),
        ({"secret_file": "/no/such/file"}, "cannot be read"),
    ],
)
def test_options_that_make_no_sense_are_said(
    make_bridge: MakeBridge, papers: Papers, port: int, change: Mapping[str, str], complaint: str
) -> None:
    options = {"address": f"tcp://127.0.0.1:{port}", **papers.end("odd"), **change}
    with pytest.raises(SidecarUnavailable, match=complaint):
        make_bridge("odd", KernelSidecar=options).status()


@pytest.mark.parametrize("fault", ["short", "open"])
def test_a_secret_that_is_none_is_refused(make_bridge: MakeBridge, papers: Papers, port: int, fault: str) -> None:
    options = papers.end("weak", secret="short" if fault == "short" else SECRET)
    Path(options["secret_file"]).chmod(0o644 if fault == "open" else 0o600)
    with pytest.raises(SidecarUnavailable, match="at least 32" if fault == "short" else "open to others"):
        make_bridge("weak", KernelSidecar={"address": f"tcp://127.0.0.1:{port}", **options}).status()


def test_a_sidecar_without_papers_does_not_listen(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("bare", KernelSidecar={"listen": f"tcp://127.0.0.1:{free_port()}"})
    with pytest.raises(SidecarUnavailable, match=r"secret_file|tls_certificate"):
        bridge.status()


@pytest.fixture
def command(papers: Papers, tmp_path: Path) -> Iterator[int]:
    """``flasknb sidecar --listen`` in a home of its own; its port."""
    chosen = free_port()
    (tmp_path / "far" / "root").mkdir(parents=True)
    options = [f"--KernelSidecar.{name}={value}" for name, value in papers.end("command").items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "flasknb.cli", "sidecar", f"--listen=tcp://127.0.0.1:{chosen}", *options],
        env=environment(tmp_path / "far", tmp_path / "far" / "root", "t" * 32),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert any("serves other machines" in line for line in process.stderr), "it ended"
    yield chosen
    process.terminate()
    process.communicate(timeout=20)


def test_gunicorn_with_gevent_uses_the_sidecar_of_the_command(command: int, papers: Papers, tmp_path: Path) -> None:
    options = {"address": f"tcp://127.0.0.1:{command}", **papers.end("gunicorn")}
    lines = "\n".join(f"c.KernelSidecar.{name} = {value!r}" for name, value in options.items())
    server = start_server("gunicorn", tmp_path / "near", lines)
    try:
        site = KernelSite(server)
        kernel_id = site.kernel()
        with site.channels(kernel_id) as channels:
            found = channels.run("import os; print(os.environ['JUPYTER_RUNTIME_DIR']); print('x' * 2_000_000)")
        lines_shown = text_of(found).splitlines()
        assert lines_shown[0] == str(tmp_path / "far" / "runtime")
        assert len(lines_shown[1]) == 2_000_000
        assert site("DELETE", f"api/kernels/{kernel_id}").status == 204
        assert site("GET", "api/status").json["kernels"] == 0
        assert eventually(lambda: "Traceback" not in server.log)
    finally:
        server.stop()
