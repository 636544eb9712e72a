"""gunicorn's settings for flasknb: ``gunicorn -c python:flasknb.gunicorn_conf wsgi:app``.

Read before a gevent worker patches the standard library, so nothing here may import Flask, ssl or threading but what
``cli/shared_imports.py`` knows to be safe; hooks import what they need when they run, inside the patched worker. The
options that matter here come from a process of their own.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

SETTINGS_VARIABLE = "FLASKNB_GUNICORN"  # set by cli/gunicorn_server.py
LEVELS = ((10, "debug"), (20, "info"), (30, "warning"), (40, "error"), (50, "critical"))


def _options() -> dict[str, Any]:
    """As ``cli/gunicorn_settings.py`` makes them. Raises SystemExit where they make no sense."""
    given = os.environ.get(SETTINGS_VARIABLE)
    if given:
        return dict(json.loads(given))
    reader, writer = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_CLOSE, reader)]
    command = [sys.executable, "-m", "flasknb.cli.gunicorn_settings"]
    child = os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)
    os.close(writer)
    _import_meanwhile()
    with os.fdopen(reader) as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(1)  # the child has said why
    return dict(json.loads(text))


def _import_meanwhile() -> None:
    """What gunicorn imports next, unless it was told of other workers, and what those do. That patches nothing."""
    if "gunicorn.arbiter" in sys.modules and not {"-k", "--worker-class"} & set(sys.argv):
        import gunicorn.workers.ggevent  # noqa: F401

        from flasknb.cli.shared_imports import share_imports

        share_imports()


OPTIONS = _options()

_ip, _port = OPTIONS["ip"], OPTIONS["port"]
bind = f"unix:{OPTIONS['sock']}" if OPTIONS["sock"] else f"[{_ip}]:{_port}" if ":" in _ip else f"{_ip}:{_port}"
umask = 0o777 & ~OPTIONS["sock_mode"]  # of nothing but the unix socket

worker_class = "gevent"
workers = 2
worker_connections = 1000
preload_app = False  # the app must be imported after the worker patched
timeout = 60
graceful_timeout = 10
keepalive = 5
limit_request_line = 8190  # a long name in a far script is nine bytes per character
control_socket_disable = True  # nothing here needs a second way to steer the server
logger_class = "flasknb.cli.logs.gunicorn_log.ScrubbedLog"
loglevel = next((name for level, name in LEVELS if OPTIONS["log_level"] <= level), "critical")
reload = OPTIONS["reload"]
secure_scheme_headers: dict[str, str] = {}  # X-Forwarded-* are believed where trust_xheaders says so, not before
forwarder_headers = ""  # nor does a header of a visitor become SCRIPT_NAME: a proxy on this machine may pass it on

if OPTIONS["tls"]:
    certfile, keyfile = OPTIONS["tls"]["certfile"], OPTIONS["tls"]["keyfile"] or None
    ca_certs = OPTIONS["tls"]["client_ca"] or None


def ssl_context(config: Any, default_ssl_context_factory: Any) -> Any:
    """The same context as in the ``flasknb`` command; certificates given to gunicorn itself win."""
    from flasknb.cli.sockets.tls import TlsSettings

    further = (OPTIONS["tls"] or {}).get("settings", {})
    return TlsSettings(config.certfile, config.keyfile or "", config.ca_certs or "", further).context()


def on_starting(server: Any) -> None:
    """Before anything is opened: room for many connections, and the imports, in every worker to come."""
    from flasknb.cli.limits import raise_open_files

    raise_open_files(OPTIONS["open_files"])
    if "gevent" in sys.modules:
        from flasknb.cli.shared_imports import outdate, share_imports

        share_imports()
        if server.cfg.reload:
            outdate()


def on_reload(server: Any) -> None:
    """Workers from now on run what is installed now."""
    from flasknb.cli.shared_imports import outdate

    outdate()


def pre_fork(server: Any, worker: Any) -> None:
    """Before each worker."""
    from flasknb.cli.shared_imports import before_fork

    before_fork()


def post_fork(server: Any, worker: Any) -> None:
    """Tell the app where gunicorn really listens: the Host check depends on it. The worker patches after this."""
    from flasknb.cli.shared_imports import after_fork

    after_fork()
    if "gevent" in sys.modules:
        from flasknb.cli.patching import ask_only_plugins

        ask_only_plugins()
    addresses = [listener.getsockname() for listener in worker.sockets]
    tcp = [address for address in addresses if isinstance(address, tuple)]
    if tcp:
        os.environ["FLASKNB_IP"], os.environ["FLASKNB_PORT"] = str(tcp[0][0]), str(tcp[0][1])
    elif addresses:
        os.environ["FLASKNB_SOCK"] = os.path.abspath(addresses[0])  # noqa: PTH100 - pathlib would be imported
    if worker.age > 1:
        os.environ["FLASKNB_NOTICES_SAID"] = "by the first worker"


def post_worker_init(worker: Any) -> None:
    """The first worker says where the server is; every worker prepares its end."""
    from flasknb.cli.direct_body import read_bodies_directly
    from flasknb.cli.fairness import serve_first
    from flasknb.cli.gunicorn_hooks import (
        announce,
        attach_mounts,
        let_be_stopped,
        let_go_of_clients,
        log_kernels,
        prepare_logging,
        publish,
    )
    from flasknb.cli.one_piece import answer_in_one_piece
    from flasknb.cli.unread_bodies import end_unread_bodies

    serve_first()
    answer_in_one_piece()
    read_bodies_directly()
    end_unread_bodies()
    prepare_logging(worker)
    let_go_of_clients(worker)
    attach_mounts(worker)
    log_kernels(worker)
    publish(worker)
    if worker.age == 1:
        announce(worker)
    let_be_stopped(worker)


def worker_exit(server: Any, worker: Any) -> None:
    """A worker whose master was killed takes the server's files along."""
    if os.getppid() != worker.ppid:
        _forget(worker.ppid)


def on_exit(server: Any) -> None:
    """The server's files go with it."""
    _forget(os.getpid())


def _forget(master: int) -> None:
    from pathlib import Path

    from jupyter_core.paths import jupyter_runtime_dir

    Path(jupyter_runtime_dir(), f"jpserver-{master}.json").unlink(missing_ok=True)
