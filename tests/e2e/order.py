"""Which modules of browser tests begin first: the long ones, so that none is left to run alone at the end."""

from __future__ import annotations

from pathlib import PurePath

BY_LENGTH = (
    *("accessibility_pages", "while_away", "terminal", "long_saves", "outputs", "accessibility_notebook"),
    *("hostile_notebook", "accessibility_views", "accessibility", "attacks", "ui_config", "ui_kernel_life"),
    *("languages", "document", "dashboard", "editing", "journey", "survival", "security", "keys_alone"),
    *("large", "round_trip", "contract", "conflict", "actions", "keys", "bad_notebooks", "ui_pasting", "menus"),
    *("menu_lists", "find_and_replace", "gateway_page", "ui_dialogs", "accessibility_dialogs", "right_to_left"),
    *("palette_help_tour", "ui_saving", "extensions"),
)
"""Those of 8 seconds or more of processor time, the longest first. A name that is wrong costs time only."""


def turn(path: PurePath) -> int:
    """Place of a module in the order; those that are not named come last, as they were."""
    name = path.stem.removeprefix("test_")
    return BY_LENGTH.index(name) if name in BY_LENGTH else len(BY_LENGTH)
