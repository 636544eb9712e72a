"""Whether a notebook's outputs may run scripts: nbformat's signatures, shared with ``jupyter trust``.

Trust is a convenience, saving is not: whatever is wrong with the signature database, the notebook counts as untrusted,
the log says why, and the caller goes on.
"""

from __future__ import annotations

import contextlib
import hmac
import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_core.paths import jupyter_data_dir
from traitlets.config import Config, LoggingConfigurable

from flasknb.contents.open_notaries import OpenNotaries

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbformat.sign import NotebookNotary

log = logging.getLogger(__name__)


class Signature(NamedTuple):
    """A notebook's signature, in hexadecimal, and what it was made with."""

    text: str
    algorithm: str
    secret: bytes


class Trust(LoggingConfigurable):
    """Signs and checks notebooks. The methods are those of nbformat's notary, and never raise. Any thread."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._open_notaries = OpenNotaries()

    def sign(self, notebook: NotebookNode) -> bool:
        """Remember ``notebook`` as trusted; whether that worked."""
        with _surviving("signed"), self._notary() as notary:
            notary.sign(notebook)
            return True
        return False

    def unsign(self, notebook: NotebookNode) -> None:
        """Forget ``notebook``."""
        with _surviving("unsigned"), self._notary() as notary:
            notary.unsign(notebook)

    def check_signature(self, notebook: NotebookNode) -> bool:
        """Whether ``notebook`` was signed; ``False`` when that cannot be found out."""
        with _surviving("checked"), self._notary() as notary:
            return bool(notary.check_signature(notebook))
        return False

    def signature(self, signed_bytes: Iterable[bytes]) -> tuple[Signature | None, bool]:
        """The signature of a notebook of which these are the bytes that nbformat signs, and whether it was signed.

        ``None`` if it cannot be made; ``False`` when that cannot be found out.
        """
        signature = None
        with _surviving("checked"), self._notary() as notary:
            signature = Signature(_signature(notary, signed_bytes), notary.algorithm, notary.secret)
            return signature, bool(notary.store.check_signature(signature.text, notary.algorithm))
        return signature, False

    def is_signed(self, signature: Signature) -> bool | None:
        """Whether the notebook with this signature is signed now; ``None`` when it would have another one by now."""
        with _surviving("checked"), self._notary() as notary:
            if (signature.algorithm, signature.secret) == (notary.algorithm, notary.secret):
                return bool(notary.store.check_signature(signature.text, notary.algorithm))
        return None

    def keep_signature(self, signed_bytes: Iterable[bytes]) -> None:
        """Remember the notebook of which these are the bytes that nbformat signs as trusted."""
        with _surviving("signed"), self._notary() as notary:
            notary.store.store_signature(_signature(notary, signed_bytes), notary.algorithm)

    def mark_cells(self, notebook: NotebookNode, trusted: bool) -> None:
        """Set ``metadata.trusted`` of every code cell."""
        with _surviving("marked"):
            for cell in _code_cells(notebook):
                cell["metadata"]["trusted"] = trusted

    def check_cells(self, notebook: NotebookNode) -> bool:
        """Whether every code cell is marked trusted or holds nothing that could run. Takes the marks off."""
        with _surviving("examined"), self._notary(stored=False) as notary:
            return bool(notary.check_cells(notebook))
        return False

    @contextlib.contextmanager
    def _notary(self, stored: bool = True) -> Iterator[NotebookNotary]:
        """nbformat's notary with a database connection that nobody else uses meanwhile."""
        data_dir = jupyter_data_dir()
        asked = f"{data_dir}\0{self.config.get('NotebookNotary', {})!r}"
        notary = self._open_notaries.take(asked) if stored else None
        if notary is None:
            notary = self._opened(stored, data_dir)
        try:
            yield notary
        except BaseException:
            notary.store.close()
            raise
        if stored:
            self._open_notaries.keep(notary, asked)
        else:
            notary.store.close()

    def _opened(self, stored: bool, data_dir: str) -> NotebookNotary:
        from flasknb.contents.signatures import NotebookNotary

        return NotebookNotary(parent=self, config=self._notary_config(stored, data_dir))

    def _notary_config(self, stored: bool, data_dir: str) -> Config:
        """The user's ``NotebookNotary`` options, with our store where they name none."""
        from flasknb.contents.signatures import MemorySignatureStore, open_store

        config = Config(self.config)
        options = config["NotebookNotary"] = Config(config.get("NotebookNotary", {}))  # the user's own stays as it is
        for name in [name for name, value in options.items() if value in ("", b"")]:
            del options[name]  # nbformat would sign with the empty secret, and write to the root of the disk
        if "data_dir" not in options:
            options.data_dir = data_dir
        secret_file = str(options.get("secret_file") or f"{options.data_dir}/notebook_secret")
        os.makedirs(os.path.dirname(os.path.abspath(secret_file)), mode=0o700, exist_ok=True)
        if not stored:
            options.store_factory = MemorySignatureStore
        elif "store_factory" not in options:
            db_file = options.get("db_file") or f"{options.data_dir}/nbsignatures.db"
            options.store_factory = lambda: open_store(str(db_file))
        return config


def _signature(notary: NotebookNotary, signed_bytes: Iterable[bytes]) -> str:
    digest = hmac.new(notary.secret, digestmod=notary.digestmod)
    for piece in signed_bytes:
        digest.update(piece)
    return digest.hexdigest()


def _code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook["cells"] if cell["cell_type"] == "code")


@contextlib.contextmanager
def _surviving(what: str) -> Iterator[None]:
    """Log instead of failing: signatures come from a database, a secret file and a document nobody has checked."""
    try:
        yield
    except (
        sqlite3.Error,
        OSError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        AssertionError,
        RecursionError,
    ) as error:
        log.warning("notebook could not be %s, it counts as untrusted error=%s: %s", what, type(error).__name__, error)
