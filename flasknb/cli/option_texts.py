"""Every option as text: for ``--help-all`` and for the file that ``--generate-config`` writes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from traitlets.config import Configurable

from flasknb.config.explained import reason_for
from flasknb.config.legacy import DEPRECATED
from flasknb.config.option_classes import every_class, own_options

COLUMNS = 79
COMPUTED_TEXT = "#  The default is worked out at the start. For another one:\n#      # c.{section}.{option} = <value>"
COMPUTED = {
    "ServerApp": ("allow_remote_access", "min_open_files_limit", "websocket_compression_options"),
    "IdentityProvider": ("token",),
}
"""Options whose default depends on something, or is not the one of their kind; the help says which."""

FILE_HEAD = """\
# Options of flasknb and of what it uses. Take the hash away from a line, and change the value.
# docs/configuration.md tells which files are read, and which has the last word.

c = get_config()  # noqa
"""


def help_of_every_option() -> str:
    """``--Class.option=…`` for each, with what it means, for a terminal 80 columns wide."""
    parts = ["Every option:"]
    for name, cls, traits in _classes():
        parts.append(f"{name}: {_text(cls.__doc__)}")
        for option, trait in traits.items():
            parts.append(_argument(name, option, trait))
    return "\n\n".join(_filled(part) if "\n" not in part else part for part in parts)


def file_of_every_option() -> str:
    """A configuration file in Python that sets nothing: every option in a comment."""
    parts = [FILE_HEAD]
    for name, cls, traits in _classes():
        title = textwrap.fill(f"{name}: {_text(cls.__doc__)}", COLUMNS, initial_indent="# ", subsequent_indent="# ")
        parts.append(f"# {'-' * (COLUMNS - 2)}\n{title}\n# {'-' * (COLUMNS - 2)}\n")
        parts += [_commented(name, option, trait) for option, trait in traits.items()]
    return "\n".join(parts)


def is_worth_setting(section: str, option: str) -> bool:
    """Whether the option acts, and has no newer name."""
    return reason_for(section, option) is None and (section, option) not in DEPRECATED


def default_of(section: str, option: str, trait: Any) -> str:
    """The default as Python would have it; empty where it depends on something, or has no form in text."""
    if option in COMPUTED.get(section, ()):
        return ""
    text = str(trait.default_value_repr())
    try:
        compile(text, option, "eval")
    except SyntaxError:
        return ""
    has_none = text == "None" and not trait.allow_none
    return "" if has_none or text.startswith("traitlets.") else text


def _classes() -> Iterator[tuple[str, type[Configurable], dict[str, Any]]]:
    for name, cls in every_class().items():
        acting = {option: trait for option, trait in own_options(cls).items() if is_worth_setting(name, option)}
        if acting:
            yield name, cls, acting


def _argument(section: str, option: str, trait: Any) -> str:
    default = default_of(section, option, trait)
    text = _text(trait.help) + (f" Default: {default}" if default else "")
    return f"--{section}.{option}=<{type(trait).__name__}>\n" + textwrap.indent(
        textwrap.fill(text, COLUMNS - 4), "    "
    )


def _commented(section: str, option: str, trait: Any) -> str:
    text = textwrap.fill(_text(trait.help), COLUMNS, initial_indent="## ", subsequent_indent="#  ")
    default = "" if _is_computed(section, option) else default_of(section, option, trait)
    if not default:  # a value on a line of its own would be uncommented, and is not the default
        return f"{text}\n{COMPUTED_TEXT.format(section=section, option=option)}\n"
    return f"{text}\n# c.{section}.{option} = {default}\n"


def _is_computed(section: str, option: str) -> bool:
    """Whether the class, or one of ours made from it, works the default out, whatever its text form says."""
    classes = every_class()
    heirs = [cls for cls in classes.values() if issubclass(cls, classes[section])]
    relatives = {base for cls in heirs for base in cls.__mro__}
    return any(
        option in vars(base).get("_trait_default_generators", {}) or f"_{option}_default" in vars(base)
        for base in relatives
    )


def _filled(text: str) -> str:
    return textwrap.fill(text, COLUMNS)


def _text(text: str | None) -> str:
    return " ".join((text or "").split())
