"""Does every value fit its option? Asked before anything is built, so that an answer can say where it is from."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from traitlets import Bool, Bytes, Dict, Float, HasTraits, Int, List, Set, TraitError, Type, Unicode
from traitlets.config.loader import DeferredConfig, DeferredConfigList, LazyConfigValue
from traitlets.utils.importstring import import_item

from flasknb.config.inventory import kind_of, lineage
from flasknb.config.known import web_class
from flasknb.config.layers import Layer, Name
from flasknb.config.notices import Notice, warning
from flasknb.config.secrecy import is_secret, without_secrets

SHOWN_CHARS = 120
DEPENDING = ("preferred_dir",)
"""What is right here depends on other options: whoever acts on them all looks at the value."""

SIMPLE = {"bool": Bool, "int": Int, "float": Float, "str": Unicode, "bytes": Bytes, "list": List, "dict": Dict}
SIMPLE_SET = "set"


class BadOption(TraitError):
    """A value that is none for its option: says where it is from, what it is, and what is expected."""


def validated(
    options: dict[str, Any], origins: Mapping[Name, Layer], notices: list[Notice], *, is_lenient: bool
) -> dict[str, Any]:
    """``options`` as they are; with ``is_lenient`` without those whose value makes no sense.

    Raises:
        BadOption: a value makes no sense.
    """
    result: dict[str, Any] = {}
    for section, values in options.items():
        kept = result[section] = {}
        for option, value in values.items():
            complaint = complaint_about(section, option, value)
            if complaint is None:
                kept[option] = value
                continue
            layer = origins.get((section, option))
            where = layer.where(section, option) if layer is not None else "?"
            text = f"{where}: {section}.{option} cannot be {shown(option, value)}: {complaint}"
            if not is_lenient:
                raise BadOption(text)
            notices.append(warning(f"Left out: {text}"))
    return result


def complaint_about(section: str, option: str, value: Any) -> str | None:
    """Why ``value`` is none for the option; ``None`` when it is one, or when only the sidecar can tell."""
    owner = _owner(section, option)
    if owner is None:
        return None
    trait = owner.traits()[option]
    try:
        setattr(owner, option, _finished(value, trait, owner, option))
    except TraitError as error:
        text = str(error)
        if not text.startswith("The '"):
            return text
        return _unimportable(trait, value) or f"expected {trait.info()}"
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - naming a class runs its module, which is the user's
        return _failure(error)
    return None


def _failure(error: Exception) -> str:
    """What a module of the user's ran into, and where."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: {error.msg}"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}, line {frame.lineno}: {type(error).__name__}: {error}"


def _unimportable(trait: Any, value: Any) -> str | None:
    """Why no class can be had by the name that was given; ``None`` where names of classes are not the matter."""
    given = _given(value)
    if not isinstance(trait, Type) or not isinstance(given, str):
        return None
    try:
        import_item(given)
    except ImportError as error:
        return f"there is no such class ({type(error).__name__}: {error})"
    return None


def shown(option: str, value: Any) -> str:
    """The value for a message; not that of a secret."""
    if is_secret(option):
        return "what it is (not shown)"
    text = repr(without_secrets(option, _given(value)))
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"


def _given(value: Any) -> Any:
    """What was written on the command line, for a value that waits for its type."""
    if isinstance(value, DeferredConfigList):
        return list(value)
    return str(value) if isinstance(value, DeferredConfig) else value


def _owner(section: str, option: str) -> HasTraits | None:
    """An object whose trait ``option`` takes values as the real one does."""
    for one in lineage(section) if option not in DEPENDING else ():
        cls = web_class(one)
        if cls is not None and option in cls.class_trait_names(config=True):
            owner: HasTraits = cls.__new__(cls)  # without its constructor, which may want a whole server
            return owner
    kind = kind_of(section, option) or ""
    trait = Set if kind == SIMPLE_SET else SIMPLE.get(kind)
    return None if trait is None else type("Value", (HasTraits,), {option: trait(allow_none=True)})()


def _finished(value: Any, trait: Any, owner: HasTraits, option: str) -> Any:
    """What the class would make of text and of additions."""
    if isinstance(value, DeferredConfig):
        return value.get_value(trait)
    if isinstance(value, LazyConfigValue):
        return value.get_value(getattr(owner, option))
    return value
