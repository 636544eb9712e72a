"""Options of kernels and their websockets are looked at when the server starts."""

from __future__ import annotations

import pytest
from traitlets import TraitError
from traitlets.config import Config

from flasknb.kernel_bridge.options import check


def test_an_option_of_another_server_is_told_and_ignored(caplog: pytest.LogCaptureFixture) -> None:
    check(Config({"ZMQChannelsWebsocketConnection": {"speed": 1}}))
    (said,) = caplog.messages
    assert "`speed` not recognized by `ZMQChannelsWebsocketConnection`" in said
    assert said.endswith("It is ignored.")


def test_options_that_exist_are_no_news(caplog: pytest.LogCaptureFixture) -> None:
    check(Config({"ZMQChannelsWebsocketConnection": {"max_message_bytes": 5}, "KernelSidecar": {"grace_time_s": 0}}))
    assert caplog.messages == []


def test_a_value_that_makes_no_sense_stops_the_start() -> None:
    with pytest.raises(TraitError, match="grace_time_s"):
        check(Config({"KernelSidecar": {"grace_time_s": "long"}}))
