"""A notebook with the files it names, as a compressed tar file."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

from flasknb.extensions.bundlers.package import notebook_bytes, notebook_folder, send_file
from flasknb.extensions.bundlers.references import referenced_files


def bundle(handler: Any, model: dict[str, Any]) -> None:
    """Answer with ``<name>.tar.gz``: the notebook, and beside it the files its text cells name."""
    folder = notebook_folder(handler, model)
    made = Path("bundle.tar.gz")
    content = notebook_bytes(model)
    own = tarfile.TarInfo(model["name"])
    own.size = len(content)
    own.mtime = model["last_modified"].timestamp()
    with tarfile.open(made, "w:gz") as archive:
        archive.addfile(own, io.BytesIO(content))
        for name in referenced_files(model["content"], folder):
            if name != model["name"]:
                archive.add(folder / name, name, recursive=False, filter=_without_owner)
    send_file(handler, made, f"{Path(model['name']).stem}.tar.gz", "application/gzip")


def _without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
