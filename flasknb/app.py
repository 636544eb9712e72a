"""The application factory and the extension object: options become services, services meet blueprints."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from traitlets.config import Config

from flasknb.auth.foreign import authorizer, identity_provider
from flasknb.auth.identity import IdentityContext, IdentityProvider
from flasknb.auth.origins import OriginRules
from flasknb.auth.scrub import hide_also
from flasknb.auth.secret_files import COOKIE_SECRET_NAME, cookie_secrets
from flasknb.away.listener import AwayOutputs
from flasknb.away.saving import Saver
from flasknb.blueprints import mount_blueprint
from flasknb.blueprints.context import STANDALONE, Services
from flasknb.blueprints.errors import answer_outside_mount
from flasknb.blueprints.guard import check_host
from flasknb.blueprints.offload import off_the_loop
from flasknb.blueprints.short_way import ShortWay
from flasknb.blueprints.visitor import viewer_name
from flasknb.cli import flask_run
from flasknb.config.loader import Sources, default_config_path, load
from flasknb.config.options import NotebookApp, ServerApp
from flasknb.config.settings import Settings
from flasknb.conversion.service import Converter
from flasknb.errors import FlasknbError
from flasknb.events.events import Events
from flasknb.events.relay import Relay
from flasknb.extensions.assets import AssetFiles
from flasknb.forwarded import ForwardedHeaders
from flasknb.kernel_bridge.bridge import Bridge
from flasknb.kernel_bridge.instance import instance_dir
from flasknb.kernel_bridge.kept_outputs import KeptOutputs
from flasknb.kernel_bridge.models import RaisedEvent
from flasknb.metrics.request_times import RequestTimes
from flasknb.working_directory import working_directory

Options = Mapping[str, Any]
MakeBridge = Callable[[Path, Path, Config], Bridge]


class FlaskNB:
    """The notebook as an extension of any Flask app. Touches nothing of the app but its own blueprint.

    Under ``flask run`` it prints the address with the token, and listens where that command does.

    >>> FlaskNB(root_dir="notebooks").init_app(app, url_prefix="/nb")
    """

    def __init__(
        self,
        *,
        command_line: Options | None = None,
        config_file: Path | None = None,
        stop_server: Callable[[], None] | None = None,
        make_bridge: MakeBridge | None = None,
        **options: Any,
    ) -> None:
        """``options``: as ``create_app`` takes them. The named arguments are for our own commands and tests."""
        self._options = options
        self._command_line = flask_run.address() if command_line is None else command_line
        self._config_file = config_file
        self._stop_server = stop_server
        self._make_bridge = make_bridge or _connect_bridge

    def init_app(self, app: Flask, url_prefix: str | None = None, name: str = "flasknb") -> Services:
        """Mount the notebook in ``app``.

        Args:
            url_prefix: path below which it lives; default: the option ``base_url``.
            name: tells several mounts of one app apart; also the name of the parent blueprint.

        Returns:
            The services of the mount, also found as ``app.extensions["flasknb"][name]``.

        Raises:
            BrokenConfigFile, UnknownOption: the options make no sense.
            ValueError: the name is taken, or the root is no folder.
        """
        mounts = app.extensions.setdefault("flasknb", {})
        if name in mounts:
            raise ValueError(f"the app has a mount called {name!r}; pass another name=")
        services = mounts[name] = self.make_services(app, url_prefix, name)
        app.register_blueprint(mount_blueprint(name), url_prefix=services.settings.url_prefix or None)
        _answer_for_own_forms(app, name)
        flask_run.announce(services)
        return services

    def make_services(self, app: Flask, url_prefix: str | None = None, name: str = "flasknb") -> Services:
        """What ``init_app`` would mount, without mounting it. Raises as it does."""
        return self._services(name, self._settings(app, url_prefix))

    def _settings(self, app: Flask, url_prefix: str | None) -> Settings:
        config = load(
            Sources(
                config_path=default_config_path(),
                config_file=self._config_file,
                environ=os.environ,
                host=app.config,
                program=self._options,
                command_line=self._command_line,
            )
        )
        server = ServerApp(config=config)
        prefix = server.base_url if url_prefix is None else url_prefix
        stripped = prefix.strip("/")
        return Settings(
            config=config,
            server=server,
            notebook=NotebookApp(config=config),
            root_dir=_root_dir(server.root_dir),
            url_prefix=f"/{stripped}" if stripped else "",
        )

    def _services(self, name: str, settings: Settings) -> Services:
        server, config = settings.server, settings.config
        hide_also(server.extra_log_scrub_param_keys)
        private_dir = instance_dir(settings.root_dir)
        contents = server.contents_manager_class(config=config, root_dir=str(settings.root_dir))
        if contents.has_trait("secret_files"):
            contents.secret_files = [*contents.secret_files, *_secret_files(server)]
        bridge = self._make_bridge(private_dir, settings.root_dir, config)
        bridge.viewer = viewer_name
        events = Events(config, private_dir, publish=lambda text: bridge.publish_event(RaisedEvent(text, True)))
        if contents.has_trait("event_logger"):
            contents.event_logger = events
        config_path = default_config_path()
        kept = KeptOutputs(private_dir)
        return Services(
            name=name,
            settings=settings,
            contents=contents,
            bridge=bridge,
            events=events,
            relay=Relay(private_dir, bridge.events, events.recorder),
            away=AwayOutputs(lambda: bridge.executions, bridge.away, Saver(contents, kept), off_the_loop),
            kept_outputs=kept,
            request_times=RequestTimes(private_dir),
            identity=_identity(name, server, config, private_dir),
            authorizer=authorizer(server.authorizer_class, config),
            origins=OriginRules(server.allow_origin, server.allow_origin_pat, server.allow_credentials),
            sections=server.config_manager_class(config_path, user_dir=_user_config_dir(), config=config),
            assets=AssetFiles(),
            converter=Converter(config, tuple(map(str, config_path)), settings.root_dir, private_dir),
            nbextension_folders=lambda: _nbextension_folders(settings.notebook.extra_nbextensions_path),
            custom_folder=_user_config_dir() / "custom",
            working_directory=working_directory(contents, settings.root_dir),
            stop_server=self._stop_server,
        )


def create_app(config: Options | None = None) -> Flask:
    """An application that is nothing but the notebook, at ``base_url``.

    Args:
        config: options by short name (``root_dir``), by class (``"ServerApp.port"``, ``{"ServerApp": {...}}``), or a
            traitlets ``Config``. Names in capitals are Flask's own settings.

    Raises:
        BrokenConfigFile, UnknownOption, ValueError: as ``FlaskNB.init_app``.
        click.UsageError: under ``flask run``, the debugger would be open to other machines.
    """
    given = dict(config or {})
    flask_settings = {name: value for name, value in given.items() if name.isupper()}
    options = {name: value for name, value in given.items() if not name.isupper()}
    flask_run.refuse_open_debugger()
    with flask_run.told_briefly():
        app = standalone(FlaskNB(**options), flask_settings)
    flask_run.let_be_stopped(app)
    return app


def standalone(notebook: FlaskNB, flask_settings: Options | None = None) -> Flask:
    """An app of our own around one mount. Here, and only here, requests outside the mount are ours to check too."""
    app = Flask("flasknb", static_folder=None, template_folder=None)
    app.config.update(flask_settings or {})
    services = notebook.init_app(app)
    app.extensions[STANDALONE] = services.name
    app.before_request(lambda: check_host(services.settings.server))
    app.register_error_handler(FlasknbError, answer_outside_mount)
    app.wsgi_app = ShortWay(app, services)  # type: ignore[method-assign]
    if services.settings.server.trust_xheaders:
        app.wsgi_app = ForwardedHeaders(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _answer_for_own_forms(app: Flask, name: str) -> None:
    """A host's Flask-WTF would refuse every write: our guard asks for our own ``_xsrf`` value, not for its token."""
    protection = app.extensions.get("csrf")
    if protection is None or not hasattr(protection, "exempt"):
        return
    for known, blueprint in app.blueprints.items():
        if known == name or known.startswith(f"{name}."):
            protection.exempt(blueprint)


