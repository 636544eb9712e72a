"""What is printed at start: where the server is, and how to get in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flasknb.blueprints.context import Services
from flasknb.config.options import is_loopback

HIDDEN_TOKEN = "..."  # noqa: S105 - what is shown instead of a token the user chose
LOCAL_ADDRESS = "127.0.0.1"
EVERY_INTERFACE = ("", "*", "0.0.0.0", "::")  # noqa: S104 - recognised, not bound
OPEN_AUTHENTICATION = "All authentication is disabled. Anyone who can connect to this server will be able to run code."


def page_urls(services: Services, host: str, port: int, scheme: str = "http") -> list[str]:
    """Addresses of the first page; the last one always works on this machine. A token the user chose is not shown."""
    identity = services.identity
    token = (identity.token if identity.has_generated_token else HIDDEN_TOKEN) if identity.token else ""
    names = [_shown_host(host)]
    if host in EVERY_INTERFACE or (is_loopback(host) and host != LOCAL_ADDRESS):
        names.append(LOCAL_ADDRESS)
    return [_url(services, scheme, name, port, token) for name in names]


def first_url(services: Services, host: str, port: int) -> str:
    """Address of the first page for this machine's browser, always with the token."""
    return _url(services, "http", _local_name(host), port, services.identity.token)


def server_url(services: Services, host: str, port: int) -> str:
    """Address of the whole mount for programs on this machine, with a slash at its end."""
    return f"http://{_local_name(host)}:{port}{services.settings.url_prefix}/"


def start_message(services: Services, host: str, port: int, scheme: str = "http") -> str:
    """Everything a person needs to open the page, over several lines."""
    return _block(services, [_urls_line(page_urls(services, host, port, scheme), "To access the server,")])


def command_message(services: Services, host: str, port: int, open_page: Path) -> str:
    """The same for the ``flasknb`` command, which has a page on disk that leads to the server."""
    lines = [
        f"To access the server, open this file in a browser:\n        {open_page.as_uri()}",
        _urls_line(page_urls(services, host, port), "Or"),
        "Use Control-C to stop this server and shut down all kernels (twice to skip confirmation).",
    ]
    return _block(services, lines)


def _block(services: Services, lines: list[str]) -> str:
    head = f"Serving notebooks from local directory: {services.settings.root_dir}"
    warning = [] if services.identity.is_enabled() else [OPEN_AUTHENTICATION]
    return "\n    ".join([head, *lines, *warning]) + "\n"


def _urls_line(urls: list[str], start: str) -> str:
    return f"{start} copy and paste one of these URLs:" + "".join(f"\n        {url}" for url in urls)


def _url(services: Services, scheme: str, name: str, port: int, token: str) -> str:
    settings = services.settings
    path = quote(f"{settings.url_prefix}/{_first_page(services)}", safe="/@:~?=&")
    return f"{scheme}://{name}:{port}{path}" + (f"?token={token}" if token else "")


def _first_page(services: Services) -> str:
    server, root_dir = services.settings.server, services.settings.root_dir
    if not server.file_to_run:
        return server.default_url.lstrip("/")
    file = Path(server.file_to_run)
    inside = file.relative_to(root_dir).as_posix() if file.is_relative_to(root_dir) else file.name
    return f"{'notebooks' if file.suffix == '.ipynb' else 'edit'}/{inside}"


def _local_name(host: str) -> str:
    return LOCAL_ADDRESS if host in EVERY_INTERFACE else _shown_host(host)


def _shown_host(host: str) -> str:
    if host in EVERY_INTERFACE:
        import socket

        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
