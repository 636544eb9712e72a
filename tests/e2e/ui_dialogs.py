"""The notebook page's dialogs: how each is opened, its buttons with their classes, and what has the focus."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect


@dataclass(frozen=True)
class Dialog:
    """How it opens (a script, or what is clicked in turn), buttons with extra class, what has the focus."""

    opens: str | tuple[str, ...]
    buttons: dict[str, str]
    focused: str

    def show(self, page: Page) -> None:
        """Open it, as a user or a script does."""
        if isinstance(self.opens, str):
            page.evaluate(f"() => void ({self.opens})")
        else:
            for selector in self.opens:
                page.click(selector)
        expect(page.locator(".modal.in")).to_be_visible()


KERNEL_MENU = "#kernellink"
FAILED_SESSION = (
    "{session: {}, xhr: {responseJSON: {message: 'no such program', short_message: 'Broken', traceback: 'line 1'}}}"
)

DIALOGS: dict[str, Dialog] = {
    "Rename Notebook": Dialog(("#notebook_name",), {"Cancel": "", "Rename": "btn-primary"}, ".modal-body input"),
    "Save As": Dialog(
        ("#filelink", "#save_notebook_as"), {"Cancel": "", "Save": "btn-primary"}, "[data-testid=save-as]"
    ),
    "Notebook validation failed": Dialog(
        "Jupyter.notebook._show_validation_failure('loaded', 'Notebook validation failed: no')",
        {"OK": "btn-primary"},
        "OK",
    ),
    "Notebook failed to load": Dialog(
        "Jupyter.notebook._show_unreadable(new Error('odd'))", {"Open as Text": "", "OK": "btn-primary"}, "OK"
    ),
    "Error loading notebook": Dialog(
        "Jupyter.notebook.load_notebook_error(new Error('odd'))",
        {"Open as Text": "btn-primary", "Close": "btn-danger"},
        "Close",
    ),
    "Notebook converted": Dialog(
        "Jupyter.notebook.metadata.orig_nbformat = 3, Jupyter.notebook._tell_conversion()", {"OK": "btn-primary"}, "OK"
    ),
    "Newer Notebook": Dialog("Jupyter.notebook.warn_nbformat_minor()", {"OK": "btn-danger"}, "OK"),
    "Use markdown headings": Dialog("Jupyter.notebook._warn_heading()", {"OK": ""}, "OK"),
    "Trust this notebook?": Dialog(("#filelink", "#trust_notebook"), {"Cancel": "", "Trust": "btn-danger"}, "Trust"),
    "Restart kernel?": Dialog(
        (KERNEL_MENU, "#restart_kernel"), {"Continue Running": "", "Restart": "btn-danger"}, "Restart"
    ),
    "Restart kernel and clear all output?": Dialog(
        (KERNEL_MENU, "#restart_clear_output"),
        {"Continue Running": "", "Restart and Clear All Outputs": "btn-danger"},
        "Restart and Clear All Outputs",
    ),
    "Restart kernel and re-run the whole notebook?": Dialog(
        (KERNEL_MENU, "#restart_run_all"),
        {"Continue Running": "", "Restart and Run All Cells": "btn-danger"},
        "Restart and Run All Cells",
    ),
    "Shutdown kernel?": Dialog(
        (KERNEL_MENU, "#shutdown_kernel"), {"Continue Running": "", "Shutdown": "btn-danger"}, "Shutdown"
    ),
    "Revert notebook to checkpoint": Dialog(
        "Jupyter.notebook.restore_checkpoint_dialog({id: 'checkpoint', last_modified: '2026-01-02T03:04:05Z'})",
        {"Cancel": "", "Revert": "btn-danger"},
        "Cancel",
    ),
    "Kernel not found": Dialog(
        "Jupyter.notebook.kernel_selector.set_kernel('no-such-kernel')",
        {"Continue Without Kernel": "btn-danger", "Set Kernel": "btn-primary"},
        "Set Kernel",
    ),
    "Creating Notebook Failed": Dialog(
        "Jupyter.notebook.contents.new_untitled = async () => { delete Jupyter.notebook.contents.new_untitled;"
        " throw new Error('disk full') }, Jupyter.notebook.kernel_selector.new_notebook('python3')",
        {"OK": "btn-primary"},
        "OK",
    ),
    "Kernel Restarting": Dialog(
        "$([Jupyter.events]).trigger('kernel_autorestarting.Kernel', {kernel: Jupyter.notebook.kernel, attempt: 1})",
        {"OK": "btn-primary"},
        "OK",
    ),
    "Connection failed": Dialog(
        "$([Jupyter.events]).trigger('kernel_connection_failed.Kernel', {kernel: Jupyter.notebook.kernel, attempt: 1})",
        {"OK": ""},
        "OK",
    ),
    "Dead kernel": Dialog(
        "$([Jupyter.events]).trigger('kernel_dead.Kernel', {kernel: Jupyter.notebook.kernel})",
        {"Don't Restart": "", "Try Restarting Now": "btn-danger"},
        "Don't Restart",
    ),
    "Failed to start the kernel": Dialog(
        f"$([Jupyter.events]).trigger('kernel_dead.Session', {FAILED_SESSION})", {"OK": "btn-primary"}, "OK"
    ),
    "Keyboard shortcuts": Dialog("Jupyter.quick_help.show_keyboard_shortcuts()", {"Close": ""}, "Close"),
    "Edit Notebook Metadata": Dialog(
        ("#editlink", "#edit_nb_metadata"), {"Cancel": "", "Edit": "btn-primary"}, "Cancel"
    ),
    "Edit Cell Metadata": Dialog(
        "Jupyter.notebook._choose_celltoolbar('Edit Metadata'), $('.celltoolbar button').first().click()",
        {"Cancel": "", "Edit": "btn-primary"},
        "Cancel",
    ),
    "Edit Cell Attachments": Dialog(
        "Jupyter.notebook._choose_celltoolbar('Attachments'), $('.celltoolbar button').first().click()",
        {"Apply": "btn-primary", "Cancel": ""},
        "Cancel",
    ),
    "Edit Notebook Attachments": Dialog(
        "require('base/js/dialog').edit_attachments({attachments: {a: {'text/plain': 'QQ=='}}, callback: () => 0,"
        " name: 'notebook', notebook: Jupyter.notebook, keyboard_manager: Jupyter.keyboard_manager})",
        {"Apply": "btn-primary", "Cancel": ""},
        "Cancel",
    ),
    "Select a file": Dialog(
        "Jupyter.notebook.select(1), Jupyter.notebook.insert_image()",
        {"OK": "", "Cancel": ""},
        "#insert-image-form input",
    ),
    "Raw Cell MIME Type": Dialog(
        "Jupyter.notebook._choose_celltoolbar('Raw Cell Format'),"
        " $('.celltoolbar select').first().val('dialog').trigger('change')",
        {"Cancel": "", "OK": "btn-primary"},
        ".modal-body input",
    ),
    "Edit Tags": Dialog(
        "Jupyter.notebook._choose_celltoolbar('Tags'), $('.tags-dialog-btn').first().click()",
        {"Cancel": "", "Edit": "btn-primary"},
        ".modal-body textarea",
    ),
    "About flasknb": Dialog("$('#notebook_about').click()", {"OK": ""}, "OK"),
}
"""Title → dialog, in the inventory's order. Sections 1.13 and 1.14 have tests of their own."""
