"""The event logger of one process: schemas, handlers, checks. ``jupyter_events`` is imported at first use."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from traitlets import List, Unicode
from traitlets.config import Config, Configurable

from flasknb.errors import BadRequest

if TYPE_CHECKING:
    from jupyter_events import EventLogger

log = logging.getLogger(__name__)

SCHEMA_OPTION = ("ServerKernelManager", "extra_event_schema_paths")
SCHEMAS = Path(__file__).with_name("schemas")
Capsule = dict[str, Any]


class Recorder:
    """Any thread but gevent's native ones."""

    def __init__(self, config: Config) -> None:
        """``config``: has ``EventLogger.handlers``, a list of ``logging.Handler``."""
        self._config = config

    @cached_property
    def logger(self) -> EventLogger:
        """The logger; more schemas and handlers may be registered with it."""
        from jupyter_events import EventLogger

        logger = EventLogger(config=Config({"EventLogger": dict(self._options())}))
        for path in sorted(SCHEMAS.glob("*.yaml")):
            logger.register_event_schema(path)
        for path in more_schemas(self._config):
            _register(logger, path)
        logger.register_handler(logging.NullHandler())  # without any it returns nothing to pass on
        return logger

    def has_handlers(self) -> bool:
        """Whether somebody but listeners wants events."""
        if "logger" in vars(self):
            return len(self.logger.handlers) > 1
        return bool(self._options().get("handlers"))

    def record(self, schema_id: str, data: Mapping[str, Any], moment: datetime) -> Capsule:
        """Check an event and give it to the handlers.

        Returns:
            The event with its ``__timestamp__``, ``__schema__``, ``__schema_version__``, ``__metadata_version__``.

        Raises:
            BadRequest: no such schema, or fields that do not fit it.
        """
        self.require_schema(schema_id)
        if reserved := [name for name in data if name.startswith("__") or name == "schema_id"]:
            raise BadRequest(f"An event's data has no field {reserved[0][:60]!r}: the server itself says what it is")
        from jsonschema.exceptions import ValidationError

        try:
            capsule = self.logger.emit(schema_id=schema_id, data=dict(data), timestamp_override=moment)
        except ValidationError as error:
            raise BadRequest(f"The event does not fit its schema: {error.message[:500]}") from error
        return cast(Capsule, capsule)

    def require_schema(self, schema_id: str, version: str | None = None) -> None:
        """Raises BadRequest where there is no such schema, or not in this version."""
        schemas = self.logger.schemas
        if schema_id not in schemas:
            raise BadRequest(f"There is no event schema {schema_id[:200]!r}")
        known = str(schemas.get(schema_id).version)
        if version is not None and version != known:
            raise BadRequest(f"The event schema {schema_id} has version {known!r}, not {version[:40]!r}")

    def _options(self) -> Mapping[str, Any]:
        options: Mapping[str, Any] = self._config.get("EventLogger", {})
        return options


def more_schemas(config: Config) -> list[Path]:
    """Files of ``ServerKernelManager.extra_event_schema_paths``; that class itself is the sidecar's."""
    name, option = SCHEMA_OPTION
    reader = type(name, (Configurable,), {option: List(Unicode()).tag(config=True)})
    given = Config({name: {option: config[name][option]} if option in config.get(name, {}) else {}})
    return [Path(path).expanduser() for path in getattr(reader(config=given), option)]


def _register(logger: EventLogger, path: Path) -> None:
    try:
        logger.register_event_schema(path)
    except Exception as error:  # noqa: BLE001 - the user's schema, read by two libraries; the server goes on without it
        log.warning("event schema left out path=%s reason=%s", path, error)


def as_text(capsule: Capsule) -> str:
    """What a subscriber gets: one JSON object."""
    return json.dumps({"schema_id": capsule["__schema__"], **capsule}, default=str)
