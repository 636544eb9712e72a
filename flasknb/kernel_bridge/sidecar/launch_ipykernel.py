"""Runs ``ipykernel_launcher`` with room for many queued messages. Standard library, zmq and ipykernel only.

Started by path with the kernel's own Python, which need not have flasknb and may be older than ours.

ipykernel's publishing socket drops messages beyond libzmq's default of 1,000 when the reader is short of CPU.

As a spare (``FLASKNB_SPARE`` is the descriptor of a socket) it imports what a kernel needs and waits for its folder and
environment. Nothing that depends on either, or that a user could see, happens before.
"""

import os
import sys

QUEUED_MESSAGES = 1_000_000
SPARE_VARIABLE = "FLASKNB_SPARE"
READY, CLAIMED = b"R", b"C"
EARLY_IMPORTS = (
    *("ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger", "IPython.core.completerlib", "sqlite3"),
    *("IPython.core.history", "IPython.core.oinspect", "IPython.core.logger", "IPython.extensions.storemagic"),
    *("psutil", "tornado.platform.asyncio", "tornado.queues", "encodings.idna", "stringprep"),
)


def main() -> None:
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]  # this file's folder is nothing that a notebook should import from
    claim = os.environ.pop(SPARE_VARIABLE, None)
    import zmq
    from ipykernel import kernelapp

    if claim is not None:
        wait_for_claim(int(claim))
    original = getattr(kernelapp.IPKernelApp, "init_iopub", None)
    if original is not None:

        def init_iopub(app: "kernelapp.IPKernelApp", context: "zmq.Context[zmq.Socket[bytes]]") -> None:
            context.setsockopt(zmq.SNDHWM, QUEUED_MESSAGES)
            original(app, context)

        setattr(kernelapp.IPKernelApp, "init_iopub", init_iopub)  # noqa: B010 - mypy
    kernelapp.launch_new_instance()


def wait_for_claim(descriptor: int) -> None:
    """Wait for ``{"cwd", "env"}`` and take both on; end when nobody is left who could send it."""
    import contextlib
    import importlib
    import json
    import socket
    import time

    before = dict(os.environ)
    for name in EARLY_IMPORTS:
        with contextlib.suppress(ImportError):  # this kernel does without
            importlib.import_module(name)
    with socket.socket(fileno=descriptor) as sidecar:
        sidecar.sendall(READY)
        with sidecar.makefile("rb") as file:
            line = file.readline()
        if not line.endswith(b"\n"):
            os._exit(0)  # the sidecar is gone, or wants this spare no more
        claimed = json.loads(line)
        set_by_imports = {name: value for name, value in os.environ.items() if before.get(name) != value}
        os.environ.clear()
        os.environ.update({**set_by_imports, **claimed["env"]})
        time.tzset()
        os.chdir(claimed["cwd"])
        sidecar.sendall(CLAIMED)


if __name__ == "__main__":
    main()
