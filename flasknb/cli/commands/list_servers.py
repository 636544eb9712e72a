"""``flasknb list``: the servers of this user that run, with the addresses that lead in."""

from __future__ import annotations

import json

import click

from flasknb.cli.commands.running_servers import running_servers, runtime_dir


@click.command("list")
@click.option("--json", "as_lines", is_flag=True, help="One JSON object per line.")
@click.option("--jsonlist", "as_list", is_flag=True, help="One JSON array.")
def list_servers(as_lines: bool, as_list: bool) -> None:
    """Running servers, each with its address, its token and its folder.

    The token lets everybody in who reads it: look before you show the output to others.
    """
    servers = running_servers(runtime_dir())
    if as_list:
        click.echo(json.dumps([server.fields for server in servers], indent=2))
    elif as_lines:
        for server in servers:
            click.echo(json.dumps(server.fields))
    else:
        click.echo("Currently running servers:")
        for server in servers:
            click.echo(server.line)
