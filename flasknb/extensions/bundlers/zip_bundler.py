"""A notebook with the files it names, as a zip file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from flasknb.extensions.bundlers.package import notebook_bytes, notebook_folder, send_file
from flasknb.extensions.bundlers.references import referenced_files


def bundle(handler: Any, model: dict[str, Any]) -> None:
    """Answer with ``<name>.zip``: the notebook, and beside it the files its text cells name."""
    folder = notebook_folder(handler, model)
    made = Path("bundle.zip")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        archive.writestr(model["name"], notebook_bytes(model))
        for name in referenced_files(model["content"], folder):
            if name != model["name"]:
                archive.write(folder / name, name)
    send_file(handler, made, f"{Path(model['name']).stem}.zip", "application/zip")
