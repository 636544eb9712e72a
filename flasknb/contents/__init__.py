"""Notebooks, files and folders under one root: managers, path rules, checkpoints, trust, models."""

from __future__ import annotations

from flasknb.contents.schema_import import import_jsonschema

import_jsonschema()  # before any module of this package imports nbformat
