"""Every option that Jupyter users may have in their files has a state here, and the documents tell it."""

from __future__ import annotations

import pytest
from traitlets.config import Configurable

from flasknb.config.import_strings import OURS
from flasknb.config.inventory import inventory
from flasknb.config.known import OF_THE_SIDECAR, known_classes, known_options
from flasknb.config.legacy import SECTIONS
from flasknb.config.option_classes import OPTION_CLASSES, every_class
from tests.contract.option_pages import DOCS, MISSING, options_page, states, unused_explanations


def test_the_inventory_is_complete() -> None:
    assert sum(map(len, inventory().values())) == 247  # 246, and use_pending_kernels of a class without a table


def test_no_option_is_without_a_state() -> None:
    assert [".".join(name) for name, (state, _) in states().items() if state == MISSING] == []


def test_the_page_of_options_is_that_of_the_code() -> None:
    assert (DOCS / "options.md").read_text("utf-8") == options_page(), "run: make option-docs"


def test_every_explanation_is_of_an_option() -> None:
    assert unused_explanations() == []


@pytest.mark.parametrize(("name", "cls"), every_class().items(), ids=list(every_class()))
def test_what_a_class_has_is_known_without_importing_it(name: str, cls: type[Configurable]) -> None:
    assert set(cls.class_trait_names(config=True)) <= known_options(name), "enter it in known.SIDECAR_OPTIONS"


def test_every_class_that_stands_for_another_exists() -> None:
    from importlib import import_module

    for path in OURS.values():
        module, _, name = path.rpartition(".")
        assert hasattr(import_module(module), name), path
    assert {*SECTIONS, *SECTIONS.values()} - {"AsyncKernelManager", "Checkpoints"} <= known_classes()


def test_looking_names_up_does_not_import_the_sidecar() -> None:
    import subprocess
    import sys

    script = (
        "import sys; from flasknb.config.known import *\n"
        "for name in known_classes(): known_options(name)\n"
        "print([name for name in ('zmq', 'jupyter_client') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
    assert any(path.startswith(OF_THE_SIDECAR) for path in OPTION_CLASSES)
