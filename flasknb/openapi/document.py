"""The tables as one OpenAPI 3.1 document, and that as YAML."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flasknb.openapi.operations import EVERYWHERE, OPERATIONS, PHRASES, Operation
from flasknb.openapi.schemas import SCHEMAS, TEXT, UUID, Schema, ref

Json = dict[str, Any]

OPENAPI_VERSION = "3.1.0"
PATH_PARAMETERS: dict[str, Schema] = {"kernel_id": UUID}
PATH_MEANINGS = {"api_path": "Path below the root folder; its slashes may stay as they are."}
SECURITY_SCHEMES = {
    "header": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "token <token>, or Bearer <token>.",
    },
    "query": {"type": "apiKey", "in": "query", "name": "token"},
}


@cache
def document(version: str, base_url: str) -> Json:
    """The whole document. ``base_url``: path of the mount, with a slash at both ends."""
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": OPENAPI_VERSION,
        "info": {"title": "flasknb", "version": version, "description": "A Jupyter server's REST API."},
        "servers": [{"url": base_url.rstrip("/") or "/"}],
        "security": [{"header": []}, {"query": []}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": SECURITY_SCHEMES},
    }


@cache
def as_yaml(version: str, base_url: str) -> str:
    """The same as text."""
    import yaml

    class Plain(yaml.SafeDumper):  # type: ignore[misc]
        """Writes what occurs twice twice: not every reader knows aliases."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    return str(yaml.dump(document(version, base_url), Dumper=Plain, sort_keys=False, width=120))


def _operation(operation: Operation) -> Json:
    of_names = (400,) if "{" in operation.path else ()  # whatever has a name can be asked for by an impossible one
    errors = () if operation.is_open else (*operation.errors, *of_names, *EVERYWHERE)
    answers = {
        **{str(status): _success(schema, operation.answer_type) for status, schema in operation.answers.items()},
        **{str(status): _failure(status) for status in sorted(set(errors) or {403})},
    }
    described: Json = {"summary": operation.summary, "tags": [operation.tag], "operationId": _id(operation)}
    parameters = [*_path_parameters(operation.path), *_query_parameters(operation)]
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        content = {"application/json": {"schema": operation.body}}
        described["requestBody"] = {"required": operation.needs_body, "content": content}
    if operation.is_open:
        described["security"] = []
    return {**described, "responses": answers}


def _success(schema: Schema | None, media_type: str) -> Json:
    if schema is None:
        return {"description": "Done."}
    return {"description": "As asked.", "content": {media_type: {"schema": schema}}}


def _failure(status: int) -> Json:
    content: Json = {"application/json": {"schema": ref("Error")}}
    if status == 404:  # an address that cannot be of this kind (no UUID, ...) is an unknown one, and answers as such
        content["text/html"] = {"schema": TEXT}
    return {"description": PHRASES[status], "content": content}


def _path_parameters(path: str) -> list[Json]:
    return [
        {
            **{"name": name, "in": "path", "required": True, "schema": PATH_PARAMETERS.get(name, TEXT)},
            **({"description": PATH_MEANINGS[name]} if name in PATH_MEANINGS else {}),
        }
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(operation: Operation) -> list[Json]:
    return [
        {"name": name, "in": "query", "required": name in operation.needed_query, "schema": schema}
        for name, schema in operation.query.items()
    ]


def _id(operation: Operation) -> str:
    words = re.findall(r"\w+", operation.path.removeprefix("/api"))
    return "_".join([operation.method.lower(), *words]) if words else f"{operation.method.lower()}_api"
