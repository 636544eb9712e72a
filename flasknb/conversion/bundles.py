"""Runs a bundler's ``bundle(handler, model)``. Runs in a conversion process only."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from flasknb.contents.awaiting import settle
from flasknb.conversion.jobs import NOTEBOOK, OUTPUT, Job, Result
from flasknb.extensions.bundlers.handler import BundleHandler
from flasknb.kernel_bridge.option_values import unpacked

log = logging.getLogger(__name__)


def bundle(job: Job, folder: Path) -> Result:
    """Let the bundler answer.

    ``details``: ``module``, ``model`` (without content), ``request``, ``base_url``, ``root_dir``, ``folder`` and
    ``manager``.
    """
    details = job.details
    name = details["module"]
    try:
        function = import_module(name).bundle
    except (ImportError, AttributeError) as error:
        log.exception("bundler could not be imported")
        return Result("broken", f"Could not import bundler {name}: {error}")
    with (folder / OUTPUT).open("wb") as output:
        handler = BundleHandler(output, Settings(job), details["request"], log)
        try:
            settle(function(handler, _model(details["model"], folder)))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  a stranger's code; what it says becomes the answer
            return _refusal(error, name)
    return Result(status=handler.status, headers=tuple(handler.headers))


def _refusal(error: Exception, module: str) -> Result:
    status = getattr(error, "status_code", None)
    message = str(getattr(error, "log_message", None) or getattr(error, "reason", None) or error)
    if isinstance(status, int) and 400 <= status < 500:
        return Result("refused", message, status=status)
    log.error("bundler failed", exc_info=error)
    return Result("broken", f"Bundler {module} failed: {type(error).__name__}: {message}"[:4_000])


def _model(given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    import nbformat

    model = dict(given)
    for name in ("created", "last_modified"):
        if name in model:
            model[name] = datetime.fromisoformat(model[name])
    model["content"] = nbformat.from_dict(json.loads((folder / NOTEBOOK).read_bytes()))
    return model


class Settings(Mapping[str, Any]):
    """What a bundler finds as ``handler.settings``; the contents manager is made when it is asked for."""

    def __init__(self, job: Job) -> None:
        self._config = unpacked(dict(job.config))
        self._details = job.details
        self._known: dict[str, Any] = {
            "base_url": job.details["base_url"],
            "config": self._config,
            "server_root_dir": job.details["root_dir"],
            "notebook_folder": job.details["folder"],
            "contents_manager": None,
        }

    def __getitem__(self, name: str) -> Any:
        if name == "contents_manager" and self._known[name] is None:
            module, _, cls = self._details["manager"].rpartition(".")
            make = getattr(import_module(module), cls)
            self._known[name] = make(config=self._config, root_dir=self._details["root_dir"])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
