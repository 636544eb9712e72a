"""The options that gunicorn's master needs, as plain values. Run as a program it prints them.

The master must import nothing that its workers patch later, and a configuration file may import anything, so the
master asks a process of its own.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from flasknb.cli.logs.setup import BadLogging
from flasknb.cli.sockets.refusal import CannotListen
from flasknb.cli.sockets.tcp import EVERY_IPV4
from flasknb.cli.sockets.tls import TlsSettings
from flasknb.config.files import BrokenConfigFile
from flasknb.config.options import ServerApp

EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - what the option asks for


def settings_of(options: ServerApp, tls: TlsSettings | None) -> dict[str, Any]:
    """What ``gunicorn_conf`` reads, JSON at most. Raises CannotListen where a TLS setting is none."""
    settings = {
        "ip": EVERY_ADDRESS if options.ip in EVERY_IPV4 else options.ip,
        "port": options.port,
        "sock": os.path.abspath(os.path.expanduser(options.sock)) if options.sock else "",  # noqa: PTH100, PTH111
        "sock_mode": int(options.sock_mode, 8),
        "log_level": int(options.log_level),
        "log_format": options.log_format,
        "log_datefmt": options.log_datefmt,
        "reload": options.autoreload,
        "open_files": options.min_open_files_limit,
        "tls": None if tls is None else vars(tls) | {"settings": dict(tls.settings)},
    }
    try:
        json.dumps(settings)
    except TypeError as error:
        raise CannotListen(f"ssl_options must hold texts and numbers under gunicorn: {error}") from error
    return settings


def main() -> int:
    """Print the settings that files and environment make; 1 and a line on standard error where they make no sense."""
    from traitlets import TraitError

    from flasknb.config.loader import Sources, default_config_path, gather

    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a configuration file prints is not the answer
    try:
        options = ServerApp(config=gather(Sources(config_path=default_config_path(), environ=os.environ)).config)
        tls = TlsSettings.of(options)
        if tls is not None:
            tls.context()
        json.dump(settings_of(options, tls), answer)
        answer.close()
    except (BrokenConfigFile, CannotListen, BadLogging, TraitError, ValueError, OSError) as error:
        print(f"flasknb: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
