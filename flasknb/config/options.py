"""The server's own options, under the names users' files already have. Declares; does not look anything up."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from traitlets import Bool, Bytes, Int, List, TraitError, Type, Unicode, default, validate
from traitlets.config import Configurable

DEFAULT_PORT = 8888
MAX_BODY_BYTES = 512 * 1024 * 1024


class ServerApp(Configurable):
    """Where the server listens, what it serves, and who may talk to it."""

    ip = Unicode("localhost", help="Address to listen on; empty or * for every interface.").tag(config=True)
    port = Int(DEFAULT_PORT, help="TCP port to listen on; 0 lets the system choose.").tag(config=True)
    port_retries = Int(50, help="How many further ports are tried when the port is taken.").tag(config=True)
    root_dir = Unicode("", help="Folder that is served. Default: the working directory.").tag(config=True)
    base_url = Unicode("/", help="Path below which everything is served; slashes at both ends are added.").tag(
        config=True
    )
    default_url = Unicode("/tree", help="Page that opens first, below base_url.").tag(config=True)
    file_to_run = Unicode("", help="Notebook or file to open at start.").tag(config=True)
    open_browser = Bool(True, help="Open the page in a browser at start (the flasknb command only).").tag(config=True)
    browser = Unicode("", help="Browser to open: a name Python's webbrowser knows.").tag(config=True)
    allow_root = Bool(False, help="Let the flasknb command run as root.").tag(config=True)
    allow_origin = Unicode("", help="Origin that may use the API from another site; * for all.").tag(config=True)
    allow_origin_pat = Unicode("", help="Regular expression for such origins; must match the whole origin.").tag(
        config=True
    )
    allow_credentials = Bool(False, help="Let those origins send cookies; not together with *.").tag(config=True)
    allow_remote_access = Bool(
        help="Answer whatever the Host header says. Default: only when ip is not a loopback address."
    ).tag(config=True)
    local_hostnames = List(Unicode(), ["localhost"], help="Host names accepted beside loopback addresses.").tag(
        config=True
    )
    max_body_size = Int(MAX_BODY_BYTES, help="Largest request body, bytes.").tag(config=True)
    disable_check_xsrf = Bool(False, help="Accept writes without the _xsrf value. Unsafe.").tag(config=True)
    quit_button = Bool(True, help="Show the Quit button on the dashboard.").tag(config=True)
    cookie_secret = Bytes(b"", help="Secret that signs cookies; empty: read from cookie_secret_file.").tag(config=True)
    cookie_secret_file = Unicode(
        "", help="File of that secret, one per line, newest last. Default: jupyter_cookie_secret in the runtime folder."
    ).tag(config=True)
    extra_static_paths = List(Unicode(), help="Folders searched for /static files before our own.").tag(config=True)
    contents_manager_class = Type(
        "flasknb.contents.largefiles.LargeFileManager",
        klass="flasknb.contents.manager.ContentsManager",
        help="Contents manager.",
    ).tag(config=True)
    identity_provider_class = Type(
        "flasknb.auth.identity.PasswordIdentityProvider",
        klass="flasknb.auth.identity.IdentityProvider",
        help="Identity provider.",
    ).tag(config=True)
    authorizer_class = Type(
        "flasknb.auth.authorizer.AllowAllAuthorizer", klass="flasknb.auth.authorizer.Authorizer", help="Authorizer."
    ).tag(config=True)

    @validate("base_url")
    def _with_slashes(self, proposal: dict[str, Any]) -> str:
        inner = str(proposal["value"]).strip("/")
        return f"/{inner}/" if inner else "/"

    @validate("allow_origin_pat")
    def _compiles(self, proposal: dict[str, Any]) -> str:
        try:
            re.compile(proposal["value"])
        except re.error as error:
            raise TraitError(f"allow_origin_pat is no regular expression: {error}") from error
        return str(proposal["value"])

    @default("allow_remote_access")
    def _default_allow_remote_access(self) -> bool:
        return not is_loopback(self.ip)


class NotebookApp(Configurable):
    """Options of the classic pages that have no place in ServerApp; all others of this name move there."""

    extra_nbextensions_path = List(Unicode(), help="Folders searched for nbextensions first.").tag(config=True)


def is_loopback(ip: str) -> bool:
    """Whether listening on ``ip`` keeps the server on this machine."""
    if ip == "localhost":
        return True
    try:
        return ipaddress.ip_address(ip).is_loopback
    except ValueError:
        return False
