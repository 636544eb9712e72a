"""Values and errors as JSON, for the way between worker and sidecar. Pure: ``models`` and ``errors``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flasknb import errors
from flasknb.kernel_bridge.models import (
    Change,
    ChangeKind,
    KernelModel,
    KernelRequest,
    KernelSpecModel,
    KernelSpecs,
    RaisedEvent,
    SessionChange,
    SessionModel,
    SessionRequest,
    SidecarStatus,
)

Json = dict[str, Any]

ERROR_CLASSES: Mapping[str, type[errors.FlasknbError]] = {
    name: value
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.FlasknbError)
}

Value = (
    Change
    | KernelModel
    | KernelRequest
    | KernelSpecModel
    | KernelSpecs
    | RaisedEvent
    | SessionChange
    | SessionModel
    | SessionRequest
    | SidecarStatus
)


def to_json(value: Value) -> Json:
    """Any value of ``models`` as plain JSON values."""
    return asdict(value)


def kernel_of(json: Json) -> KernelModel:
    """Reverse of ``to_json``."""
    return KernelModel(**json)


def session_of(json: Json) -> SessionModel:
    """Reverse of ``to_json``."""
    return SessionModel(**{**json, "kernel": kernel_of(json["kernel"])})


def specs_of(json: Json) -> KernelSpecs:
    """Reverse of ``to_json``."""
    return KernelSpecs(json["default"], {name: spec_of(spec) for name, spec in json["specs"].items()})


def spec_of(json: Json) -> KernelSpecModel:
    """Reverse of ``to_json``."""
    return KernelSpecModel(**json)


def status_of(json: Json) -> SidecarStatus:
    """Reverse of ``to_json``."""
    return SidecarStatus(**json)


def change_of(json: Json) -> Change:
    """Reverse of ``to_json``. Raises ValueError for a kind that is not known here."""
    return Change(**{**json, "kind": ChangeKind(json["kind"])})


def raised_event_of(json: Json) -> RaisedEvent:
    """Reverse of ``to_json``."""
    return RaisedEvent(**json)


def kernel_request_of(json: Json) -> KernelRequest:
    """Reverse of ``to_json``."""
    return KernelRequest(**json)


def session_request_of(json: Json) -> SessionRequest:
    """Reverse of ``to_json``."""
    return SessionRequest(**{**json, "kernel": kernel_request_of(json["kernel"])})


def session_change_of(json: Json) -> SessionChange:
    """Reverse of ``to_json``."""
    kernel = json.get("kernel")
    return SessionChange(**{**json, "kernel": None if kernel is None else kernel_request_of(kernel)})


def error_to_json(error: errors.FlasknbError) -> Json:
    """A domain error as ``{type, message, reason, fields}``; a subclass of our own goes as the class of ``errors``."""
    known = next(one.__name__ for one in type(error).__mro__ if one.__name__ in ERROR_CLASSES)
    return {"type": known, "message": error.message, "reason": error.reason, "fields": error.fields}


def error_of(json: Json) -> errors.FlasknbError:
    """The same error again; an unknown class, from a newer sidecar, comes out as its base."""
    error_class = ERROR_CLASSES.get(str(json.get("type")), errors.FlasknbError)
    return error_class(str(json.get("message")), reason=json.get("reason"), fields=json.get("fields"))
