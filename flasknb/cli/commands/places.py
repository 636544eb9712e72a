"""Which notebook a subcommand is about: a mount of a Flask app, or what ``flasknb`` serves with the same options."""

from __future__ import annotations

from collections.abc import Sequence

import click

from flasknb.blueprints.context import Services
from flasknb.cli.commands.output import Problem


def mounts_of_flask_app() -> dict[str, Services]:
    """Mounts of the app that ``flask --app …`` names, by name; empty outside of ``flask``, or where it names none.

    Raises:
        Problem: the app has no mount.
        click.UsageError: the app cannot be loaded.
    """
    from flask.cli import NoAppException, ScriptInfo

    script = click.get_current_context().find_object(ScriptInfo)
    if script is None:
        return {}
    try:
        app = script.load_app()
    except NoAppException:
        if script.app_import_path:
            raise
        return {}
    mounts: dict[str, Services] = app.extensions.get("flasknb", {})
    if not mounts:
        raise Problem(f"The app {app.name!r} has no flasknb: FlaskNB().init_app(app) mounts it")
    return mounts


def chosen_mount(name: str | None) -> Services | None:
    """The one mount of the Flask app, or the one called ``name``; ``None`` outside of ``flask``. Raises Problem."""
    mounts = mounts_of_flask_app()
    if not mounts and name is None:
        return None
    if name is None and len(mounts) == 1:
        return next(iter(mounts.values()))
    if name not in mounts:
        known = ", ".join(mounts) or "none: name an app with `flask --app`"
        raise Problem(f"Choose one mount with --mount; there are: {known}")
    return mounts[name]


def services_of_options(arguments: Sequence[str]) -> Services:
    """What ``flasknb ARGUMENTS`` would serve, without serving it. Raises what that command's start raises."""
    from flask import Flask

    from flasknb.app import FlaskNB
    from flasknb.cli.arguments import parse

    parsed = parse(list(arguments))
    notebook = FlaskNB(command_line=parsed.options, config_file=parsed.config_file)
    return notebook.make_services(Flask("flasknb", static_folder=None, template_folder=None))
