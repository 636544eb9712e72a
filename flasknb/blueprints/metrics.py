"""``/metrics``: figures for Prometheus, under the names that Jupyter servers give them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from flasknb import __version__
from flasknb.blueprints.context import public, request_state, services
from flasknb.blueprints.visitor import current_login
from flasknb.errors import NotLoggedIn
from flasknb.kernel_bridge.bridge import Bridge
from flasknb.metrics.exposition import CONTENT_TYPE, Gauge, exposition

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """All figures. Asks for a login unless ``authenticate_prometheus`` is off; starts no sidecar."""
    if services().settings.server.authenticate_prometheus and current_login() is None:
        raise NotLoggedIn("Forbidden")
    request_state().sees_all_kernels = True
    bridge = services().bridge
    gauges = [_version(), *(_figures(bridge) if bridge.attach() else _figures_of_nothing())]
    return _answer(exposition(gauges, services().request_times.totals()))


def _answer(text: str) -> Response:
    answer = current_app.response_class(text)
    answer.headers["Content-Type"] = CONTENT_TYPE
    return answer


def _version() -> Gauge:
    return Gauge("jupyter_server_info", "Version of the server.", [({"version": __version__}, 1)])


def _figures(bridge: Bridge) -> list[Gauge]:
    status, kernels = bridge.status(), Counter(kernel.name for kernel in bridge.list_kernels())
    last_s, started_s = _seconds(status.last_activity), _seconds(status.started)
    return [
        _kernels(kernels),
        _terminals(len(bridge.terminals.list())),
        Gauge("kernel_websockets_connected", "Websockets of pages to their kernels.", [({}, status.connections)]),
        Gauge("jupyter_server_started_timestamp_seconds", "When the kernels' process started.", [({}, started_s)]),
        Gauge("jupyter_server_last_activity_timestamp_seconds", "When somebody was last active.", [({}, last_s)]),
        Gauge("jupyter_server_active_duration_seconds", "From start to last activity.", [({}, last_s - started_s)]),
    ]


def _figures_of_nothing() -> list[Gauge]:
    return [_kernels(Counter()), _terminals(0)]


def _kernels(by_type: Counter[str]) -> Gauge:
    samples = [({"type": name}, float(count)) for name, count in sorted(by_type.items())]
    return Gauge("kernel_currently_running_total", "Kernels that run, by specification.", samples)


def _terminals(count: int) -> Gauge:
    return Gauge("terminal_currently_running_total", "Terminals that run.", [({}, count)])


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