def _connect_bridge(private_dir: Path, root_dir: Path, config: Config) -> Bridge:
    from flasknb.kernel_bridge.client import BridgeClient
    from flasknb.kernel_bridge.options import check

    check(config)
    return BridgeClient(private_dir, root_dir, config)


def _identity(name: str, server: ServerApp, config: Config, private_dir: Path) -> IdentityProvider:
    from jupyter_core.paths import jupyter_runtime_dir

    path = Path(server.cookie_secret_file or Path(jupyter_runtime_dir()) / COOKIE_SECRET_NAME)
    secrets = [server.cookie_secret] if server.cookie_secret else cookie_secrets(path)
    context = IdentityContext(
        instance_dir=private_dir, secrets=tuple(secrets), mount=name, config_dir=_user_config_dir()
    )
    return identity_provider(server.identity_provider_class, context, config)


def _secret_files(server: ServerApp) -> list[str]:
    """Files that hold what lets people in, where the user's own settings name them."""
    return [file for file in (server.cookie_secret_file, os.environ.get("JUPYTER_TOKEN_FILE", "")) if file]


def _root_dir(option: str) -> Path:
    folder = Path(option or Path.cwd()).expanduser().resolve()
    if not folder.is_dir():
        raise ValueError(f"root_dir {folder} is not a folder: make it, or name another one")
    return folder


def _user_config_dir() -> Path:
    from jupyter_core.paths import jupyter_config_dir

    return Path(jupyter_config_dir())


def _nbextension_folders(extra: list[str]) -> list[Path]:
    from jupyter_core.paths import jupyter_path

    return [Path(folder) for folder in [*extra, *jupyter_path("nbextensions")]]
