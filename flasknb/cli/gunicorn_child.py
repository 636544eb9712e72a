"""gunicorn as the ``flasknb`` command starts it: no module is ever taken from the folder that is served.

gunicorn puts the working directory before everything else that is imported. It is the user's notebooks here, some of
them downloaded, and a ``json.py`` among them would run. Imports nothing that a worker patches later.
"""

from __future__ import annotations

import os

from gunicorn.app.wsgiapp import WSGIApplication


class _Application(WSGIApplication):  # type: ignore[misc]
    def chdir(self) -> None:
        """Go to the working directory, and leave ``sys.path`` alone."""
        os.chdir(self.cfg.chdir)


def main() -> None:
    """Run until told to stop."""
    _Application("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()
