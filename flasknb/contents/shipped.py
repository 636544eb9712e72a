"""Tells whether a contents manager is ours throughout, so that shortcuts cannot pass by what somebody overrode."""

from __future__ import annotations

from typing import Any

from flasknb.contents.trust import Trust

OURS = "flasknb.contents."
READING = ("get", "mark_trusted_cells")
STORING = (
    "new",
    "save",
    "check_and_sign",
    "validate_notebook_model",
    "run_pre_save_hook",
    "run_pre_save_hooks",
    "run_post_save_hook",
    "run_post_save_hooks",
)


def reads_as_shipped(contents: Any) -> bool:
    """Whether what this manager reads goes through nobody's code but ours."""
    return _are_ours(contents, READING)


def opens_notebooks(contents: Any, *, kind: str | None, content: bool) -> bool:
    """Whether a reader who asks for ``kind``, with or without content, may have a notebook opened."""
    return (content and kind != "directory") or not reads_as_shipped(contents)


def stores_as_shipped(contents: Any) -> bool:
    """Whether what this manager stores goes through nobody's code but ours, hooks included."""
    has_hooks = getattr(contents, "pre_save_hook", None) is not None or bool(getattr(contents, "_pre_save_hooks", None))
    return not has_hooks and _are_ours(contents, STORING)


def signs_as_shipped(contents: Any) -> bool:
    """Whether nobody replaced how this manager validates and signs."""
    return _are_ours(contents, ("check_and_sign", "validate_notebook_model"))


def _are_ours(contents: Any, methods: tuple[str, ...]) -> bool:
    kind, own = type(contents), vars(contents)
    return type(contents.notary) is Trust and all(
        name not in own and getattr(kind, name).__module__.startswith(OURS) for name in methods
    )
