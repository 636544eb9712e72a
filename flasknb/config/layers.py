"""One source of options and what it sets."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flasknb.config.files import line_of
from flasknb.config.groups.kernels import KernelServices
from flasknb.config.import_strings import dotted, our_class
from flasknb.config.legacy import modernised
from flasknb.config.notices import Notice, warning
from flasknb.config.tornado import without_tornado

Name = tuple[str, str]

JUPYTER, ENVIRONMENT, HOST = "a JUPYTER_ variable", "the environment", "app.config"
PROGRAM, COMMAND_LINE, SNIPPETS = "the program", "the command line", "the .d folders"
LOADED_BY_NAME = tuple(name for name in KernelServices.class_trait_names() if name.endswith("_class"))
"""Classes of the sidecar: files may give the class itself, and a name is what reaches the other process."""


@dataclass(frozen=True)
class Layer:
    """``options``: class name → option → value. ``path``: the file they are from."""

    name: str
    options: dict[str, Any]
    path: Path | None = None

    @property
    def must_be_known(self) -> bool:
        """Whether a name that is no option is a mistake of who runs us, not perhaps an option of another program."""
        return self.name in (PROGRAM, COMMAND_LINE)

    def where(self, section: str, option: str) -> str:
        """For messages: the file with the line that sets the option, or what else this is."""
        line = line_of(self.path, section, option) if self.path else None
        return f"{self.name}, line {line}" if line else self.name

    def modernised(self, notices: list[Notice]) -> Layer:
        """The same in today's names, and with our classes where those of other servers are named."""
        said: list[Notice] = []
        options = without_tornado(modernised(self.options, said), said)
        notices += [replace(notice, text=f"{self.name}: {notice.text}") for notice in said]
        for section, values in options.items():
            for option in [name for name in values if name.endswith("_class")]:
                try:
                    values[option] = our_class(values[option])
                    if option in LOADED_BY_NAME and inspect.isclass(values[option]):
                        values[option] = dotted(values[option])
                except LookupError as error:
                    del values[option]
                    notices.append(
                        warning(f"{self.name}: {section}.{option}: {error} works in its own server only; left out")
                    )
        return replace(self, options=options)
