"""Rows of sections 7 and 8 of the REST inventory: the user's own templates, and figures of time and size."""

from __future__ import annotations

from pathlib import Path

import pytest

from flasknb.cli.idle import is_use
from flasknb.kernel_bridge.options import ZMQChannelsWebsocketConnection
from flasknb.kernel_bridge.sidecar.managers import MappingKernelManager
from tests.conftest import MakeSite


@pytest.mark.row("7 templates")
def test_the_users_templates_come_before_ours(make_site: MakeSite, tmp_path: Path) -> None:
    (tmp_path / "error.html").write_text("{{ status }} {{ greeting }} [[ {{ base_url }} ]]")
    site = make_site(
        "/a/b/",
        extra_template_paths=[str(tmp_path)],
        jinja_template_vars={"greeting": "<hello>"},
        jinja_environment_options={"trim_blocks": True},
    )
    answer = site.browser.get("nowhere")
    assert (answer.status_code, answer.text) == (404, "404 &lt;hello&gt; [[ /a/b/ ]]")
    assert site.browser.get("tree").status_code == 200


@pytest.mark.row("8 limits")
def test_the_documented_figures_are_the_defaults(make_site: MakeSite) -> None:
    services = make_site().services
    assert services.settings.server.max_body_size == 512 * 1024 * 1024
    assert services.identity.login_lifetime_s == 30 * 24 * 3600
    websockets = ZMQChannelsWebsocketConnection()
    assert (websockets.websocket_ping_interval_s, websockets.websocket_ping_timeout_s) == (30.0, 90.0)
    assert MappingKernelManager.kernel_info_timeout.default_value == 60
    assert websockets.rate_limit_window == 3


@pytest.mark.row("4.1 no_track_activity")
@pytest.mark.parametrize(
    ("path", "arguments", "counts"),
    [
        ("api/contents", {}, True),
        ("api/contents", {"no_track_activity": "0"}, True),
        ("api/contents", {"no_track_activity": "1"}, False),
        ("api/kernels", {"no_track_activity": "true"}, False),
        ("api/status", {}, False),
    ],
)
def test_a_request_that_says_so_is_no_use_of_the_server(path: str, arguments: dict[str, str], counts: bool) -> None:
    assert is_use(path, arguments) is counts


@pytest.mark.row("8 limits")
def test_a_body_over_the_limit_is_not_read(make_site: MakeSite) -> None:
    site = make_site(max_body_size=1_000)
    answer = site.api.put("api/contents/a.txt", data=b"{" + b" " * 5_000 + b"}")
    assert answer.status_code == 413
    assert list(site.root_dir.iterdir()) == []
