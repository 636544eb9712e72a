"""Options of a remote kernel gateway, with their documented names, and which variables its kernels are given.

Importing this costs traitlets; the connection itself is in ``sidecar/gateway``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from traitlets import Bool, Float, Integer, TraitError, Unicode, validate
from traitlets.config import Configurable

LAUNCH_TIMEOUT_VARIABLE = "KERNEL_LAUNCH_TIMEOUT"
LAUNCH_TIMEOUT_S = 40
KERNEL_PREFIX = "KERNEL_"
SCHEMES = {"url": ("http", "https"), "ws_url": ("ws", "wss")}


class GatewayClient(Configurable):
    """A Kernel Gateway, Enterprise Gateway or Jupyter server that all kernels run on."""

    url = Unicode(
        None, allow_none=True, help="Address of the gateway, such as http://host:8888; set, all kernels run there."
    ).tag(config=True)
    ws_url = Unicode(None, allow_none=True, help="Address of its websockets. Default: url with ws for http.").tag(
        config=True
    )
    kernels_endpoint = Unicode("/api/kernels", help="Path of its kernels.").tag(config=True)
    kernelspecs_endpoint = Unicode("/api/kernelspecs", help="Path of its kernel specifications.").tag(config=True)
    kernelspecs_resource_endpoint = Unicode("/kernelspecs", help="Path of their logos and scripts.").tag(config=True)
    connect_timeout = Float(40.0, min=0.1, help="Time for a connection to the gateway; seconds.").tag(config=True)
    request_timeout = Float(
        42.0, min=0.1, help="Time for an answer of the gateway; at least launch_timeout_pad above the launch; seconds."
    ).tag(config=True)
    launch_timeout_pad = Float(2.0, min=0.0, help="What is added to KERNEL_LAUNCH_TIMEOUT; seconds.").tag(config=True)
    auth_token = Unicode(None, allow_none=True, help="Token that is shown to the gateway.").tag(config=True)
    auth_scheme = Unicode("token", allow_none=True, help="Word before the token; empty for none.").tag(config=True)
    auth_header_key = Unicode("Authorization", help="Header that the token is in.").tag(config=True)
    gateway_token_renewer_class = Unicode(
        "",
        help="Import string of a class whose get_token(auth_header_key, auth_scheme, auth_token) is asked.",
    ).tag(config=True)
    headers = Unicode("{}", help="Further headers for the gateway; a JSON object.").tag(config=True)
    http_user = Unicode(None, allow_none=True, help="User for HTTP's basic authentication.").tag(config=True)
    http_pwd = Unicode(None, allow_none=True, help="Password for HTTP's basic authentication.").tag(config=True)
    client_cert = Unicode(None, allow_none=True, help="File of the certificate that is shown to the gateway; PEM.").tag(
        config=True
    )
    client_key = Unicode(None, allow_none=True, help="File of that certificate's key.").tag(config=True)
    ca_certs = Unicode(
        None,
        allow_none=True,
        help="File of the authorities that sign the gateway's certificate. Default: the system's.",
    ).tag(config=True)
    validate_cert = Bool(True, help="Check the gateway's certificate.").tag(config=True)
    accept_cookies = Bool(False, help="Keep the gateway's cookies: balancers lead by them to the same server.").tag(
        config=True
    )
    allowed_envs = Unicode(
        "", help="Names, with commas between, of variables that kernels there are given besides KERNEL_*."
    ).tag(config=True)
    gateway_retry_interval = Float(1.0, min=0.01, help="Time before the first attempt to reconnect; seconds.").tag(
        config=True
    )
    gateway_retry_interval_max = Float(30.0, min=0.01, help="The longest time between two attempts; seconds.").tag(
        config=True
    )
    gateway_retry_max = Integer(
        5, min=0, help="Attempts in a row; then none until somebody uses the kernel again."
    ).tag(config=True)
    ws_ping_interval = Float(30.0, min=0.0, help="Time between two pings to the gateway; seconds, 0 for none.").tag(
        config=True
    )

    @validate("url", "ws_url")
    def _is_address(self, proposal: Any) -> str | None:
        name, value = proposal["trait"].name, proposal["value"]
        if not value:
            return None
        try:
            parts = urlsplit(value)
            is_usable = parts.scheme in SCHEMES[name] and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_usable = False
        if not is_usable or "@" in parts.netloc or parts.query or parts.fragment:
            raise TraitError(
                f"{name} must be like {SCHEMES[name][0]}://host:8888, without password (http_user, http_pwd) and query"
            )
        return str(value).rstrip("/")

    @validate("headers")
    def _are_headers(self, proposal: Any) -> str:
        try:
            found = json.loads(proposal["value"] or "{}")
        except ValueError:
            found = None
        texts = [text for pair in found.items() for text in pair] if isinstance(found, dict) else [None]
        if any(not isinstance(text, str) or "\r" in text or "\n" in text for text in texts):
            raise TraitError('headers must be a JSON object of texts, such as {"X-Team": "a"}')
        return str(proposal["value"] or "{}")

    @property
    def more_headers(self) -> dict[str, str]:
        """The option ``headers``, read."""
        return dict(json.loads(self.headers))

    @property
    def websocket_url(self) -> str:
        """``ws_url``, or what follows from ``url``."""
        return self.ws_url or f"ws{str(self.url)[len('http') :]}"

    @property
    def allowed_names(self) -> list[str]:
        """The option ``allowed_envs``, read."""
        return [name.strip() for name in self.allowed_envs.split(",") if name.strip()]

    def launch_timeout_s(self, environ: Mapping[str, str]) -> int:
        """How long the gateway may take to launch a kernel; the variable may only lengthen the request's time."""
        given = environ.get(LAUNCH_TIMEOUT_VARIABLE, "")
        wanted = int(given) if given.isdigit() else LAUNCH_TIMEOUT_S
        return max(wanted, int(self.request_timeout - self.launch_timeout_pad))

    def kernel_variables(self, *sources: Mapping[str, str]) -> dict[str, str]:
        """What a kernel over there is given of ``sources``, the later ones first."""
        names = frozenset(self.allowed_names)
        return {
            name: value
            for source in sources
            for name, value in source.items()
            if name.startswith(KERNEL_PREFIX) or name in names
        }


class GatewayWebSocketConnection(Configurable):
    """The websocket between the sidecar and the gateway."""

    kernel_ws_protocol = Unicode(
        None,
        allow_none=True,
        help="Subprotocol that is offered to the gateway: unset the binary one, '' none, which means legacy JSON.",
    ).tag(config=True)


class GatewayTokenRenewerBase(Configurable):
    """What makes a token new before it is shown; derive from it, or from any class with the same method."""

    def get_token(self, auth_header_key: str, auth_scheme: str | None, auth_token: str, **more: Any) -> str:
        """The token to show now."""
        raise NotImplementedError


class NoOpTokenRenewer(GatewayTokenRenewerBase):
    """Tokens that last."""

    def get_token(self, auth_header_key: str, auth_scheme: str | None, auth_token: str, **more: Any) -> str:
        """The token itself."""
        return auth_token


def passed_variables(options: GatewayClient, environ: Mapping[str, str]) -> Sequence[str]:
    """Names of the server's own variables that the sidecar needs to pass on; none without a gateway."""
    return list(options.kernel_variables(environ)) if options.url else []
