"""The shapes of requests and answers, as JSON Schema 2020-12 (rest-api §4). Data only."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "integer"}
YES_OR_NO: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ANY_OBJECT: Schema = {"type": "object"}
UUID: Schema = {"type": "string", "format": "uuid"}
KERNEL_STATES = ("starting", "idle", "busy", "restarting", "autorestarting", "dead", "unknown")


def ref(name: str) -> Schema:
    """A reference to one of ``SCHEMAS``."""
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema) -> Schema:
    """A list of ``items``."""
    return {"type": "array", "items": items}


def mapping(values: Schema) -> Schema:
    """An object with any names."""
    return {"type": "object", "additionalProperties": values}


def shape(needed: dict[str, Schema], optional: dict[str, Schema] | None = None, **more: Any) -> Schema:
    """An object with these fields; unknown ones are left alone."""
    return {"type": "object", "required": list(needed), "properties": {**needed, **(optional or {})}, **more}


NUMBER_OR_NULL: Schema = {"type": ["integer", "null"]}
EXECUTION: dict[str, Schema] = {
    "msg_id": TEXT,
    "cell_id": TEXT_OR_NULL,
    "origin": {"enum": ["page", "http"]},
    "asked_ms": NUMBER,
    "started_ms": NUMBER_OR_NULL,
    "ended_ms": NUMBER_OR_NULL,
    "status": {"enum": [None, "ok", "error", "aborted", "removed", "lost", "unknown"]},
    "execution_count": NUMBER_OR_NULL,
    "reason": TEXT_OR_NULL,
}
POSITION: dict[str, Schema] = {"epoch": TEXT, "seq": NUMBER}

SCHEMAS: dict[str, Schema] = {
    "Error": shape(
        {"message": TEXT, "reason": TEXT_OR_NULL},
        {"traceback": {"const": ""}, "short_message": TEXT},
        description="What was wrong, in words; reason is a short cause for programs.",
    ),
    "Version": shape({"version": TEXT}),
    "Status": shape({"connections": NUMBER, "kernels": NUMBER, "last_activity": MOMENT, "started": MOMENT}),
    "Identity": shape(
        {
            **dict.fromkeys(("username", "name", "display_name"), TEXT),
            **dict.fromkeys(("initials", "avatar_url", "color"), TEXT_OR_NULL),
        }
    ),
    "Me": shape({"identity": ref("Identity"), "permissions": mapping(array(TEXT))}),
    "ChangedIdentity": shape({"status": {"const": "success"}, "identity": ref("Identity")}),
    "IdentityChange": mapping(TEXT_OR_NULL),
    "ResolvedPath": shape(
        {"resolved": array(shape({"scope": {"enum": ["server", "kernel"]}, "path": TEXT}))},
        {"unresolved": array(shape({"scope": {"enum": ["server", "kernel"]}, "reason": TEXT}))},
    ),
    "Exporters": mapping(shape({"output_mimetype": TEXT}, {"display_name": TEXT, "file_extension": TEXT})),
    "Entry": shape(
        {
            "name": TEXT,
            "path": TEXT,
            "type": {"enum": ["directory", "file", "notebook"]},
            "writable": YES_OR_NO,
            "created": MOMENT,
            "last_modified": MOMENT,
            "size": {"type": ["integer", "null"]},
            "mimetype": TEXT_OR_NULL,
            "content": {"type": ["null", "string", "object", "array"]},
            "format": {"enum": [None, "json", "text", "base64"]},
        },
        {"hash": TEXT_OR_NULL, "hash_algorithm": TEXT_OR_NULL, "message": TEXT},
        description="A file, notebook or folder. The content is null unless it was asked for.",
    ),
    "EntryToSave": shape(
        {},
        {
            "type": {"enum": ["directory", "file", "notebook", None]},
            "format": {"enum": ["json", "text", "base64", None]},
            "content": {"type": ["null", "string", "object", "array"]},
            "name": TEXT_OR_NULL,
            "path": TEXT_OR_NULL,
            "chunk": {"type": "integer", "minimum": -1},
            "upload": TEXT_OR_NULL,
            "hash": TEXT_OR_NULL,
        },
        description="With chunk, one piece of an upload: 1, 2, ... and -1 at last; upload is one and the same text in"
        " all pieces of one. With hash, only over these bytes.",
    ),
    "NewEntry": shape(
        {},
        {"type": {"enum": ["directory", "file", "notebook", None]}, "ext": TEXT_OR_NULL, "copy_from": TEXT_OR_NULL},
        description="Nothing makes an untitled file; copy_from makes a copy.",
    ),
    "Rename": shape({"path": TEXT}),
    "ToMerge": shape(
        {"base": ANY_OBJECT, "mine": ANY_OBJECT},
        description="Two notebooks: what both versions came from, and the one that is not in the file.",
    ),
    "Merged": shape(
        {
            "merged": ANY_OBJECT,
            "conflicts": array(shape({"index": NUMBER, "id": TEXT_OR_NULL, "version": {"enum": ["mine", "theirs"]}})),
            "base": ANY_OBJECT,
            "theirs_hash": TEXT_OR_NULL,
        },
        description="conflicts names cells of merged; base is the file without outputs, for the next merge.",
    ),
    "Checkpoint": shape({"id": TEXT, "last_modified": MOMENT}),
    "Kernel": shape(
        {
            "id": UUID,
            "name": TEXT,
            "last_activity": MOMENT,
            "execution_state": {"enum": list(KERNEL_STATES)},
            "connections": NUMBER,
        },
        {"reason": TEXT_OR_NULL, "culling_in_s": NUMBER},
    ),
    "NewKernel": shape(
        {}, {"name": TEXT_OR_NULL, "path": TEXT_OR_NULL, "kernel_id": TEXT_OR_NULL, "env": mapping(TEXT)}
    ),
    "Execution": shape(EXECUTION, description="Times are milliseconds since 1970, null before they come."),
    "Queue": shape(
        {
            **POSITION,
            "now_ms": NUMBER,
            "running": {"oneOf": [ref("Execution"), {"type": "null"}]},
            "waiting": array(ref("Execution")),
            "finished": array(ref("Execution")),
        }
    ),
    "CodeToRun": shape(
        {"code": {**TEXT, "minLength": 1}},
        {
            "cell_id": {**TEXT_OR_NULL, "description": "The outputs are for this cell."},
            "session_id": {**TEXT_OR_NULL, "description": "The cell is in the document of this session."},
            **{name: {"type": ["boolean", "null"]} for name in ("silent", "store_history", "stop_on_error")},
        },
    ),
    "Asked": shape({"msg_id": TEXT, **POSITION}, description="What comes of it has numbers above seq."),
    "Messages": shape(
        {
            **POSITION,
            "missing": {"description": 'First and last number that are gone for good, "unknown", or null.'},
            "is_over": YES_OR_NO,
            "messages": array(
                shape(
                    {
                        "seq": NUMBER,
                        **dict.fromkeys(("channel", "msg_type", "msg_id", "parent_id"), TEXT),
                        **dict.fromkeys(("metadata", "content"), ANY_OBJECT),
                        "buffers": array(TEXT),
                    },
                    {"date": TEXT_OR_NULL},
                )
            ),
        },
        description="Ask again with since=seq for what comes next.",
    ),
    "Cells": shape(
        {
            **POSITION,
            "now_ms": NUMBER,
            "has_kept": YES_OR_NO,
            "cells": array(ref("CellOutputs")),
        }
    ),
    "CellOutputs": shape(
        {
            **EXECUTION,
            "document": {"type": ["object", "null"]},
            "outputs": array(ANY_OBJECT),
            "clears_next": YES_OR_NO,
            "is_whole": YES_OR_NO,
            "question": {"type": ["object", "null"]},
        }
    ),
    "KeptOutputs": shape({"cells": array(ref("CellOutputs"))}),
    "KnownDocument": shape(
        {"session_id": {**TEXT, "minLength": 1}, "hash": {**TEXT, "minLength": 1}},
        {"seq": {"type": ["integer", "null"], "minimum": 0}, "saved_ms": {"type": ["integer", "null"], "minimum": 0}},
    ),
    "Session": shape(
        {"id": TEXT, "path": TEXT, "name": TEXT, "type": TEXT, "kernel": ref("Kernel")},
        {"notebook": shape({"path": TEXT, "name": TEXT})},
    ),
    "KernelChoice": shape({}, {"id": TEXT_OR_NULL, "name": TEXT_OR_NULL}),
    "NewSession": shape({"path": TEXT, "type": TEXT}, {"name": TEXT_OR_NULL, "kernel": ref("KernelChoice")}),
    "SessionChange": shape(
        {}, {"path": TEXT_OR_NULL, "name": TEXT_OR_NULL, "type": TEXT_OR_NULL, "kernel": ref("KernelChoice")}
    ),
    "KernelSpec": shape(
        {
            "name": TEXT,
            "spec": shape(
                {"argv": array(TEXT), "display_name": TEXT, "language": TEXT},
                {"env": mapping(TEXT), "interrupt_mode": TEXT, "metadata": ANY_OBJECT, "kernel_protocol_version": TEXT},
            ),
            "resources": mapping(TEXT),
        }
    ),
    "KernelSpecs": shape({"default": TEXT, "kernelspecs": mapping(ref("KernelSpec"))}),
    "Section": {"type": "object", "description": "Settings of one page. In a change, null deletes."},
    "Event": shape(
        {"schema_id": TEXT, "version": {"type": ["string", "number"]}, "data": ANY_OBJECT},
        {"timestamp": {**TEXT, "description": "Like 2026-01-31T12:00:00+00:00Z."}},
    ),
    "Terminal": shape({"name": TEXT, "last_activity": MOMENT}),
    "NewTerminal": shape({}, {"name": TEXT_OR_NULL, "cwd": TEXT_OR_NULL}),
}
