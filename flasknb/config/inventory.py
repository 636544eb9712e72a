"""The options that Jupyter users may have in their files: class, name, type. Data; ``docs/options.md`` has effects.

Types are words: ``bool``, ``int``, ``float``, ``str``, ``bytes``, ``list``, ``dict``, ``set``; ``class`` and ``import``
(an import string), ``hash`` (name of a hash), ``level`` (of logging), ``transport``, ``encryption``, ``handlers``,
``callable``, ``object``, ``any``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

_TABLE = """
ServerApp
  allow_credentials:bool allow_external_kernels:bool allow_origin:str allow_origin_pat:str
  allow_password_change:bool allow_remote_access:bool allow_root:bool allow_unauthenticated_access:bool
  authenticate_prometheus:bool authorizer_class:class autoreload:bool base_url:str browser:str certfile:str
  client_ca:str config_manager_class:class contents_manager_class:class cookie_options:dict cookie_secret:bytes
  cookie_secret_file:str custom_display_url:str default_url:str disable_check_xsrf:bool external_connection_dir:str
  extra_log_scrub_param_keys:list extra_services:list extra_static_paths:list extra_template_paths:list
  file_to_run:str file_url_prefix:str get_secure_cookie_kwargs:dict identity_provider_class:class
  iopub_data_rate_limit:float iopub_msg_rate_limit:float ip:str jinja_environment_options:dict
  jinja_template_vars:dict jpserver_extensions:dict kernel_manager_class:class kernel_spec_manager_class:class
  kernel_websocket_connection_class:class kernel_ws_protocol:str keyfile:str limit_rate:bool local_hostnames:list
  login_handler_class:class logout_handler_class:class max_body_size:int max_buffer_size:int
  min_open_files_limit:int nbconvert_csp_sandbox:bool notebook_dir:str open_browser:bool password:str
  password_required:bool port:int port_retries:int preferred_dir:str pylab:str quit_button:bool
  rate_limit_window:float reraise_server_extension_failures:bool root_dir:str session_manager_class:class
  shutdown_no_activity_timeout:int sock:str sock_mode:str ssl_options:dict static_immutable_cache:list
  terminado_settings:dict terminals_enabled:bool token:str tornado_settings:dict trust_xheaders:bool
  use_redirect_file:bool webbrowser_open_new:int websocket_compression_options:any websocket_ping_interval:int
  websocket_ping_timeout:int websocket_url:str
JupyterApp
  answer_yes:bool config_file:str config_file_name:str generate_config:bool
Application
  log_datefmt:str log_format:str log_level:level logging_config:dict show_config:bool show_config_json:bool
ExtensionApp
  default_url:str handlers:list open_browser:bool settings:dict static_paths:list static_url_prefix:str
  template_paths:list
NotebookApp
  config_file_name:str default_url:str extra_nbextensions_path:list open_browser:bool show_banner:bool
NotebookAppTraits
  enable_mathjax:bool extra_nbextensions_path:list extra_static_paths:list extra_template_paths:list
  ignore_minified_js:bool jinja_environment_options:dict jinja_template_vars:dict mathjax_config:str mathjax_url:str
  nbserver_extensions:dict quit_button:bool
IdentityProvider
  cookie_name:str cookie_options:dict get_secure_cookie_kwargs:dict login_handler_class:class
  logout_handler_class:class secure_cookie:bool token:str updatable_fields:list
PasswordIdentityProvider
  allow_password_change:bool hashed_password:str password_required:bool
ContentsManager
  allow_hidden:bool checkpoints:object checkpoints_class:class checkpoints_kwargs:dict event_logger:object
  files_handler_class:class files_handler_params:dict hide_globs:list post_save_hook:any pre_save_hook:any
  preferred_dir:str root_dir:str untitled_directory:str untitled_file:str untitled_notebook:str
FileManagerMixin
  hash_algorithm:hash use_atomic_writing:bool
FileContentsManager
  always_delete_dir:bool delete_to_trash:bool max_copy_folder_size_mb:int root_dir:str
FileCheckpoints
  checkpoint_dir:str root_dir:str
MultiKernelManager
  default_kernel_name:str kernel_manager_class:import shared_context:bool
MappingKernelManager
  allow_tracebacks:bool allowed_message_types:list buffer_offline_messages:bool cull_busy:bool cull_connected:bool
  cull_idle_timeout:int cull_interval:int kernel_info_timeout:float root_dir:str traceback_replacement_message:str
  transport_encryption:encryption untracked_message_types:list
KernelManager
  autorestart:bool cache_ports:bool client_class:import client_factory:class shutdown_wait_time:float
  transport_encryption:encryption
ServerKernelManager
  extra_event_schema_paths:list
KernelRestarter
  debug:bool random_ports_until_alive:bool restart_limit:int stable_start_time:float time_to_dead:float
ConnectionFileMixin
  connection_file:str control_port:int hb_port:int iopub_port:int ip:str shell_port:int stdin_port:int
  transport:transport
Session
  buffer_threshold:int check_pid:bool copy_threshold:int debug:bool digest_history_size:int item_threshold:int
  key:bytes keyfile:str metadata:dict packer:import session:str signature_scheme:str unpacker:import username:str
KernelSpecManager
  allowed_kernelspecs:set ensure_native_kernel:bool kernel_spec_class:class whitelist:set
