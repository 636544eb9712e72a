"""Converts a notebook with one of nbconvert's exporters. Runs in a conversion process only."""

from __future__ import annotations

import json
import logging
import re
import zipfile
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path, PurePosixPath
from typing import Any

from flasknb.config.files import BrokenConfigFile, read_file
from flasknb.conversion.jobs import NOTEBOOK, OUTPUT, Job, Result
from flasknb.kernel_bridge.option_values import unpacked

log = logging.getLogger(__name__)

CONFIG_STEMS = ("jupyter_config", "jupyter_nbconvert_config")
PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+")
PLAIN_EXTENSION = re.compile(r"\.[A-Za-z0-9_.+-]{1,20}")
PLAIN_MIMETYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9.+-]{0,60}")
ALIASES = {"ipynb": "notebook"}
BINARY = {b"%PDF-": ("application/pdf", ".pdf"), b"\x89PNG": ("image/png", ".png")}
"""What exporters that print an HTML page call HTML."""
INSTALL = "nbconvert is not installed. Install it beside flasknb with: pip install 'flasknb[nbconvert]'"
MISSING_PROGRAM = "The program it needs could not be found where this server runs. "


def export(job: Job, folder: Path) -> Result:
    """Convert the notebook in ``folder``.

    ``details``: ``format``, ``name``, ``resources``, ``sanitize``, ``scripts``.
    """
    if missing := _what_is_missing():
        return Result("missing", missing)
    details = job.details
    name = details["format"]
    known = _entry_points()
    entry = known.get(ALIASES.get(name, name)) or known.get(name.lower())
    try:
        exporter = entry.load()(config=_config(job), log=log) if entry else None
    except MemoryError:
        raise
    except Exception as error:
        log.exception("exporter could not be made")
        return Result("failed", f"Could not construct Exporter: {_told(error)}")
    if exporter is None or not getattr(exporter, "enabled", True):
        return Result("unknown", f"No exporter for format: {name}")
    try:
        notebook = _notebook(folder, is_checked=bool(details["is_checked"]))
    except Exception as error:  # noqa: BLE001  nbformat has no one class for what is wrong with a document
        return Result("refused", f"The content is not a notebook: {_told(error)}")
    try:
        output, resources = exporter.from_notebook_node(notebook, resources=_resources(details))
    except MemoryError:
        raise
    except Exception as error:
        log.exception("conversion failed")
        return Result("failed", f"nbconvert failed: {_told(error)}")
    return _write(folder, output, resources, exporter.output_mimetype, details["name"])


def list_exporters(job: Job, folder: Path) -> Result:
    """Every exporter that can be made, with the type of its output."""
    if missing := _what_is_missing():
        return Result("missing", missing)
    try:
        config = _config(job)
    except BrokenConfigFile as error:
        return Result("failed", f"nbconvert cannot be configured: {error}")
    found: dict[str, dict[str, str]] = {}
    for name, entry in sorted(_entry_points().items()):
        try:
            exporter = entry.load()(config=config)
        except Exception as error:  # noqa: BLE001  a package's broken exporter must not hide the others
            log.warning("exporter left out name=%s error=%s", name, error)
        else:
            if getattr(exporter, "enabled", True):
                found[name] = {"output_mimetype": exporter.output_mimetype} | _for_people(exporter)
    return Result(values={"exporters": found})


def _for_people(exporter: Any) -> dict[str, str]:
    """What a menu calls the format; nothing for exporters that are only a part of others."""
    name = vars(type(exporter)).get("export_from_notebook")
    return {"display_name": name, "file_extension": exporter.file_extension} if isinstance(name, str) else {}


def _what_is_missing() -> str:
    """Why there is no nbconvert; empty when there is one."""
    try:
        import nbconvert.exporters  # noqa: F401
    except ImportError as error:
        is_itself = (error.name or "").partition(".")[0] == "nbconvert"
        return INSTALL if is_itself else f"Could not import nbconvert: {error}"
    return ""


