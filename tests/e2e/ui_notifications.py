"""What the page tells beside the menus: event → widget, style, text, and how long it stays."""

from __future__ import annotations

from dataclasses import dataclass

STICKY = None


@dataclass(frozen=True)
class Notification:
    """``trigger``: arguments of ``events.trigger``, as script. ``stays_ms``: None until it is clicked."""

    trigger: str
    widget: str
    style: str
    text: str
    stays_ms: int | None


KERNEL = "{kernel: Jupyter.notebook.kernel, attempt: 2, reconnect_attempt: 1, session: {}}"

NOTIFICATIONS: dict[str, Notification] = {
    row.trigger.split("'")[1] + (f" {number}" if number else ""): row
    for number, row in [
        (0, Notification(f"'kernel_created.Kernel', {KERNEL}", "kernel", "info", "Kernel Created", 500)),
        (
            0,
            Notification(
                f"'kernel_reconnecting.Kernel', {KERNEL}", "kernel", "warning", "Connecting to kernel", STICKY
            ),
        ),
        (0, Notification(f"'kernel_connection_dead.Kernel', {KERNEL}", "kernel", "danger", "Not Connected", STICKY)),
        (0, Notification(f"'kernel_connected.Kernel', {KERNEL}", "kernel", "info", "Connected", 500)),
        (0, Notification(f"'kernel_restarting.Kernel', {KERNEL}", "kernel", "", "Restarting kernel", 2000)),
        (0, Notification(f"'kernel_autorestarting.Kernel', {KERNEL}", "kernel", "danger", "Dead kernel", STICKY)),
        (0, Notification(f"'kernel_interrupting.Kernel', {KERNEL}", "kernel", "", "Interrupting kernel", 2000)),
        (0, Notification(f"'kernel_killed.Kernel', {KERNEL}", "kernel", "warning", "No kernel", STICKY)),
        (0, Notification(f"'kernel_killed.Session', {KERNEL}", "kernel", "warning", "No kernel", STICKY)),
        (0, Notification(f"'kernel_dead.Kernel', {KERNEL}", "kernel", "danger", "Dead kernel", STICKY)),
        (0, Notification(f"'kernel_dead.Session', {KERNEL}", "kernel", "danger", "Kernel error", STICKY)),
        (
            1,
            Notification(
                "'kernel_dead.Session', {xhr: {responseJSON: {short_message: 'Short'}}}",
                "kernel",
                "danger",
                "Short",
                STICKY,
            ),
        ),
        (
            0,
            Notification(
                f"'kernel_starting.Kernel', {KERNEL}", "kernel", "", "Kernel starting, please wait...", STICKY
            ),
        ),
        (
            0,
            Notification(
                "'kernel_created.Session', {session: {}, kernel: Jupyter.notebook.kernel}",
                "kernel",
                "",
                "Kernel starting, please wait...",
                STICKY,
            ),
        ),
        (0, Notification(f"'kernel_ready.Kernel', {KERNEL}", "kernel", "info", "Kernel ready", 500)),
        (
            0,
            Notification(
                "'spec_match_found.Kernel', {found: {spec: {display_name: 'Python X'}}}",
                "kernelspec",
                "info",
                "Using kernel: Python X",
                3000,
            ),
        ),
        (0, Notification("'notebook_loading.Notebook'", "notebook", "", "Loading notebook", 500)),
        (0, Notification("'notebook_loaded.Notebook'", "notebook", "", "Notebook loaded", 500)),
        (0, Notification("'notebook_saving.Notebook'", "notebook", "", "Saving notebook", 500)),
        (0, Notification("'notebook_saved.Notebook'", "notebook", "", "Notebook saved", 2000)),
        (
            0,
            Notification(
                "'notebook_save_failed.Notebook', new Error('disk full')", "notebook", "warning", "disk full", STICKY
            ),
        ),
        (1, Notification("'notebook_save_failed.Notebook'", "notebook", "warning", "Notebook save failed", STICKY)),
        (0, Notification("'notebook_copy_failed', new Error('no room')", "notebook", "warning", "no room", STICKY)),
        (1, Notification("'notebook_copy_failed'", "notebook", "warning", "Notebook copy failed", STICKY)),
        (
            0,
            Notification(
                "'checkpoint_created.Notebook', {id: 'checkpoint', last_modified: new Date(2026, 1, 3, 4, 5, 6)}",
                "notebook",
                "",
                "Checkpoint created: 04:05:06",
                2000,
            ),
        ),
        (
            0,
            Notification(
                "'checkpoint_failed.Notebook', new Error('no')", "notebook", "warning", "Checkpoint failed", STICKY
            ),
        ),
        (0, Notification("'checkpoint_deleted.Notebook'", "notebook", "", "Checkpoint deleted", 500)),
        (
            0,
            Notification(
                "'checkpoint_delete_failed.Notebook', new Error('no')",
                "notebook",
                "warning",
                "Checkpoint delete failed",
                STICKY,
            ),
        ),
        (0, Notification("'checkpoint_restoring.Notebook', 'id'", "notebook", "", "Restoring to checkpoint...", 500)),
        (
            0,
            Notification(
                "'checkpoint_restore_failed.Notebook', new Error('no')",
                "notebook",
                "warning",
                "Checkpoint restore failed",
                STICKY,
            ),
        ),
        (0, Notification("'autosave_disabled.Notebook'", "notebook", "", "Autosave disabled", 2000)),
        (0, Notification("'autosave_enabled.Notebook', 120000", "notebook", "", "Saving every 120 sec.", 1000)),
        (0, Notification("'trust_changed.Notebook', true", "trusted", "", "Trusted", STICKY)),
        (1, Notification("'trust_changed.Notebook', false", "trusted", "", "Not Trusted", STICKY)),
    ]
}
"""Row id (the event, numbered where one has several) → what it tells."""
