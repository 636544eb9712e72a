"""Runs ``ipykernel_launcher`` with room for many queued messages. Standard library, zmq and ipykernel only.

Started by path with the kernel's own Python, which need not have flasknb and may be older than ours.

ipykernel's publishing socket drops messages beyond libzmq's default of 1,000 when the reader is short of CPU.
"""

import sys

QUEUED_MESSAGES = 1_000_000


def main() -> None:
    del sys.path[0]  # this file's folder is nothing that a notebook should import from
    import zmq
    from ipykernel import kernelapp

    original = getattr(kernelapp.IPKernelApp, "init_iopub", None)
    if original is not None:

        def init_iopub(app: "kernelapp.IPKernelApp", context: "zmq.Context[zmq.Socket[bytes]]") -> None:
            context.setsockopt(zmq.SNDHWM, QUEUED_MESSAGES)
            original(app, context)

        setattr(kernelapp.IPKernelApp, "init_iopub", init_iopub)  # noqa: B010 - mypy
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
