"""The list of option classes moved to ``flasknb/config/option_classes.py``: enter new ones there."""

from __future__ import annotations

from flasknb.config.option_classes import OPTION_CLASSES, option_classes, own_options

__all__ = ["OPTION_CLASSES", "option_classes", "own_options"]
