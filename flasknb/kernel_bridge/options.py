"""Options of the bridge that a web worker acts on or shows; importing this costs traitlets, no zmq.

Options of kernels and sessions are on the classes that act on them, in ``sidecar/managers.py`` and
``sidecar/sessions.py``.
"""

from __future__ import annotations

import logging
import warnings
from importlib.util import find_spec

from traitlets import Bool, Float, Integer, List, TraitError, Unicode
from traitlets.config import Config, Configurable

from flasknb.kernel_bridge.gateway_options import GatewayClient
from flasknb.kernel_bridge.limits import ResourceLimits
from flasknb.kernel_bridge.rate_limits import RateLimits

log = logging.getLogger(__name__)


class BaseKernelWebsocketConnection(Configurable):
    """The websocket between a page and its kernel."""

    kernel_ws_protocol = Unicode(
        None,
        allow_none=True,
        help="Subprotocol of kernel websockets: unset picks the best that the client offers, '' is always the legacy "
        "JSON protocol, a name is only that one.",
    ).tag(config=True)
    websocket_ping_interval_s = Float(30.0, help="Time between two pings to an idle page; seconds.").tag(config=True)
    websocket_ping_timeout_s = Float(90.0, help="A page silent for so long is gone; seconds.").tag(config=True)
    max_message_bytes = Integer(
        512 * 1024 * 1024, help="A longer message from a page closes its websocket with 1009; bytes."
    ).tag(config=True)


class ZMQChannelsWebsocketConnection(BaseKernelWebsocketConnection):
    """The documented name of the same, and the classic limits of output; settings under either name count.

    Without limits nothing is lost: what a page cannot take is merged, and waits for it.
    """

    limit_rate = Bool(True, help="Whether the other limits count.").tag(config=True)
    iopub_msg_rate_limit = Float(
        0.0, help="Messages a second to one page, after merging; what is more is left out. 0 for no limit."
    ).tag(config=True)
    iopub_data_rate_limit = Float(
        0.0, help="Bytes of printed text a second to one page, after merging; what is more is left out. 0 for no limit."
    ).tag(config=True)
    rate_limit_window = Float(3.0, help="Time that the limits are averaged over; seconds.").tag(config=True)

    @property
    def rate_limits(self) -> RateLimits:
        """The limits that count."""
        if not self.limit_rate or self.rate_limit_window <= 0:
            return RateLimits()
        return RateLimits(self.iopub_msg_rate_limit, self.iopub_data_rate_limit, self.rate_limit_window)


class KernelSidecar(Configurable):
    """The process that owns the kernels."""

    grace_time_s = Float(
        60.0, help="Kernels and sidecar end when no web worker has been attached for so long; seconds, 0 for never."
    ).tag(config=True)
    stop_kernels_on_sigterm = Bool(
        False, help="Whether SIGTERM ends the kernels too. Otherwise the next sidecar takes them over."
    ).tag(config=True)
    allowed_env = List(
        Unicode(), help="Names or shell patterns of further environment variables that kernels may see."
    ).tag(config=True)
    spare_kernels = List(
        Unicode(),
        default_value=["default"],
        help="Kernels that one process each is kept warm for, so that the next one starts at once: names of "
        "specifications, 'default' for the default one, empty for none. Only kernels that run ipykernel_launcher.",
    ).tag(config=True)
    spare_memory_bytes = Integer(
        256 * 1024 * 1024, help="Memory that warm processes may take together; bytes. 0 for none of them."
    ).tag(config=True)
    spare_idle_s = Float(900.0, help="Warm processes end when nobody has used the server for so long; seconds.").tag(
        config=True
    )
    listen = Unicode("", help="Also serve web workers of other machines here, over TLS: tcp://host:port.").tag(
        config=True
    )
    address = Unicode("", help="Use the sidecar of another machine, and start none: tcp://host:port.").tag(config=True)
    tls_certificate = Unicode("", help="File of the certificate that this end shows then; PEM.").tag(config=True)
    tls_key = Unicode("", help="File of that certificate's key.").tag(config=True)
    tls_authority = Unicode("", help="File of the authority that has signed the other end's certificate.").tag(
        config=True
    )
    secret_file = Unicode("", help="File of a secret that both ends know, at least 32 characters, mode 0600.").tag(
        config=True
    )
    carries_websockets = Bool(
        True,
        help="Whether it carries the messages of pages itself, once a web worker on the same machine has let them in. "
        "Where TLS or compression is between, the web workers do, and with False always.",
    ).tag(config=True)
    journal_bytes = Integer(
        32 * 1024 * 1024, help="What is kept in memory of each kernel's messages for pages that come back; bytes."
    ).tag(config=True)
    journal_total_bytes = Integer(
        512 * 1024 * 1024,
        help="What is kept in memory of all kernels' messages together; the longest journals give way; bytes.",
    ).tag(config=True)
    journal_disk_bytes = Integer(
        512 * 1024 * 1024,
        help="What is kept on disk of each kernel's messages, in the private folder of the instance; bytes, 0 for "
        "nothing. A sidecar that follows another one goes on from there.",
    ).tag(config=True)
    journal_disk_total_bytes = Integer(
        2 * 1024 * 1024 * 1024, help="What is kept on disk of all kernels' messages together; bytes."
    ).tag(config=True)
    away_save_delay_s = Float(
        5.0,
        help="Outputs that came while no page was open are added to the notebook's file after so long; seconds, "
        "negative for never.",
    ).tag(config=True)
    queue_soft_bytes = Integer(
        8 * 1024 * 1024, help="Backlog of a slow page at which its messages are merged; bytes."
    ).tag(config=True)
    queue_hard_bytes = Integer(
        32 * 1024 * 1024,
        help="Backlog of a slow page at which it has to read from the journal; what the journal drops before it comes "
        "there is left out, and the page says so; bytes.",
    ).tag(config=True)


def _check_gateway(options: GatewayClient) -> None:
    """Raises TraitError where the package is missing that talks to gateways."""
    if options.url and find_spec("aiohttp") is None:
        raise TraitError("GatewayClient.url needs one more package here: pip install 'flasknb[gateway]'")


def check(config: Config) -> None:
    """Look at the options above when the server starts, not when the first page joins a kernel.

    An option that does not exist here, perhaps one of another server, is only worth a warning.

    Raises:
        TraitError: a value makes no sense.
    """
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        ZMQChannelsWebsocketConnection(config=config)
        KernelSidecar(config=config)
        ResourceLimits(config=config)
        _check_gateway(GatewayClient(config=config))
    for warning in found:
        log.warning("%s It is ignored.", warning.message)
