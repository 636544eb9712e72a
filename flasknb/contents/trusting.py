"""What a contents manager does about trust: signs notebooks, marks their cells, says whether they are valid."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flasknb.contents.awaiting import call
from flasknb.contents.models import ContentsModel
from flasknb.contents.notebooks import as_notebook, validation_message
from flasknb.contents.paths import shown
from flasknb.errors import SaveFailed

if TYPE_CHECKING:
    from nbformat import NotebookNode


class Trusting:
    """Part of ``ContentsManager``. Any thread."""

    notary: Any
    log: logging.Logger
    get: Callable[..., Any]

    def trust_notebook(self, path: str) -> None:
        """Sign the notebook as it is on disk, whatever is in it. Raises SaveFailed when it stays untrusted."""
        model = call(self.get, path, type="notebook")
        self.notary.mark_cells(model["content"], True)
        if call(self.check_and_sign, model["content"], path) is False:  # a subclass's may return nothing
            raise SaveFailed(
                f"{shown(path)} stays untrusted: its signature could not be written. The server's log says why; "
                "signatures are kept in Jupyter's data folder"
            )

    def check_and_sign(self, nb: NotebookNode, path: str = "") -> bool:
        """Sign ``nb`` if all its cells are trusted; whether it was signed. Takes the marks off the cells."""
        if self.notary.check_cells(nb):
            is_signed: bool = self.notary.sign(nb)
            return is_signed
        self.log.info("notebook is not trusted path=%s", path)
        return False

    def mark_trusted_cells(self, nb: NotebookNode, path: str = "") -> None:
        """Mark the cells of ``nb`` as trusted or not, by its signature."""
        self.notary.mark_cells(nb, self.notary.check_signature(nb))

    def validate_notebook_model(self, model: ContentsModel, validation_error: Any = None) -> ContentsModel:
        """Put into ``model["message"]`` why its notebook does not validate; nothing when it does."""
        content = model["content"]
        message = validation_message(as_notebook(content))
        if message:
            model["message"] = message
        return model
