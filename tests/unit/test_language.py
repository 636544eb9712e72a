"""Which catalogue a reader gets, and how a finished sentence finds its translation."""

from __future__ import annotations

from pathlib import Path

import pytest

from flasknb.language.catalogues import read_catalogue, read_patterns, read_sentences
from flasknb.language.finished import MOST_CHARS, Pattern, filled, pattern_of, translated
from flasknb.language.tags import choose_language, direction

WORDS = {
    "%(path)s is not a directory": "%(path)s ist kein Ordner",
    "%(path)s is a directory, not a %(kind)s": "%(kind)s erwartet, %(path)s ist ein Ordner",
    "The kernel is dead: %(reason)s. Restart it first.": "Der Kernel ist tot: %(reason)s.",
    "its process has ended": "sein Prozess ist beendet",
    "Not Found": "Nicht gefunden",
    "%(share)s is 100%% of it": "100%% davon: %(share)s",
}


def patterns() -> list[Pattern]:
    return sorted(map(pattern_of, WORDS), key=lambda one: -one.said_chars)


@pytest.mark.parametrize(
    ("wished", "chosen"),
    [
        (["de-AT", "en"], "de"),
        (["fr", "de"], "de"),
        (["en-GB", "de"], "en"),
        (["pt"], "pt_BR"),
        (["pt-PT"], "en"),
        (["pt-BR"], "pt_BR"),
        (["PT-br"], "pt_BR"),
        (["zh-Hant-TW"], "zh_Hant"),
        (["*", "xx", "", "../../etc"], "en"),
        ([], "en"),
        (["xx"] * 1000 + ["de"], "en"),
    ],
)
def test_the_first_wish_that_can_be_met_is_met(wished: list[str], chosen: str) -> None:
    assert choose_language(wished, ["de", "pt_BR", "zh_Hant"]) == chosen


def test_some_languages_are_written_from_right_to_left() -> None:
    assert [direction(name) for name in ("he", "fa_IR", "de", "en")] == ["rtl", "rtl", "ltr", "ltr"]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("a b/c.txt is not a directory", "a b/c.txt ist kein Ordner"),
        ("x is a directory, not a notebook", "notebook erwartet, x ist ein Ordner"),
        ("Not Found", "Nicht gefunden"),
        ("not found", "not found"),
        (
            "The kernel is dead: its process has ended. Restart it first.",
            "Der Kernel ist tot: sein Prozess ist beendet.",
        ),
        ("half is 100% of it", "100% davon: half"),
        (" is not a directory", " ist kein Ordner"),
        ("nobody ever said this", "nobody ever said this"),
        ("%(path)s is not a directory", "%(path)s ist kein Ordner"),
    ],
)
def test_a_finished_sentence_is_said_in_another_language(sentence: str, said: str) -> None:
    assert translated(sentence, patterns(), WORDS) == said


def test_a_file_that_is_called_like_a_sentence_keeps_its_name() -> None:
    assert translated("Not Found is not a directory", patterns(), WORDS) == "Not Found ist kein Ordner"


def test_a_long_or_hostile_sentence_takes_no_time() -> None:
    long = "is a directory, not a " * 10_000
    assert translated(long, patterns(), WORDS) == long
    nested = "The kernel is dead: " * (MOST_CHARS // 25)
    assert translated(nested, patterns(), WORDS) == nested


def test_a_bad_translation_breaks_no_answer() -> None:
    assert filled("%(nobody)s %% %d {x} %(path)s", {"path": "%(path)s"}) == "%(nobody)s % %d {x} %(path)s"


def test_a_catalogue_that_is_not_there_or_broken_translates_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\xde\x12\x04\x95 no catalogue")
    assert read_catalogue(tmp_path / "none.mo").gettext("File") == "File"
    assert read_catalogue(broken).gettext("File") == "File"
    assert read_sentences(broken) == {}
    assert read_patterns(tmp_path / "none.json") == ()
