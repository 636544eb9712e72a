"""The catalogues hold what the sources say, and no translation lost a placeholder."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from tests.contract.catalogues import LOCALE, as_text, languages, sentences_in, templates, translation

COMPLETE = ("de",)
DOMAINS = ("nbui", "nbjs", "notebook")
PLACE = re.compile(r"%(?:\d+\$)?[sdf]|%\(\w+\)s")


def messages(language: str, domain: str) -> list[Message]:
    return [message for message in translation(language, domain) if message.id]


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_templates_say_what_the_sources_say() -> None:
    stale = [name for name, one in templates().items() if as_text(one) != (LOCALE / f"{name}.pot").read_bytes()]
    assert stale == [], "run `make messages`"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("domain", DOMAINS)
def test_a_catalogue_has_the_messages_of_its_template(language: str, domain: str) -> None:
    wanted = {(forms(one.id), one.context) for one in templates()[domain] if one.id}
    assert {(forms(one.id), one.context) for one in messages(language, domain)} == wanted, "run `make messages`"


@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize("domain", DOMAINS)
def test_a_complete_language_misses_nothing(language: str, domain: str) -> None:
    open_ones = [one.id for one in messages(language, domain) if one.fuzzy or not all(forms(one.string))]
    assert open_ones == []


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("domain", DOMAINS)
def test_translations_keep_the_placeholders(language: str, domain: str) -> None:
    lost = []
    for message in messages(language, domain):
        allowed = [sorted(PLACE.findall(text)) for text in forms(message.id)]
        lost += [text for text in forms(message.string) if text and sorted(PLACE.findall(text)) not in allowed]
    assert lost == []


def test_sentences_are_found_in_errors_and_marks_whatever_they_are_made_of() -> None:
    source = """
NAME = "the file"
raise EntryMissing(f"{shown(api_path)!r} and {shown(api_path)} are not in {NAME}")
raise BadRequest("none" if x else f"one of {wanted['kind']:>5}, 100%")
raise ValueError("for developers")
told = sentence(f"It was {error.strerror or error}")
raise KernelFailed(f"{a} {b}")
"""
    assert sentences_in(source) == [
        "%(api_path)s and %(api_path2)s are not in the file",
        "It was %(strerror)s",
        "none",
        "one of %(kind)s, 100%%",
    ]
