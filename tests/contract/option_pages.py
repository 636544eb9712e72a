"""Writes what the documentation says about options: ``python -m tests.contract.option_pages``.

``docs/options.md`` tells of every option that Jupyter users may have what it does here; the tables at the end of
``docs/configuration.md`` list those that act, with their defaults. Other tests compare.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from traitlets.config import Configurable

from flasknb.config.explained import EXPLAINED, OPEN, reason_for
from flasknb.config.inventory import inventory, kind_of, lineage
from flasknb.config.legacy import DEPRECATED, KEPT_IN_NOTEBOOK_APP, MIXINS, NOTEBOOK_APP_NAMES, SAME, SECTIONS
from flasknb.config.option_classes import every_class, option_classes, own_options

DOCS = Path(__file__).resolve().parents[2] / "docs"
ACTS, DEPRECATED_NAME, OTHER_NAME, EXPLAINED_STATE, OPEN_STATE, MISSING = (
    *("acts", "deprecated", "other name", "no effect", "open"),
    "missing",
)
# defaults that depend on something, or that the help tells
COMPUTED = ("allow_remote_access", "min_open_files_limit", "token", "websocket_compression_options")
HEAD = """\
# Every option of Jupyter's servers, and what it does here

Made by `make option-docs` from the code. {acting} of the {count} options act under the name they have there,
{renamed} are older or other names of such options, {explained} have no effect on this stack and say at the start
what to use instead, and {open} wait for a feature that is still to be built; they say so too.
[configuration.md](configuration.md) tells what each option means, its default, and the options that only
flasknb has.

"""


classes_by_name = cache(every_class)


def target_of(section: str, option: str) -> tuple[str, str]:
    """Class and option that a name is read as."""
    if section in NOTEBOOK_APP_NAMES or section == "NotebookApp":
        section = "NotebookApp" if option in KEPT_IN_NOTEBOOK_APP else "ServerApp"
    moved = DEPRECATED | SAME
    while (section, option) in moved and moved[section, option] != (section, option):
        section, option = moved[section, option]
    return (SECTIONS | MIXINS).get(section, section), option


def state_of(section: str, option: str) -> tuple[str, str]:
    """One of the states above, and a remark."""
    target_section, target = target_of(section, option)
    reason = reason_for(target_section, target)
    if reason is not None:
        names = [f"{one}.{target}" for one in lineage(target_section)] + list(lineage(target_section))
        return (EXPLAINED_STATE if any(name in EXPLAINED for name in names) else OPEN_STATE), reason
    cls = classes_by_name().get(target_section)
    if cls is None or target not in cls.class_trait_names(config=True):
        return MISSING, ""
    if (section, option) in DEPRECATED:
        return DEPRECATED_NAME, f"use `{target_section}.{target}`"
    return (ACTS, "") if (section, option) == (target_section, target) else (OTHER_NAME, f"`{target_section}.{target}`")


def states() -> dict[tuple[str, str], tuple[str, str]]:
    """State and remark of every option of the inventory."""
    return {(section, option): state_of(section, option) for section, table in inventory().items() for option in table}


def options_page() -> str:
    """``docs/options.md``."""
    found = states()
    count = {name: sum(state == name for state, _ in found.values()) for name in (ACTS, EXPLAINED_STATE, OPEN_STATE)}
    head = HEAD.format(
        acting=count[ACTS],
        count=len(found),
        explained=count[EXPLAINED_STATE],
        open=count[OPEN_STATE],
        renamed=len(found) - sum(count.values()),
    )
    parts = [head]
    for section, table in inventory().items():
        rows = [f"| `{option}` | {kind} | {_cell(*found[section, option])} |" for option, kind in sorted(table.items())]
        parts.append(f"## {section}\n\n| option | type | here |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n\n")
    return "".join(parts).rstrip() + "\n"


def configuration_page() -> str:
    """``docs/configuration.md`` with its tables made anew."""
    head = (DOCS / "configuration.md").read_text("utf-8").partition("## Options\n")[0]
    tables = [_table(cls) for cls in option_classes() if own_options(cls)]
    return f"{head}## Options\n\n" + "\n".join(tables)


def _cell(state: str, remark: str) -> str:
    return f"{state}: {remark}" if remark else state


def _table(cls: type[Configurable]) -> str:
    rows = [f"| `{name}` | {_default(name, trait)}| {_text(trait.help)} |" for name, trait in own_options(cls).items()]
    return f"### {cls.__name__}\n\n| option | default | meaning |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"


def _default(name: str, trait: Any) -> str:
    text = "" if name in COMPUTED else trait.default_value_repr()
    words = {"True": "true", "False": "false", "None": "", "b''": "", "''": "", "traitlets.Undefined": ""}
    text = words.get(text, text)
    text = text[1:-1] if text.startswith("'") else text
    return f"`{text}` " if text else ""


def _text(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def unused_explanations() -> list[str]:
    """Names in the tables of explanations that stand for nothing in the inventory."""
    named = sorted(EXPLAINED.keys() | OPEN.keys())
    pairs = [(name, *name.partition(".")[::2]) for name in named]
    return [name for name, section, option in pairs if option and kind_of(section, option) is None]


if __name__ == "__main__":
    (DOCS / "options.md").write_text(options_page(), "utf-8")
    (DOCS / "configuration.md").write_text(configuration_page(), "utf-8")
