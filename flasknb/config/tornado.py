"""What counts of ``ServerApp.tornado_settings``, which older files use for nearly everything. Pure.

``headers`` and the ping times stay where they are, for answers and websockets; cookies, CORS and XSRF move to the
options of today.
"""

from __future__ import annotations

from typing import Any

from flasknb.config.notices import Notice, warning

Section = dict[str, Any]

MOVED = {
    "cookie_options": ("IdentityProvider", "cookie_options"),
    "cookie_secret": ("ServerApp", "cookie_secret"),
    **{
        name: ("ServerApp", name)
        for name in (
            *("allow_credentials", "allow_origin", "allow_origin_pat", "allow_remote_access", "local_hostnames"),
            *("default_url", "disable_check_xsrf", "websocket_url"),
        )
    },
}
KEPT = ("headers", "ws_ping_interval", "ws_ping_timeout")
PLAIN_XSRF = "xsrf_cookies"


def without_tornado(options: Section, notices: list[Notice]) -> Section:
    """``options`` with the settings that have an option of their own moved there, where that is not set itself."""
    given = options.get("ServerApp", {}).get("tornado_settings")
    if not isinstance(given, dict):
        return options
    result = {name: dict(section) for name, section in options.items()}
    result["ServerApp"]["tornado_settings"] = {name: given[name] for name in KEPT if name in given}
    for name, value in given.items():
        if name in MOVED:
            section, option = MOVED[name]
            result.setdefault(section, {}).setdefault(option, value)
        elif name == PLAIN_XSRF:
            result["ServerApp"].setdefault("disable_check_xsrf", not value)
        elif name not in KEPT:
            notices.append(
                warning(
                    f"ServerApp.tornado_settings[{name!r}] has no effect: Tornado is not used here. What counts are "
                    f"{', '.join(KEPT)}, cookie_options, cookie_secret, {PLAIN_XSRF} and the CORS settings"
                )
            )
    return result
