"""What happens when the command starts: which folder, which page, which browser."""

from __future__ import annotations

from typing import Any

from traitlets import Bool, HasTraits, Int, TraitError, Unicode, validate

OPENING_MODES = (0, 1, 2)


class Starting(HasTraits):
    """Options of the start."""

    root_dir = Unicode("", help="Folder that is served. Default: the working directory.").tag(config=True)
    default_url = Unicode("/tree", help="Page that opens first, below base_url.").tag(config=True)
    file_to_run = Unicode("", help="Notebook or file to open at start.").tag(config=True)
    file_url_prefix = Unicode(
        "notebooks", help="Page that opens file_to_run when it is a notebook: the first part of its address."
    ).tag(config=True)
    open_browser = Bool(True, help="Open the page in a browser at start (the flasknb command only).").tag(config=True)
    browser = Unicode("", help="Browser to open: a name Python's webbrowser knows, or a command with %s.").tag(
        config=True
    )
    webbrowser_open_new = Int(2, help="Where the page opens: 2 a new tab, 1 a new window, 0 the present one.").tag(
        config=True
    )
    use_redirect_file = Bool(
        True, help="Open the browser by a private file, so that no list of processes shows the token."
    ).tag(config=True)
    custom_display_url = Unicode(
        "", help="Address that is shown and opened instead of the computed one, up to and with base_url."
    ).tag(config=True)
    autoreload = Bool(False, help="Start the web side anew when a Python file of ours changes.").tag(config=True)
    allow_root = Bool(False, help="Let the flasknb command run as root.").tag(config=True)
    pylab = Unicode("disabled", help="Gone: use %matplotlib in the notebook. Any value stops the start.").tag(
        config=True
    )

    @validate("webbrowser_open_new")
    def _is_opening_mode(self, proposal: dict[str, Any]) -> int:
        if proposal["value"] not in OPENING_MODES:
            raise TraitError(f"webbrowser_open_new must be 0, 1 or 2, not {proposal['value']}")
        return int(proposal["value"])

    @validate("pylab")
    def _is_gone(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] != "disabled":
            raise TraitError("pylab is gone: use %pylab or %matplotlib in the notebook")
        return "disabled"
