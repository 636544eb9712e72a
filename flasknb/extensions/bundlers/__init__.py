"""Bundlers: Python modules whose ``bundle(handler, model)`` makes a download of a notebook. Two come with flasknb."""

from __future__ import annotations


def _jupyter_bundlerextension_paths() -> list[dict[str, str]]:
    """What ``bundlerextension enable --py flasknb.extensions.bundlers`` enables."""
    return [
        {
            "name": "notebook_zip",
            "label": "Notebook with its files (.zip)",
            "module_name": "flasknb.extensions.bundlers.zip_bundler",
            "group": "download",
        },
        {
            "name": "notebook_tarball",
            "label": "Notebook with its files (.tar.gz)",
            "module_name": "flasknb.extensions.bundlers.tarball_bundler",
            "group": "download",
        },
    ]
