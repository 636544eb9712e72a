"""The ``flasknb`` command after patching: from arguments to a served page, and the end of everything it started."""

from __future__ import annotations

import logging
import os
import sys

from gevent.event import Event
from traitlets import TraitError

from flasknb import __version__
from flasknb.app import FlaskNB, standalone
from flasknb.blueprints.context import Services
from flasknb.cli.arguments import Arguments, UnknownArgument, UnusablePlace, parse
from flasknb.cli.generate_config import CannotWriteConfig
from flasknb.cli.idle import Requests
from flasknb.cli.instead import shown_config, wanted_instead
from flasknb.cli.limits import raise_open_files
from flasknb.cli.logs.setup import BadLogging, configure_logging, log_to_terminal
from flasknb.cli.running import Running
from flasknb.cli.sockets.listening import listen
from flasknb.cli.sockets.refusal import CannotListen
from flasknb.config.files import BrokenConfigFile
from flasknb.config.loader import UnknownOption
from flasknb.errors import FlasknbError

log = logging.getLogger("flasknb")

START_ERRORS = (
    UnknownArgument,
    UnusablePlace,
    BrokenConfigFile,
    UnknownOption,
    BadLogging,
    CannotWriteConfig,
    TraitError,
    ValueError,
    OSError,
    FlasknbError,
)


def run(argv: list[str]) -> int:
    """Run the command; 0 after an orderly end, 1 when it could not start."""
    try:
        arguments = parse(argv)
        if arguments.wants:
            print(_wanted(arguments.wants))
            return 0
        log_to_terminal()
        printed = wanted_instead(arguments)
        if printed is not None:
            print(printed)
            return 0
        return _serve(argv, arguments)
    except CannotListen as error:
        log.critical("%s", error)
    except START_ERRORS as error:
        print(f"flasknb: {error}", file=sys.stderr)
    return 1


def _serve(argv: list[str], arguments: Arguments) -> int:
    for note in arguments.notes:
        log.warning("%s", note)
    stop = Event()
    notebook = FlaskNB(command_line=arguments.options, config_file=arguments.config_file, stop_server=stop.set)
    app = standalone(notebook)
    services: Services = app.extensions["flasknb"]["flasknb"]
    options = services.settings.server
    if options.show_config or options.show_config_json:
        print(shown_config(arguments, as_json=options.show_config_json))
        return 0
    requests = Requests(app, services)
    configure_logging(options)
    if _is_root() and not options.allow_root:
        raise CannotListen("Running as root is not recommended. Use --allow-root to bypass.")
    raise_open_files(options.min_open_files_limit)
    with listen(options) as place:
        return Running(argv, app, services, place, stop=stop, requests=requests).until_stopped()


def _wanted(what: str) -> str:
    if what == "version":
        return __version__
    from flasknb.cli.help import usage

    if what == "help":
        return usage()
    from flasknb.cli.option_texts import help_of_every_option

    return f"{usage()}\n\n{help_of_every_option()}"


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
