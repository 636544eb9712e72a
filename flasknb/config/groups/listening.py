"""Where the server listens, with which certificate, and how long it lives."""

from __future__ import annotations

import re
from typing import Any

from traitlets import Bool, Dict, HasTraits, Int, List, TraitError, Unicode, default, validate

from flasknb.config.addresses import is_loopback

DEFAULT_PORT = 8888
DEFAULT_OPEN_FILES = 4096
HIGHEST_PORT = 65_535
SOCKET_MODE = re.compile(r"0?[0-7]{3}|0o[0-7]{3}")


class Listening(HasTraits):
    """Options of the sockets."""

    ip = Unicode("localhost", help="Address to listen on; empty or * for every interface.").tag(config=True)
    port = Int(DEFAULT_PORT, help="TCP port to listen on; 0 lets the system choose.").tag(config=True)
    port_retries = Int(50, help="How many further ports are tried when the port is taken.").tag(config=True)
    sock = Unicode("", help="Path of a unix socket to listen on instead of a TCP port.").tag(config=True)
    sock_mode = Unicode("0600", help="Permissions of that socket, octal.").tag(config=True)
    certfile = Unicode("", help="TLS certificate, with its chain, in PEM; set, the server speaks https.").tag(
        config=True
    )
    keyfile = Unicode("", help="Private key of the certificate. Default: it is in certfile.").tag(config=True)
    client_ca = Unicode(
        "", help="Certificates of the authorities that sign browsers' certificates; set, a browser needs one."
    ).tag(config=True)
    ssl_options = Dict(
        allow_none=True,
        help="Further settings of TLS: certfile, keyfile, ca_certs, cert_reqs, ssl_version, ciphers, password.",
    ).tag(config=True)
    base_url = Unicode("/", help="Path below which everything is served; slashes at both ends are added.").tag(
        config=True
    )
    trust_xheaders = Bool(
        False, help="Believe X-Forwarded-For, X-Forwarded-Proto, X-Real-Ip and X-Scheme: a proxy of yours sets them."
    ).tag(config=True)
    allow_remote_access = Bool(
        help="Answer whatever the Host header says. Default: only when ip is not a loopback address."
    ).tag(config=True)
    local_hostnames = List(Unicode(), ["localhost"], help="Host names accepted beside loopback addresses.").tag(
        config=True
    )
    min_open_files_limit = Int(
        help="Number of files that may be open at once, at least; the system's own limit stays. Default: 4096."
    ).tag(config=True)
    shutdown_no_activity_timeout = Int(
        0, help="Stop after so long without kernels, terminals and requests; seconds, 0 for never."
    ).tag(config=True)

    @validate("base_url")
    def _with_slashes(self, proposal: dict[str, Any]) -> str:
        inner = str(proposal["value"]).strip("/")
        return f"/{inner}/" if inner else "/"

    @validate("port", "port_retries")
    def _is_port(self, proposal: dict[str, Any]) -> int:
        value = int(proposal["value"])
        if not 0 <= value <= HIGHEST_PORT:
            raise TraitError(f"{proposal['trait'].name} must be between 0 and {HIGHEST_PORT}, not {value}")
        return value

    @validate("sock_mode")
    def _is_mode(self, proposal: dict[str, Any]) -> str:
        value = str(proposal["value"])
        if not SOCKET_MODE.fullmatch(value):
            raise TraitError(f"sock_mode must be three octal digits such as 0600, not {value!r}")
        return value

    @default("allow_remote_access")
    def _default_allow_remote_access(self) -> bool:
        return not is_loopback(self.ip)

    @default("min_open_files_limit")
    def _default_min_open_files_limit(self) -> int:
        return DEFAULT_OPEN_FILES
