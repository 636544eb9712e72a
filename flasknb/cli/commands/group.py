"""All subcommands as one click group, each imported when it is called. Entry point of ``flask flasknb`` too."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from flasknb.cli.commands.output import Problem, wants_plain
from flasknb.cli.commands.table import COMMANDS

COMPLETE_VARIABLES = ("_FLASKNB_COMPLETE", "_JUPYTER_FLASKNB_COMPLETE")
SETTINGS = {"help_option_names": ["-h", "--help"]}


class CommandGroup(click.Group):
    """Knows the names from the table; turns what users can meet into one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every subcommand."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand, imported now."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of the help page, without importing what it lists."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand. Raises Problem for every error that has a sentence."""
        from traitlets import TraitError

        from flasknb.cli.arguments import UnknownArgument, UnusablePlace
        from flasknb.config.files import BrokenConfigFile
        from flasknb.config.loader import UnknownOption
        from flasknb.errors import FlasknbError
        from flasknb.extensions.problems import UnusableExtension

        try:
            return super().invoke(ctx)
        except FlasknbError as error:
            raise Problem(error.message) from error
        except BrokenPipeError:
            raise  # click ends quietly
        except (UnusablePlace, UnknownArgument, UnknownOption, BrokenConfigFile, UnusableExtension) as error:
            raise Problem(str(error)) from error
        except (TraitError, OSError) as error:
            raise Problem(str(error)) from error

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Subcommands, the flags of the command that serves, and files."""
        if ctx.parent is not None:  # below `flask` there is nothing to serve
            return super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            return [CompletionItem(flag, help=text) for flag, text in serving_flags() if flag.startswith(incomplete)]
        names = [CompletionItem(name, help=entry.summary) for name, entry in COMMANDS.items()]
        found = [item for item in names if item.value.startswith(incomplete)]
        return found or [CompletionItem(incomplete, type="file")]


@click.group("flasknb", cls=CommandGroup, context_settings=SETTINGS)
@click.pass_context
def group(context: click.Context) -> None:
    """Look after notebook servers, kernels and extensions."""
    if wants_plain():
        context.color = False


def serving_flags() -> list[tuple[str, str]]:
    """Flags and aliases of ``flasknb`` itself, with their help."""
    from flasknb.cli.flags import ALIASES, FLAGS

    flags = {name: text for name, (_, text) in FLAGS.items()}
    aliases = {name: f"Sets {target}" for name, target in ALIASES.items()}
    own = {"help": "Print the arguments.", "help-all": "Print every option too.", "version": "Print the version."}
    named = {**flags, **aliases, **own}
    return sorted((("-" if len(name) == 1 else "--") + name, text) for name, text in named.items())


def run(argv: Sequence[str]) -> NoReturn:
    """Run a subcommand of ``flasknb`` or ``jupyter flasknb``. Raises SystemExit."""
    is_jupyter = os.path.basename(sys.argv[0]).startswith("jupyter-")  # noqa: PTH119 - argv[0] is no path of ours
    group.main(
        args=list(argv),
        prog_name="jupyter flasknb" if is_jupyter else "flasknb",
        complete_var=COMPLETE_VARIABLES[is_jupyter],
    )
    raise SystemExit(0)
