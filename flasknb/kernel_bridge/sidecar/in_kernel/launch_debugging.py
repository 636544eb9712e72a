"""Has ipykernel bring debugpy when somebody debugs. ``launch_ipykernel`` runs this in the kernel's own Python.

Standard library only, and for what a kernel brings: Python may be older than ours, and there is no flasknb.

debugpy is a quarter of all that a kernel imports (50 ms of a processor, 7 MB), and nearly no kernel is ever debugged.
Kernels say all the same that they can be. Of an ipykernel whose debugger looks other than that of 6.29 to 7.4, nothing
is touched.
"""

from __future__ import annotations

import importlib
import os
import sys
from importlib.util import find_spec
from typing import Any

DEBUGGER = "ipykernel.debugger"
PACKAGE = "debugpy"
KNOWN = {
    "VariableExplorer.__init__": {
        *("SuspendedFramesManager", "suspended_frame_manager", "_DummyPyDB", "py_db", "_FramesTracker", "tracker"),
        "frame",
    },
    "Debugger.start": {"debugpy_initialized", "get_host_port", "connect_tcp_socket"},
}
"""The functions that use debugpy, with names that occur in them; in the first, all of them."""

SILENT = "PYDEVD_DISABLE_FILE_VALIDATION"
"""What it says of frozen modules when it comes would else stand in the output of whatever cell runs."""


class _Absent:
    """Finder of modules by which debugpy is not to be had."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] == PACKAGE:
            raise ModuleNotFoundError(name, name=name)


def debug_later() -> bool:
    """Import ipykernel's debugger without debugpy; whether that is as known, else it is imported as ever."""
    if {DEBUGGER, PACKAGE} & set(sys.modules) or find_spec(PACKAGE) is None:
        return False
    absent: Any = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        module: Any = importlib.import_module(DEBUGGER)
    finally:
        sys.meta_path.remove(absent)
    if not _is_known(module):
        del sys.modules[DEBUGGER]
        return False
    _bring_at_first_use(module)
    return True


def _is_known(module: Any) -> bool:
    explorer, start = (_names(module, name) for name in KNOWN)
    is_whole = explorer == KNOWN["VariableExplorer.__init__"] and KNOWN["Debugger.start"] <= start
    return is_whole and getattr(module, "_is_debugpy_available", None) is False


def _names(module: Any, name: str) -> set[str]:
    class_name, _, function_name = name.partition(".")
    code = getattr(getattr(getattr(module, class_name, None), function_name, None), "__code__", None)
    return set(code.co_names) if code is not None else set()


def _bring_at_first_use(module: Any) -> None:
    explorer_class, start = module.VariableExplorer, module.Debugger.start

    class LateExplorer:
        """An explorer of variables that is made when it is asked for anything."""

        def __getattr__(self, name: str) -> Any:
            if "explorer" not in self.__dict__:
                bring(module)
                self.__dict__["explorer"] = explorer_class()
            return getattr(self.__dict__["explorer"], name)

    def start_with_debugpy(debugger: Any) -> Any:
        bring(module)
        return start(debugger)

    module.VariableExplorer, module.Debugger.start = LateExplorer, start_with_debugpy
    module._is_debugpy_available = True


def bring(module: Any) -> None:
    """Import what ``module`` would have imported at once. Raises what that raises."""
    if hasattr(module, "api"):
        return
    is_said = SILENT in os.environ
    os.environ.setdefault(SILENT, "1")
    try:
        api = importlib.import_module("debugpy.server.api")  # by which the next ones are found
        module.pydevd_frame_utils = importlib.import_module("_pydevd_bundle.pydevd_frame_utils")
        frames: Any = importlib.import_module("_pydevd_bundle.pydevd_suspended_frames")
    finally:
        if not is_said:
            os.environ.pop(SILENT, None)
    module.SuspendedFramesManager, module._FramesTracker = frames.SuspendedFramesManager, frames._FramesTracker
    module.api = api
