"""Options of the inventory that have no effect here: why, and what to use instead. Data and a look-up."""

from __future__ import annotations

from flasknb.config.inventory import lineage

TORNADO = "it belongs to Tornado, which is not used here"
EXTENSIONS = "server extensions are not loaded yet; mount flasknb in a Flask app, and add your views there"

EXPLAINED: dict[str, str] = {
    "ServerApp.allow_unauthenticated_access": "everything here asks for a login but the few addresses that must not",
    "ServerApp.extra_services": f"{TORNADO}; mount flasknb in a Flask app, and add your views there",
    "ServerApp.kernel_websocket_connection_class": "there is one kind of kernel websocket here; set the options of "
    "ZMQChannelsWebsocketConnection",
    "ServerApp.login_handler_class": f"{TORNADO}; use ServerApp.identity_provider_class",
    "ServerApp.logout_handler_class": f"{TORNADO}; use ServerApp.identity_provider_class",
    "ServerApp.max_buffer_size": "bodies are not gathered in one buffer here; use ServerApp.max_body_size",
    "IdentityProvider.login_handler_class": f"{TORNADO}; use ServerApp.identity_provider_class",
    "IdentityProvider.logout_handler_class": f"{TORNADO}; use ServerApp.identity_provider_class",
    "NotebookApp.handlers": f"{TORNADO}; mount flasknb in a Flask app, and add your views there",
    "NotebookApp.ignore_minified_js": "there is one build of the pages' scripts",
    "NotebookApp.config_file_name": "files are read by all the names that Jupyter's servers use; "
    "JupyterApp.config_file_name adds one",
    "NotebookApp.mathjax_config": "the MathJax here has one configuration; NotebookApp.mathjax_url names another one",
    "NotebookApp.settings": f"{TORNADO}; ServerApp.tornado_settings says what counts of them",
    "NotebookApp.show_banner": "there is no banner: nothing here asks users to move on",
    "NotebookApp.static_url_prefix": "static files are always below base_url, at static/",
    "ContentsManager.files_handler_class": f"{TORNADO}; a contents manager's get() decides what /files answers",
    "ContentsManager.files_handler_params": f"{TORNADO}; a contents manager's get() decides what /files answers",
    "ContentsManager.event_logger": "the event bus is the server's own",
    "FileCheckpoints.hash_algorithm": "checkpoints have no hash",
    "FileCheckpoints.use_atomic_writing": "set that of FileContentsManager, which writes checkpoints too",
    "BaseKernelWebsocketConnection.session": "it is an object, which no file can give; set the options of Session",
    **{
        f"Session.{name}": "messages pass through here as they are; none is packed anew"
        for name in (
            *("buffer_threshold", "check_pid", "copy_threshold", "debug", "digest_history_size", "item_threshold"),
            *("packer", "unpacker"),
        )
    },
    "GatewayClient.event_logger": "what happens to the gateway is told where all events go; use EventLogger.handlers",
    "KernelManager.client_class": "the sidecar speaks to kernels itself, without a client object",
    "KernelManager.client_factory": "the sidecar speaks to kernels itself, without a client object",
    "MultiKernelManager.shared_context": "all kernels share the sidecar's one context",
}
"""``Class.option`` → the reason, without a full stop."""

OPEN: dict[str, str] = {
    "ServerApp.jpserver_extensions": EXTENSIONS,
    "ServerApp.reraise_server_extension_failures": EXTENSIONS,
}
"""``Class.option``, or ``Class`` for all of it → what is still to be built."""


def reason_for(section: str, option: str) -> str | None:
    """Why the option has no effect here; ``None`` when it has one."""
    for one in lineage(section):
        for name in (f"{one}.{option}", one):
            if name in EXPLAINED or name in OPEN:
                return EXPLAINED.get(name) or OPEN[name]
    return None


def is_open(section: str, option: str) -> bool:
    """Whether the option waits for a feature that is still to be built."""
    return any(f"{one}.{option}" in OPEN or one in OPEN for one in lineage(section))