SessionManager
  database_filepath:str
BaseKernelWebsocketConnection
  kernel_ws_protocol:str session:object
ZMQChannelsWebsocketConnection
  iopub_data_rate_limit:float iopub_msg_rate_limit:float limit_rate:bool rate_limit_window:float
GatewayClient
  accept_cookies:bool allowed_envs:str auth_header_key:str auth_scheme:str auth_token:str ca_certs:str
  client_cert:str client_key:str connect_timeout:float env_whitelist:str event_logger:object
  gateway_retry_interval:float gateway_retry_interval_max:float gateway_retry_max:int
  gateway_token_renewer_class:class headers:str http_pwd:str http_user:str kernels_endpoint:str
  kernelspecs_endpoint:str kernelspecs_resource_endpoint:str launch_timeout_pad:float request_timeout:float url:str
  validate_cert:bool ws_url:str
GatewayWebSocketConnection
  kernel_ws_protocol:str
NotebookNotary
  algorithm:hash data_dir:str db_file:str secret:bytes secret_file:str store_factory:callable
TerminalManager
  cull_inactive_timeout:int cull_interval:int
TerminalsExtensionApp
  terminal_manager_class:class
EventLogger
  handlers:handlers
ConfigManager
  config_dir_name:str
KernelProvisionerFactory
  default_provisioner_name:str
"""

PARENTS: dict[str, tuple[str, ...]] = {
    "AsyncCheckpoints": ("Checkpoints",),
    "AsyncContentsManager": ("ContentsManager",),
    "AsyncFileCheckpoints": ("FileCheckpoints", "AsyncCheckpoints"),
    "AsyncFileContentsManager": ("FileContentsManager", "AsyncContentsManager"),
    "AsyncGenericFileCheckpoints": ("AsyncFileCheckpoints",),
    "AsyncIOLoopKernelManager": ("AsyncKernelManager",),
    "AsyncIOLoopKernelRestarter": ("KernelRestarter",),
    "AsyncKernelManager": ("KernelManager",),
    "AsyncLargeFileManager": ("AsyncFileContentsManager",),
    "AsyncMappingKernelManager": ("MappingKernelManager", "AsyncMultiKernelManager"),
    "AsyncMultiKernelManager": ("MultiKernelManager",),
    "ExtensionApp": ("JupyterApp",),
    "FileCheckpoints": ("FileManagerMixin", "Checkpoints"),
    "FileContentsManager": ("FileManagerMixin", "ContentsManager"),
    "GatewayKernelManager": ("ServerKernelManager",),
    "GatewayKernelSpecManager": ("KernelSpecManager",),
    "GatewayMappingKernelManager": ("AsyncMappingKernelManager",),
    "GatewaySessionManager": ("SessionManager",),
    "GatewayWebSocketConnection": ("BaseKernelWebsocketConnection",),
    "GenericFileCheckpoints": ("FileCheckpoints",),
    "IOLoopKernelManager": ("KernelManager",),
    "IOLoopKernelRestarter": ("KernelRestarter",),
    "JupyterApp": ("Application",),
    "KernelManager": ("ConnectionFileMixin",),
    "LargeFileManager": ("FileContentsManager",),
    "LegacyIdentityProvider": ("PasswordIdentityProvider",),
    "MappingKernelManager": ("AsyncMultiKernelManager",),
    "NotebookApp": ("ExtensionApp", "NotebookAppTraits", "ServerApp"),
    "PasswordIdentityProvider": ("IdentityProvider",),
    "ServerApp": ("JupyterApp",),
    "ServerKernelManager": ("AsyncIOLoopKernelManager",),
    "TerminalsExtensionApp": ("ExtensionApp",),
    "ZMQChannelsWebsocketConnection": ("BaseKernelWebsocketConnection",),
}
"""Class → the classes whose options it has too."""

WITHOUT_OPTIONS = (*("AllowAllAuthorizer", "Authorizer", "Checkpoints", "GatewayTokenRenewerBase", "NoOpTokenRenewer"),)
PENDING_KERNELS = ("AsyncMultiKernelManager", "use_pending_kernels", "bool")


@cache
def inventory() -> dict[str, dict[str, str]]:
    """Class → own option → type."""
    result: dict[str, dict[str, str]] = {}
    for line in _TABLE.strip().splitlines():
        if not line.startswith(" "):
            options = result[line] = {}
            continue
        options |= dict(entry.split(":") for entry in line.split())
    section, option, kind = PENDING_KERNELS
    result[section] = {option: kind}
    return result


@cache
def lineage(section: str) -> tuple[str, ...]:
    """``section`` and every class whose options it has, nearest first."""
    found = [section]
    for parent in PARENTS.get(section, ()):
        found += [one for one in lineage(parent) if one not in found]
    return tuple(found)


def kind_of(section: str, option: str) -> str | None:
    """The type of an option, also where ``section`` inherits it; ``None`` for what is not in the inventory."""
    table = inventory()
    return next((table[one][option] for one in lineage(section) if option in table.get(one, {})), None)


def documented_classes() -> Iterator[str]:
    """Every class name that may stand in a file, those without options of their own too."""
    yield from dict.fromkeys([*inventory(), *PARENTS, *WITHOUT_OPTIONS])
