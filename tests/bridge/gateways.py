"""Real servers that act as a remote gateway."""

from __future__ import annotations

import json
import os
import secrets
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.servers import free_port

START_TIMEOUT_S = 60.0
KINDS = {
    "jupyter_server": ["-m", "jupyter_server", "--no-browser", "--allow-root", "--ServerApp.disable_check_xsrf=True"],
    "kernel_gateway": ["-m", "kernel_gateway", "--JupyterWebsocketPersonality.list_kernels=True"],
}
TOKEN_OPTIONS = {"jupyter_server": "IdentityProvider.token", "kernel_gateway": "KernelGatewayApp.auth_token"}


class Papers:
    """A self-signed certificate of a gateway at 127.0.0.1, and the self-signed one of the client that it lets in."""

    def __init__(self, folder: Path) -> None:
        for name in ("gateway", "client"):
            words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}"]
            names = ["-addext", "subjectAltName=IP:127.0.0.1"]
            files = ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
            subprocess.run([*words, *names, *files], check=True, capture_output=True, timeout=60)
        self._folder = folder

    def server_options(self, app: str) -> list[str]:
        files = {"certfile": "gateway.pem", "keyfile": "gateway.key", "client_ca": "client.pem"}
        return [f"--{app}.{option}={self._folder / name}" for option, name in files.items()]

    def client_options(self) -> dict[str, str]:
        """Of ``GatewayClient``."""
        files = {"ca_certs": "gateway.pem", "client_cert": "client.pem", "client_key": "client.key"}
        return {option: str(self._folder / name) for option, name in files.items()}

    def client_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self._folder / "gateway.pem"))
        context.load_cert_chain(self._folder / "client.pem", self._folder / "client.key")
        return context


class RemoteGateway:
    """One running gateway, with a token; may be killed and started again at the same address."""

    def __init__(self, kind: str, home: Path, papers: Papers | None = None) -> None:
        self.kind, self._home, self._papers = kind, home, papers
        self.port, self.token = free_port(), secrets.token_hex(8)
        self.url = f"{'https' if papers else 'http'}://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        folders = {f"JUPYTER_{name}_DIR": str(self._home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        root = self._home / "root"
        root.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER_", "KERNEL_"))}
        options = [f"--port={self.port}", "--port_retries=0", f"--{TOKEN_OPTIONS[self.kind]}={self.token}"]
        if self._papers is not None:
            options += self._papers.server_options(TOKEN_OPTIONS[self.kind].partition(".")[0])
        with (self._home / "gateway.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *KINDS[self.kind], *options], cwd=root, env=kept | folders, stdout=log, stderr=log
            )
        self._wait_until_up()

    def kernels(self) -> list[str]:
        """Ids of the kernels that run there."""
        return [kernel["id"] for kernel in json.loads(self.ask("GET", "/api/kernels"))]

    def ask(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", f"token {self.token}")
        context = None if self._papers is None else self._papers.client_context()
        with urllib.request.urlopen(request, timeout=20, context=context) as answer:
            return bytes(answer.read())

    def kill(self) -> None:
        """End the server at once, with its kernels."""
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def log(self) -> str:
        return (self._home / "gateway.log").read_text(errors="replace")

    def _wait_until_up(self) -> None:
        end_s = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < end_s and self.process.poll() is None:
            with suppress(OSError, urllib.error.URLError):
                self.ask("GET", "/api/kernelspecs")
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.kind} did not come up:\n{self.log[-3000:]}")
