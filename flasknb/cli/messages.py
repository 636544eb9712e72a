"""What is said at start: where the server is, and how to get in. Text only."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit

from flasknb import __version__
from flasknb.blueprints.context import Services
from flasknb.blueprints.rendering import first_page
from flasknb.cli.sockets.endpoint import Endpoint

HIDDEN_TOKEN = "..."  # noqa: S105 - what is shown instead of a token the user chose
STOP_HINT = "Use Control-C to stop this server and shut down all kernels (twice to skip confirmation)."
OPEN_AUTHENTICATION = "All authentication is disabled. Anyone who can connect to this server will be able to run code."
EVERYWHERE = "The server is listening on all IP addresses"
EVERYWHERE_HINT = (
    "The first address is for other machines, where they know this one by that name; the last one for this."
)


class Addresses:
    """The addresses of one mount at one endpoint."""

    def __init__(self, services: Services, endpoint: Endpoint) -> None:
        self._services = services
        self._endpoint = endpoint
        self._settings = services.settings

    def pages(self) -> list[str]:
        """Of the first page, as people are told. A token the user chose is not shown.

        The last one works on this machine; the first one is ``custom_display_url`` where that is set.
        """
        identity = self._services.identity
        token = (identity.token if identity.has_generated_token else HIDDEN_TOKEN) if identity.token else ""
        known = [self._page(origin, token) for origin in self._endpoint.origins()]
        display = self._settings.server.custom_display_url
        return [self._displayed(display, token), known[-1]] if display else known

    def to_open(self, token: str | None = None) -> str:
        """Of the first page, for a browser of this machine; ``token`` instead of the real one."""
        shown = self._services.identity.token if token is None else token
        display = self._settings.server.custom_display_url
        return self._displayed(display, shown) if display else self._page(self._endpoint.local_origin(), shown)

    def launch(self, ticket: str) -> str:
        """Of the first page, by a ticket that logs in once."""
        display = self._settings.server.custom_display_url
        base = display.rstrip("/") if display else f"{self._endpoint.local_origin()}{self._settings.url_prefix}"
        return f"{base}/login?launch_token={quote(ticket, safe='')}&next={quote(self._path(), safe='')}"

    def server(self) -> str:
        """Of the whole mount, for programs on this machine, with a slash at its end."""
        return f"{self._endpoint.local_origin()}{self._settings.url_prefix}/"

    def _page(self, origin: str, token: str) -> str:
        return f"{origin}{self._path()}" + (f"?token={token}" if token else "")

    def _displayed(self, display: str, token: str) -> str:
        """``custom_display_url`` with the first page, unless it names a page itself."""
        base = display.rstrip("/")
        is_whole = urlsplit(display).path.strip("/") not in ("", self._settings.url_prefix.strip("/"))
        page = "" if is_whole and not display.endswith("/") else f"/{quote(self._first_page(), safe=KEPT)}"
        return f"{base}{page}" + (f"?token={token}" if token else "")

    def _path(self) -> str:
        return quote(f"{self._settings.url_prefix}/{self._first_page()}", safe=KEPT)

    def _first_page(self) -> str:
        server, root_dir = self._settings.server, self._settings.root_dir
        if not server.file_to_run:
            return first_page(self._services)
        file = Path(server.file_to_run)
        inside = file.relative_to(root_dir).as_posix() if file.is_relative_to(root_dir) else file.name
        return f"{server.file_url_prefix.strip('/') if file.suffix == '.ipynb' else 'edit'}/{inside}"


KEPT = "/@:~?=&"


def serving_line(services: Services) -> str:
    """Which folder is served."""
    return f"Serving notebooks from local directory: {services.settings.root_dir}"


def running_lines(addresses: Addresses) -> list[str]:
    """Which version runs where."""
    first, *others = addresses.pages()
    return [f"Jupyter Server (flasknb {__version__}) is running at:", first, *(f"    {other}" for other in others)]


def entrance(services: Services, endpoint: Endpoint, open_page: Path | None) -> str:
    """The block for whoever starts the server: how to get in, over several lines."""
    lines = ["", "    To access the server, copy and paste one of these URLs:"]
    if open_page is not None:
        lines = [
            "",
            "    To access the server, open this file in a browser:",
            f"        {open_page.as_uri()}",
            "    Or copy and paste one of these URLs:",
        ]
    lines += [f"        {url}" for url in Addresses(services, endpoint).pages()]
    return "\n".join([*lines, *([f"    {EVERYWHERE_HINT}"] if endpoint.is_everywhere else [])])


def warnings(services: Services, endpoint: Endpoint) -> list[str]:
    """What an operator must hear about an open server."""
    is_open = not services.identity.is_enabled()
    found = []
    if endpoint.is_everywhere and not endpoint.is_secure:
        found.append(f"{EVERYWHERE} and not using encryption. This is not recommended.")
    if not endpoint.is_local and is_open:
        found.append(f"{EVERYWHERE if endpoint.is_everywhere else f'The server is listening on {endpoint.host}'}"
                     " and not using authentication. This is highly insecure and not recommended.")  # fmt: skip
    return [*found, OPEN_AUTHENTICATION] if is_open else found


def start_message(services: Services, endpoint: Endpoint) -> str:
    """Everything a person needs to open the page, where the server has a log of its own kind."""
    addresses = Addresses(services, endpoint)
    urls = "\n".join(f"        {url}" for url in addresses.pages())
    head = f"{serving_line(services)}\n    To access the server, copy and paste one of these URLs:\n{urls}"
    return "\n    ".join([head, *warnings(services, endpoint)]) + "\n"
