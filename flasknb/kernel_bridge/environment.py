"""Which environment variables reach the sidecar and its kernels: an allowlist, against a host site's secrets. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

ALLOWED_ENV: Sequence[str] = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "COLORTERM", "LANG", "LANGUAGE", "LC_*", "TZ",
    "TMPDIR", "TEMP", "TMP", "XDG_*", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
    "PYTHONPATH", "PYTHONHOME", "PYTHONHASHSEED", "PYTHONUTF8", "PYTHONIOENCODING", "PYTHONUNBUFFERED",
    "PYTHONWARNINGS", "PYTHONDONTWRITEBYTECODE", "PYTHONSTARTUP", "PYTHONNOUSERSITE", "PYTHONUSERBASE",
    "VIRTUAL_ENV", "CONDA_*", "MAMBA_*", "PYENV_*", "IPYTHONDIR", "MPLBACKEND", "MPLCONFIGDIR",
    "JUPYTER_CONFIG_DIR", "JUPYTER_CONFIG_PATH", "JUPYTER_DATA_DIR", "JUPYTER_PATH", "JUPYTER_RUNTIME_DIR",
    "JUPYTER_NO_CONFIG", "JUPYTER_PREFER_ENV_PATH", "JUPYTER_PLATFORM_DIRS", "JUPYTER_USE_PLATFORM_DIRS",
    "JUPYTER_DEFAULT_PROVISIONER_NAME",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
    "CUDA_*", "NVIDIA_*", "ROCM_*", "HIP_*", "OMP_*", "MKL_*", "OPENBLAS_*", "NUMBA_*", "NUMEXPR_*", "BLIS_*",
    "R_*", "JULIA_*", "JAVA_HOME", "GOPATH", "GOROOT", "CARGO_HOME", "RUSTUP_HOME", "TF_*", "HF_HOME", "TORCH_HOME",
    "http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy",
    "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
)  # fmt: skip
"""Shell patterns. A name that looks like a credential is left out even where a pattern with ``*`` matches it."""

WILDCARDS = frozenset("*?[")
CREDENTIAL_WORDS = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "API_KEY", "ACCESS_KEY", "PRIVATE_KEY")


def allowed_environment(environment: Mapping[str, str], more_patterns: Sequence[str] = ()) -> dict[str, str]:
    """The part of ``environment`` that kernels may see.

    Args:
        more_patterns: what an administrator allows besides; an exact name here passes whatever it looks like.
    """
    exact = frozenset((*ALLOWED_ENV, *more_patterns))
    wild = [pattern for pattern in exact if not WILDCARDS.isdisjoint(pattern)]
    return {name: value for name, value in environment.items() if name in exact or _is_meant(name, wild)}


def _is_meant(name: str, wild: Sequence[str]) -> bool:
    looks_secret = any(word in name.upper() for word in CREDENTIAL_WORDS)
    return not looks_secret and any(fnmatchcase(name, pattern) for pattern in wild)
