"""Which classes do the work, and terminals."""

from __future__ import annotations

from traitlets import Bool, Dict, HasTraits, Type


class ServiceClasses(HasTraits):
    """Options that name classes."""

    contents_manager_class = Type(
        "flasknb.contents.largefiles.LargeFileManager",
        klass="flasknb.contents.manager.ContentsManager",
        help="Contents manager.",
    ).tag(config=True)
    config_manager_class = Type(
        "flasknb.config.sections.ConfigManager",
        klass="flasknb.config.sections.ConfigManager",
        help="Keeper of what the pages remember.",
    ).tag(config=True)
    terminals_enabled = Bool(True, help="Offer terminals.").tag(config=True)
    terminado_settings = Dict(help="Settings of terminals: shell_command, a list of the program and arguments.").tag(
        config=True
    )
