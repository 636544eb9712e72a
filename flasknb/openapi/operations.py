"""What can be asked below ``/api``: methods, paths, parameters, answers. Data only; the shapes are in ``schemas``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flasknb.openapi.schemas import ANY_OBJECT, TEXT, Schema, array, ref

FLAG: Schema = {"enum": ["0", "1"]}

# statuses that need no more words than these
PHRASES: Mapping[int, str] = {
    400: "The request makes no sense.",
    403: "Not logged in, not permitted, without a valid _xsrf value, or under a foreign Host.",
    404: "There is no such thing, or the page of another site asks.",
    409: "Something of that name is there, or it changed meanwhile.",
    410: "The session's kernel had ended before.",
    413: "The body is larger than max_body_size, or the file too large to be opened.",
    429: "A limit is reached: kernels, terminals, starts, or what waits; Retry-After says when to try again.",
    500: "It could not be done; the message says why.",
    501: "This server cannot do it; the message says what to do instead.",
    502: "The gateway that runs the kernels does not let this server in, or is none.",
    503: "The process that runs the kernels cannot be reached; Retry-After says when to try again.",
    507: "The disk is full; what was there before is intact.",
}
EVERYWHERE = (403, 404)
WITH_BODY = (400, 413)
KERNEL_WORLD = (502, 503)
STARTING = (*WITH_BODY, 429, *KERNEL_WORLD)
ON_DISK = (400, 409, 500, 507)


@dataclass(frozen=True)
class Operation:
    """One method of one path.

    Args:
        answers: what success looks like: the body's shape, ``None`` for an empty one.
        errors: statuses of failures, beside those of every operation.
        body: shape of the JSON sent along; may be left out unless ``needs_body``.
        query: arguments and their shapes.
    """

    method: str
    path: str
    tag: str
    summary: str
    answers: Mapping[int, Schema | None]
    errors: tuple[int, ...] = ()
    body: Schema | None = None
    needs_body: bool = False
    query: Mapping[str, Schema] = field(default_factory=dict)
    needed_query: tuple[str, ...] = ()
    answer_type: str = "application/json"
    is_open: bool = False


ENTRY, CHECKPOINTS = "/api/contents/{api_path}", "/api/contents/{api_path}/checkpoints"
CHECKPOINT = CHECKPOINTS + "/{checkpoint_id}"
KERNEL, SESSION, SECTION, TERMINAL = (
    "/api/kernels/{kernel_id}",
    "/api/sessions/{session_id}",
    "/api/config/{section}",
    "/api/terminals/{name}",
)
KEPT = "/api/kept-outputs/{api_path}"
READ_FLAGS: Mapping[str, Schema] = {"type": TEXT, "format": {"enum": ["text", "base64"]}, "content": FLAG, "hash": FLAG}
ENTRY_READ: Mapping[int, Schema | None] = {200: ref("Entry")}

SERVER = (
    Operation("GET", "/api", "server", "Version; open to everybody", {200: ref("Version")}, is_open=True),
    Operation("GET", "/api/spec.yaml", "server", "This document", {200: ANY_OBJECT}, answer_type="text/x-yaml"),
    Operation("GET", "/api/status", "server", "Figures", {200: ref("Status")}, KERNEL_WORLD),
    Operation(
        "GET",
        "/api/me",
        "identity",
        "Who asks, and which of the asked-for permissions they have",
        {200: ref("Me")},
        (400,),
        query={"permissions": {**TEXT, "description": 'JSON like {"contents": ["read", "write"]}.'}},
    ),
    Operation(
        "PATCH",
        "/api/me",
        "identity",
        "Change one's own name or looks, as far as the server lets",
        {200: ref("ChangedIdentity")},
        (*WITH_BODY, 501),
        body=ref("IdentityChange"),
        needs_body=True,
    ),
    Operation(
        "GET",
        "/api/resolvePath",
        "server",
        "Where a path of a traceback is, for server and kernel",
        {200: ref("ResolvedPath")},
        (400, *KERNEL_WORLD),
        query={"path": TEXT, "kernel": TEXT},
        needed_query=("path",),
    ),
    Operation("GET", "/api/nbconvert", "server", "What notebooks can become", {200: ref("Exporters")}, (500, 501, 503)),
    Operation("POST", "/api/shutdown", "server", "End kernels, terminals and server", {200: None}, (501, 503)),
    Operation("POST", "/api/security/csp-report", "server", "For browsers", {200: None}, (413,), body=ANY_OBJECT),
    Operation("POST", "/api/events", "events", "Raise an event", {204: None}, (*WITH_BODY, 503), ref("Event"), True),
    Operation("GET", "/api/events/subscribe", "events", "A websocket: every event as text", {101: None}, (400, 503)),
)

ROOT_AND_BELOW = tuple(
    operation
    for path in ("/api/contents", ENTRY)
    for operation in (
        Operation("GET", path, "contents", "An entry", ENTRY_READ, (400, 413, 500), query=READ_FLAGS),
        Operation(
            "POST", path, "contents", "A new entry in a folder", {201: ref("Entry")}, (*ON_DISK, 413), ref("NewEntry")
        ),
        Operation(
            "PATCH", path, "contents", "Rename", ENTRY_READ, (*ON_DISK, 413), body=ref("Rename"), needs_body=True
        ),
        Operation(
            "PUT",
            path,
            "contents",
            "Save",
            {200: ref("Entry"), 201: ref("Entry")},
            (*ON_DISK, 413),
            body=ref("EntryToSave"),
            query={"hash": FLAG},
        ),
        Operation("DELETE", path, "contents", "Delete", {204: None}, ON_DISK),
    )
)
CONTENTS = (
    *ROOT_AND_BELOW,
    Operation("GET", CHECKPOINTS, "contents", "Checkpoints", {200: array(ref("Checkpoint"))}, (400, 500)),
    Operation("POST", CHECKPOINTS, "contents", "Make a checkpoint", {201: ref("Checkpoint")}, ON_DISK),
    Operation("POST", CHECKPOINT, "contents", "Go back to a checkpoint", {204: None}, ON_DISK),
    Operation("DELETE", CHECKPOINT, "contents", "Forget a checkpoint", {204: None}, ON_DISK),
    Operation("POST", f"{ENTRY}/trust", "contents", "Trust a notebook", {201: None}, ON_DISK),
    Operation(
        "POST",
        f"{ENTRY}/merge",
        "contents",
        "Merge a notebook with the file",
        {200: ref("Merged")},
        (400, 413, 500, 501, 503),
        body=ref("ToMerge"),
        needs_body=True,
    ),
)

KERNELS = (
    Operation("GET", "/api/kernels", "kernels", "Every kernel", {200: array(ref("Kernel"))}, KERNEL_WORLD),
    Operation(
        "POST", "/api/kernels", "kernels", "Start a kernel", {201: ref("Kernel")}, (*STARTING, 409, 500),
        body=ref("NewKernel"),
    ),
    Operation("GET", KERNEL, "kernels", "One kernel", {200: ref("Kernel")}, KERNEL_WORLD),
    Operation("DELETE", KERNEL, "kernels", "End a kernel", {204: None}, KERNEL_WORLD),
    Operation("POST", f"{KERNEL}/interrupt", "kernels", "Interrupt", {204: None}, KERNEL_WORLD),
    Operation("POST", f"{KERNEL}/restart", "kernels", "Restart", {200: ref("Kernel")}, (500, *KERNEL_WORLD)),
    Operation(
        "GET", f"{KERNEL}/channels", "kernels", "A websocket: messages both ways", {101: None}, (400, 503),
        query={"session_id": TEXT, "since": TEXT, "epoch": TEXT},
    ),
    Operation("GET", f"{KERNEL}/queue", "kernels", "What runs and what waits", {200: ref("Queue")}, KERNEL_WORLD),
    Operation("DELETE", f"{KERNEL}/queue/{{msg_id}}", "kernels", "Take out what waits", {204: None}, (409, 503)),
    Operation(
        "POST", f"{KERNEL}/execute", "kernels", "Run code without a page", {202: ref("Asked")},
        (*WITH_BODY, 409, 429, 503), body=ref("CodeToRun"), needs_body=True,
    ),
    Operation(
        "GET", f"{KERNEL}/outputs", "kernels", "Messages of the kernel, by number", {200: ref("Messages")}, (400, 503),
        query={
            "since": TEXT, "epoch": TEXT, "msg_id": TEXT, "limit": TEXT,
            "wait_s": {**TEXT, "description": "How long to wait for the first message; seconds, at most 30."},
        },
    ),
    Operation(
        "GET", f"{KERNEL}/cells", "kernels", "What each cell has shown lately", {200: ref("Cells")}, (400, 503),
        query={"session_id": TEXT, "ended_after_ms": TEXT, "hash": TEXT, "path": TEXT},
    ),
    Operation(
        "PUT", f"{KERNEL}/document", "kernels", "Which bytes of its document a page knows", {204: None},
        (*WITH_BODY, 503), body=ref("KnownDocument"), needs_body=True,
    ),
    Operation("GET", KEPT, "kernels", "Outputs kept beside a notebook", {200: ref("KeptOutputs")}, (400,)),
    Operation("DELETE", KEPT, "kernels", "Forget them", {204: None}, (400,)),
    Operation("GET", "/api/kernelspecs", "kernels", "What can be started", {200: ref("KernelSpecs")}, KERNEL_WORLD),
    Operation("GET", "/api/kernelspecs/{name}", "kernels", "One of them", {200: ref("KernelSpec")}, KERNEL_WORLD),
    Operation("GET", "/api/sessions", "sessions", "Every session", {200: array(ref("Session"))}, KERNEL_WORLD),
    Operation(
        "POST", "/api/sessions", "sessions", "Open a session", {201: ref("Session")}, (*STARTING, 409, 500, 501),
        body=ref("NewSession"), needs_body=True,
    ),
    Operation("GET", SESSION, "sessions", "One session", {200: ref("Session")}, KERNEL_WORLD),
    Operation(
        "PATCH", SESSION, "sessions", "Change a session", {200: ref("Session")}, (*STARTING, 409, 500, 501),
        body=ref("SessionChange"), needs_body=True,
    ),
    Operation("DELETE", SESSION, "sessions", "End a session and its kernel", {204: None}, (410, *KERNEL_WORLD)),
)  # fmt: skip

OTHERS = (
    Operation("GET", SECTION, "config", "Settings of a page", {200: ref("Section")}),
    Operation(
        "PUT", SECTION, "config", "Replace one's own settings", {204: None}, (*WITH_BODY, 500), ref("Section"), True
    ),
    Operation(
        "PATCH", SECTION, "config", "Change them", {200: ref("Section")}, (*WITH_BODY, 500), ref("Section"), True
    ),
    Operation("GET", "/api/terminals", "terminals", "Every terminal", {200: array(ref("Terminal"))}, KERNEL_WORLD),
    Operation(
        "POST", "/api/terminals", "terminals", "Start a terminal", {200: ref("Terminal")}, (*STARTING, 409, 500),
        body=ref("NewTerminal"),
    ),
    Operation("GET", TERMINAL, "terminals", "One terminal", {200: ref("Terminal")}, KERNEL_WORLD),
    Operation("DELETE", TERMINAL, "terminals", "End a terminal", {204: None}, KERNEL_WORLD),
)  # fmt: skip

OPERATIONS = (*SERVER, *CONTENTS, *KERNELS, *OTHERS)
