"""The server's own options, under the names users' files already have. Declares; does not look anything up."""

from __future__ import annotations

from traitlets import Bool, List, Unicode
from traitlets.config import Configurable

from flasknb.config.addresses import is_loopback
from flasknb.config.applications import JupyterApp
from flasknb.config.groups.access import Access
from flasknb.config.groups.kernels import KernelServices
from flasknb.config.groups.listening import DEFAULT_PORT, Listening
from flasknb.config.groups.pages import Pages
from flasknb.config.groups.services import ServiceClasses
from flasknb.config.groups.starting import Starting

__all__ = ["DEFAULT_PORT", "NotebookApp", "ServerApp", "is_loopback"]


class ServerApp(Listening, Starting, Access, Pages, ServiceClasses, KernelServices, JupyterApp):
    """Where the server listens, what it serves, and who may talk to it."""


class NotebookApp(Configurable):
    """Options of the classic pages that have no place in ServerApp; all others of this name move there."""

    enable_mathjax = Bool(True, help="Set formulas; otherwise pages show them as they are written.").tag(config=True)
    mathjax_url = Unicode(
        "", help="Address of another MathJax, version 3 or 4, instead of the one that is part of flasknb."
    ).tag(config=True)
    extra_nbextensions_path = List(Unicode(), help="Folders searched for nbextensions first.").tag(config=True)
