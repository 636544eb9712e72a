"""``python -m flasknb.kernel_bridge.sidecar``: settings as JSON on standard input; ``--detach`` returns when it serves.

Exit status: 0, or 1 with a sentence on standard error. Never 3 or 4, which gunicorn takes for a worker's last words.
"""

from __future__ import annotations

import gc
import logging
import logging.handlers
import os
import sys
from collections.abc import Callable, Sequence

from flasknb.kernel_bridge.instance import locked, private_dir
from flasknb.kernel_bridge.sidecar.early_spare import EarlySpare, early_spare
from flasknb.kernel_bridge.sidecar.settings import Settings

LOCK_TIMEOUT_S = 20.0  # the last one may be ending its kernels
LOG_BYTES = 1024 * 1024
READY = b"ready"


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    arguments = sys.argv[1:] if arguments is None else arguments
    settings = Settings.from_json(sys.stdin.buffer.read())
    private_dir(settings.instance_dir)
    if "--detach" in arguments:
        detach(settings)
    else:
        log_to(logging.StreamHandler())
        serve(settings, lambda: None)


def serve(settings: Settings, on_ready: Callable[[], None]) -> None:
    """Run a sidecar in this process. Raises SystemExit(1) when the instance has one already."""
    with locked(settings.instance_dir / "sidecar.lock", timeout_s=LOCK_TIMEOUT_S) as is_only_one:
        if not is_only_one:
            raise SystemExit(f"another sidecar serves {settings.root_dir}, and does not answer or does not end")
        _run(settings, early_spare(settings), on_ready)


def detach(settings: Settings) -> None:
    """Run a sidecar in a process of its own; returns (or exits with its complaint) once it serves or fails."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        _run_detached(settings, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        complaint = answer.read()
    if complaint != READY:
        raise SystemExit(complaint.decode(errors="replace") or "the sidecar ended at once; see sidecar.log")


def _run(settings: Settings, early: EarlySpare | None, on_ready: Callable[[], None]) -> None:
    """Serve. What that takes is imported while the spare imports what it needs, and nobody looks for garbage in it."""
    gc.disable()
    import asyncio

    from flasknb.kernel_bridge.sidecar.server import SidecarServer

    gc.freeze()
    gc.unfreeze()  # all of it is old at once, without having been looked through
    gc.enable()

    async def serving() -> None:
        await SidecarServer(settings, early).run(on_ready)

    asyncio.run(serving())


def _run_detached(settings: Settings, writer: int) -> None:
    """The child's life; never returns."""
    status = 0
    try:
        _let_go_of_the_terminal()
        log_to(
            logging.handlers.RotatingFileHandler(
                settings.instance_dir / "sidecar.log", maxBytes=LOG_BYTES, backupCount=1
            )
        )
        serve(settings, lambda: _report(writer, READY))
    except SystemExit as error:
        status = 1
        _report(writer, str(error).encode())
    except BaseException as error:
        logging.getLogger(__name__).exception("sidecar failed")
        status = 1
        _report(writer, f"{type(error).__name__}: {error}".encode())
    logging.shutdown()
    os._exit(status)


def _report(writer: int, word: bytes) -> None:
    try:
        os.write(writer, word)
        os.close(writer)
    except OSError:
        pass  # the report went out before


def _let_go_of_the_terminal() -> None:
    os.setsid()
    os.umask(0o077)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)


def log_to(handler: logging.Handler) -> None:
    """Send everything from info upwards to ``handler``."""
    logging.basicConfig(
        level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )


if __name__ == "__main__":
    main()
