"""What the server says in a kernel's place is what the page looks for to say it in the reader's language."""

from __future__ import annotations

import re
import signal

import pytest

from flasknb.kernel_bridge import rate_limits
from flasknb.kernel_bridge.sidecar import reading, stand_in, subscriber
from flasknb.kernel_bridge.sidecar.process import describe_exit
from tests.servers import REPO

SOURCE = REPO / "frontend" / "src" / "i18n" / "serverwords.ts"
ENDS = [
    describe_exit(None),
    describe_exit(-signal.SIGKILL),
    describe_exit(-signal.SIGKILL, is_out_of_memory=True),
    describe_exit(-64),
    describe_exit(3),
]
DEAD = next(content for _, kind, content in stand_in.words_of_the_dead("") if kind == "error")


def patterns() -> list[re.Pattern[str]]:
    """Each sentence that the page knows."""
    marked = re.findall(r"mark\((.*?)\),\n", SOURCE.read_text(encoding="utf-8"), re.DOTALL)
    texts = ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', one)).replace("\\n", "\n") for one in marked]
    return [re.compile(".*".join(map(re.escape, text.split("%s"))), re.DOTALL) for text in texts]


def settings_left_out(notice: str) -> str:
    """``notice`` without the lines of options at its end, which are the same in every language."""
    return re.sub(r"(?m)^ServerApp\..*\n", "", notice)


def rate_notices() -> list[str]:
    limits = rate_limits.RateLimits(messages_per_s=1, bytes_per_s=1, window_s=1)
    said = []
    for exceeded in ("msg", "data"):
        limiter = rate_limits.FlowLimiter(limits)
        limiter._exceeded = exceeded
        said.append(limiter._notice())
    return said


@pytest.mark.parametrize(
    "sentence",
    [
        *(f"The kernel {how}." for how in ENDS),
        str(DEAD["evalue"]),
        reading.TOO_LARGE,
        reading.BEGINNING_LOST,
        subscriber.LEFT_OUT,
        *map(settings_left_out, rate_notices()),
    ],
)
def test_the_page_knows_the_sentence(sentence: str) -> None:
    assert any(pattern.fullmatch(sentence) for pattern in patterns())


@pytest.mark.parametrize("name", ["kernels", "culler", "roster", "kernel", "launch", "gateway/life"])
def test_reasons_in_the_sources_are_known(name: str) -> None:
    source = (REPO / "flasknb" / "kernel_bridge" / "sidecar" / f"{name}.py").read_text(encoding="utf-8")
    said = re.findall(r'(?:\.end|lose_executions|_die|_shutdown)\([^\n]*?f?"((?:The kernel)[^"]*)"', source)
    said += re.findall(r'reason or f?"(The kernel[^"]*)"', source)
    unknown = [text for text in said if not any(one.fullmatch(re.sub(r"\{.*?\}", "x", text)) for one in patterns())]
    assert unknown == []
