"""The ``flasknb`` command. Patches the standard library before anything else is imported; nothing else happens here."""

from __future__ import annotations

import sys


def main() -> int:
    """Run ``flasknb`` with the arguments of this process; the exit status."""
    from gevent import monkey

    monkey.patch_all()
    from flasknb.cli.command import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
