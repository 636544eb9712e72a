"""The ``flasknb`` command: a subcommand, or a server. Patches the standard library before a server imports anything."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run ``flasknb`` with the arguments of this process; the exit status."""
    from flasknb.cli.commands.table import is_command, near_command

    argv = sys.argv[1:]
    if is_command(argv) or _is_completing():
        from flasknb.cli.commands.group import run as run_command

        run_command(argv)
    meant = near_command(argv)
    if meant is not None:
        print(f"flasknb: No such file or directory: {argv[0]}. Did you mean `flasknb {meant}`?", file=sys.stderr)
        return 1
    from gevent import monkey

    from flasknb.cli.patching import ask_only_plugins

    ask_only_plugins()
    monkey.patch_all()
    from flasknb.cli.command import run

    return run(argv)


def _is_completing() -> bool:
    return any(name in os.environ for name in ("_FLASKNB_COMPLETE", "_JUPYTER_FLASKNB_COMPLETE"))


if __name__ == "__main__":
    sys.exit(main())
