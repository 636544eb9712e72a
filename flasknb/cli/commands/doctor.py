"""``flasknb doctor``: looks for what is wrong, and says what to do about it."""

from __future__ import annotations

import json
import logging
import os
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from traitlets import TraitError

from flasknb.cli.commands.checks.configuration import check_configuration
from flasknb.cli.commands.checks.finding import Check, Finding, Level, Patient, problem
from flasknb.cli.commands.checks.folders import check_folders
from flasknb.cli.commands.checks.kernelspecs import check_kernelspecs
from flasknb.cli.commands.checks.network import check_network
from flasknb.cli.commands.checks.processes import check_processes
from flasknb.cli.commands.checks.public_address import check_public_address
from flasknb.cli.commands.checks.servers import check_servers
from flasknb.cli.commands.checks.versions import check_versions
from flasknb.cli.commands.output import counted, printable, width
from flasknb.cli.commands.places import chosen_mount
from flasknb.config.files import BrokenConfigFile
from flasknb.config.loader import Sources, UnknownOption, default_config_path, load
from flasknb.config.options import ServerApp

log = logging.getLogger(__name__)

CHECKS: Mapping[str, Check] = {
    "versions": check_versions,
    "configuration": check_configuration,
    "folders": check_folders,
    "kernels": check_kernelspecs,
    "network": check_network,
    "processes": check_processes,
    "servers": check_servers,
    "public address": check_public_address,
}
COLOURS = {Level.OK: "green", Level.NOTE: "blue", Level.WARNING: "yellow", Level.PROBLEM: "red"}
MARGIN = 11
READABLE_COLUMNS = 100


@click.command("doctor", context_settings={"ignore_unknown_options": True})
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding and line.")
@click.option("--url", default="", help="An address behind a proxy, as browsers use it, to look at too.")
@click.option("--no-kernel", is_flag=True, help="Start no kernel: websockets are not tried then.")
@click.option("--mount", help="Which mount of the app, below `flask` only.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[FOLDER] [OPTIONS OF FLASKNB]")
def doctor(as_json: bool, url: str, no_kernel: bool, mount: str | None, options: tuple[str, ...]) -> None:
    """Look at versions, configuration, folders, kernels, ports, proxies, running servers and their websockets.

    Nothing is changed; a kernel is started and stopped where a server runs. It looks at what `flasknb` would do with
    the same FOLDER and options. Exit status 1 when there is a problem.
    """
    patient = examined(url, options, mount, starts_kernels=not no_kernel)
    counts = dict.fromkeys(Level, 0)
    for subject, findings in diagnosed(patient):
        for finding in findings:
            counts[finding.level] += 1
        if as_json:
            for finding in findings:
                click.echo(json.dumps({"subject": subject, "level": finding.level, **_texts(finding)}))
        elif findings:
            click.echo("\n".join([click.style(subject, bold=True), *(_shown(finding) for finding in findings)]))
    if not as_json:
        click.echo(summary(counts[Level.PROBLEM], counts[Level.WARNING]))
    raise SystemExit(1 if counts[Level.PROBLEM] else 0)


def examined(url: str, options: Sequence[str], mount: str | None, *, starts_kernels: bool) -> Patient:
    """What the options add up to; what is wrong with them becomes a finding. Makes no file."""
    services = chosen_mount(mount) if not options else None
    if services is not None:
        settings = services.settings
        return Patient(settings.root_dir, settings.server, settings.config, "", url, starts_kernels)
    from flasknb.cli.arguments import parse

    parsed = parse(list(options))
    sources = Sources(
        config_path=default_config_path(),
        config_file=parsed.config_file,
        environ=os.environ,
        command_line=parsed.options,
    )
    try:
        config = load(sources)
        server = ServerApp(config=config)
    except (BrokenConfigFile, UnknownOption, TraitError, ValueError, OSError) as error:
        return Patient(Path.cwd(), None, complaint=str(error), url=url, starts_kernels=starts_kernels)
    root_dir = Path(server.root_dir or Path.cwd()).expanduser().absolute()
    return Patient(root_dir, server, config, "", url, starts_kernels)


def diagnosed(patient: Patient) -> Iterator[tuple[str, list[Finding]]]:
    """What each check found; one that fails itself does not keep the others from looking."""
    for subject, check in CHECKS.items():
        with _progress(subject):
            findings: list[Finding] = []
            try:
                findings.extend(check(patient))
            except Exception as error:
                log.debug("check failed subject=%s", subject, exc_info=True)
                complaint = f"This could not be looked at: {type(error).__name__}: {error}"
                findings.append(problem(complaint, "Please report it, with this line and your versions."))
        yield subject, findings


def summary(problems: int, warnings: int) -> str:
    """The last line."""
    if not problems and not warnings:
        return click.style("Nothing is wrong.", fg="green")
    parts = [counted(number, word) for number, word in ((problems, "problem"), (warnings, "warning")) if number]
    return click.style(f"{' and '.join(parts)}.", fg="red" if problems else "yellow")


class _progress:
    """Names what is looked at while it takes time; on a terminal only."""

    def __init__(self, subject: str) -> None:
        self._line = f"looking at {subject}…"

    def __enter__(self) -> None:
        if sys.stderr.isatty():
            click.echo(self._line, err=True, nl=False)

    def __exit__(self, *_: object) -> None:
        if sys.stderr.isatty():
            click.echo("\r" + " " * len(self._line) + "\r", err=True, nl=False)


def _shown(finding: Finding) -> str:
    columns = min(width(), READABLE_COLUMNS) - MARGIN
    level = click.style(f"  {finding.level.value:<{MARGIN - 2}}", fg=COLOURS[finding.level])
    lines = _wrapped(finding.text, columns)
    if finding.advice:
        first, *more = _wrapped(finding.advice, columns - 2)
        lines += [f"→ {first}", *(f"  {line}" for line in more)]
    return level + f"\n{' ' * MARGIN}".join(lines)


def _wrapped(text: str, columns: int) -> list[str]:
    return textwrap.wrap(printable(text), columns, break_long_words=False, break_on_hyphens=False) or [""]


def _texts(finding: Finding) -> dict[str, str]:
    return {"text": finding.text, "advice": finding.advice}