def _entry_points() -> dict[str, EntryPoint]:
    """The exporters that installed packages declare: a name that is none of these is never imported."""
    return {entry.name: entry for entry in entry_points(group="nbconvert.exporters")}


def _config(job: Job) -> Any:
    """nbconvert's own files on the Jupyter configuration path, then what the server's files say of its classes.

    Raises:
        BrokenConfigFile: one of them cannot be read.
    """
    from traitlets.config import Config

    config = Config()
    for folder in reversed(job.config_path):
        for stem in CONFIG_STEMS:
            for path in (Path(folder) / f"{stem}.py", Path(folder) / f"{stem}.json"):
                if path.is_file():
                    _merge_file(config, path)
    config.merge(unpacked(dict(job.config)))
    for option, url in dict(job.details.get("scripts", {})).items():
        config.HTMLExporter.setdefault(option, url)
    if (sanitize := job.details.get("sanitize")) is not None:
        config.HTMLExporter.sanitize_html = sanitize
    return config


def _merge_file(config: Any, path: Path) -> None:
    from traitlets.config import Config

    config.merge(Config(read_file(path)))


def _notebook(folder: Path, *, is_checked: bool) -> Any:
    """The notebook in nbformat 4, without what its author could use to choose code to be run here."""
    import nbformat

    notebook = nbformat.from_dict(json.loads((folder / NOTEBOOK).read_bytes()))
    if not is_checked:
        notebook = nbformat.convert(notebook, 4)
        nbformat.validate(notebook)
    language = notebook.get("metadata", {}).get("language_info")
    if isinstance(language, dict):
        _disarm(language)
    for cell in notebook.get("cells", []):
        cell.get("metadata", {}).pop("trusted", None)
    return notebook


def _disarm(language: dict[str, Any]) -> None:
    rules = {"nbconvert_exporter": PLAIN_NAME, "file_extension": PLAIN_EXTENSION, "mimetype": PLAIN_MIMETYPE}
    for key, rule in rules.items():
        value = language.get(key)
        if value is not None and not (isinstance(value, str) and rule.fullmatch(value)):
            del language[key]


def _resources(details: Mapping[str, Any]) -> dict[str, Any]:
    resources: dict[str, Any] = json.loads(json.dumps(details["resources"]))
    return resources


def _write(folder: Path, output: Any, resources: Mapping[str, Any], mimetype: str, name: str) -> Result:
    content = output.encode("utf-8", "replace") if isinstance(output, str) else bytes(output)
    extension = str(resources.get("output_extension") or "")
    filename = name + (extension if PLAIN_EXTENSION.fullmatch(extension) else "")
    others = dict(resources.get("outputs") or {})
    values: dict[str, Any] = {"filename": filename, "mimetype": resources.get("output_mimetype") or mimetype}
    for magic, (real_type, suffix) in BINARY.items():
        if content.startswith(magic):
            values = {"filename": name + suffix, "mimetype": real_type}
    if others:
        _write_zip(folder / OUTPUT, filename, content, others)
        values = {"filename": f"{name}.zip", "mimetype": "application/zip"}
    else:
        (folder / OUTPUT).write_bytes(content)
    if not PLAIN_MIMETYPE.fullmatch(str(values["mimetype"])):
        values["mimetype"] = "text/plain"
    return Result(values={**values, "is_zip": bool(others)})


def _write_zip(path: Path, filename: str, content: bytes, others: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(filename, content)
        for name, extra in others.items():
            if inside := inner_name(name):
                archive.writestr(inside, extra)


def inner_name(name: str) -> str:
    """``name`` as a path that stays inside the archive: a notebook's attachment may be called ``../../x``."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in ("..", "/", ".") and not part.endswith(":"))


def _told(error: Exception) -> str:
    """What the converter said, without the paths of this machine's packages."""
    text = str(error).strip() or type(error).__name__
    if isinstance(error, FileNotFoundError):
        text = MISSING_PROGRAM + text
    return f"{type(error).__name__}: {text}"[:4_000]
