"""The words of this request: which language its visitor reads, and our texts in it."""

from __future__ import annotations

from gettext import NullTranslations
from pathlib import Path

from flask import request
from jinja2 import Environment

from flasknb.blueprints.context import request_state, services
from flasknb.errors import FrontEndMissing
from flasknb.language.catalogues import PAGES, SCRIPTS, SENTENCES, read_catalogue, read_patterns, read_sentences
from flasknb.language.finished import translated
from flasknb.language.tags import SOURCE, choose_language

CHOICES_SECTION, CHOICE = "common", "language"


def page_language() -> str:
    """Name of the catalogue for this visitor: their own choice in the settings, else what the browser asks for."""
    state = request_state()
    if state.language is None:
        state.language = _choose()
    return state.language


def _choose() -> str:
    wished = [tag for tag, quality in request.accept_languages if quality > 0]
    if not wished:
        return SOURCE  # no browser: a program, which compares our sentences
    chosen = chosen_language()
    return choose_language([chosen, *wished] if chosen else wished, other_languages())


def other_languages() -> list[str]:
    """Names of the languages beside English that pages can be in."""
    try:
        return services().assets.languages()
    except FrontEndMissing:
        return []


def chosen_language() -> str | None:
    """The tag that the visitor chose in the settings; ``None`` for what the browser asks for, as strangers get."""
    chosen = services().sections.get(CHOICES_SECTION).get(CHOICE) if request_state().login else None
    return chosen if isinstance(chosen, str) and chosen else None


def script_catalogue() -> str | None:
    """Logical name of the script that brings the page's catalogue; ``None`` where it needs none."""
    language = page_language()
    return None if language == SOURCE else f"locale/{language}/{SCRIPTS}.js"


def install_wording(environment: Environment) -> None:
    """Have ``_()`` and ``ngettext()`` in templates speak the language of whoever asks."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        _gettext, _ngettext, newstyle=False, pgettext=_pgettext
    )


def say(text: str) -> str:
    """A sentence of the server that goes into a page, in the visitor's language."""
    path = _catalogue_path(f"{SENTENCES}.json")
    return text if path is None else read_sentences(path).get(text, text)


def say_finished(sentence: str) -> str:
    """The same for one that was finished elsewhere, its values already in it."""
    path = _catalogue_path(f"{SENTENCES}.json") if sentence else None
    return sentence if path is None else translated(sentence, read_patterns(path), read_sentences(path))


def _pages() -> NullTranslations:
    path = _catalogue_path(f"{PAGES}.mo")
    return NullTranslations() if path is None else read_catalogue(path)


def _catalogue_path(file: str) -> Path | None:
    """The built catalogue for this visitor; ``None`` where our own words are right, or all there is."""
    language = page_language()
    try:
        return None if language == SOURCE else services().assets.built_path(f"locale/{language}/{file}")
    except FrontEndMissing:
        return None


def _gettext(text: str) -> str:
    return _pages().gettext(text)


def _pgettext(context: str, text: str) -> str:
    return _pages().pgettext(context, text)


def _ngettext(one: str, many: str, count: int) -> str:
    return _pages().ngettext(one, many, count)
