"""Pages and errors in the language that the browser asks for; programs read English."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from werkzeug.test import TestResponse

from flasknb.extensions.assets import AssetFiles
from tests.conftest import Site
from tests.contract import catalogues

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture(autouse=True)
def built_catalogues(built: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """German as the build leaves it, whether or not something was built here."""
    folder = tmp_path / "static" / "build" / "locale" / "de"
    folder.mkdir(parents=True)
    with (folder / "nbui.mo").open("wb") as file:
        write_mo(file, catalogues.translation("de", "nbui"))
    said = {one.id: one.string for one in catalogues.translation("de", "notebook") if one.id}
    (folder / "notebook.json").write_text(json.dumps(said))
    manifest = AssetFiles()._manifest()
    names = {f"locale/de/{name}": f"locale/de/{name}" for name in ("nbui.mo", "notebook.json", "nbjs.js")}
    monkeypatch.setattr(AssetFiles, "_manifest", lambda _: {**manifest, "locales": "de", **names})
    monkeypatch.setattr(AssetFiles, "built_path", lambda _, name: tmp_path / "static" / "build" / name)


def test_a_page_follows_the_browser(site: Site) -> None:
    answer = site.browser.get("tree", headers=GERMAN)
    assert '<html lang="de"' in answer.text
    assert ">Laufend</a>" in answer.text
    assert answer.headers["Content-Language"] == "de"
    assert "Accept-Language" in answer.headers["Vary"]
    assert answer.text.index("/locale/de/nbjs.js") < answer.text.rindex("tree-")


@pytest.mark.parametrize("wished", ["fr", "en-US,de;q=0.5", "", "de;q=0", ",;;,q=", "x" * 5000])
def test_without_a_catalogue_for_the_reader_a_page_is_english_and_loads_none(site: Site, wished: str) -> None:
    answer = site.browser.get("tree", headers={"Accept-Language": wished})
    assert '<html lang="en"' in answer.text
    assert "/locale/" not in answer.text
    assert ">Running</a>" in answer.text


def test_a_user_may_choose_a_language_for_all_browsers(site: Site) -> None:
    visitor = site.browser
    assert visitor.patch("api/config/common", json={"language": "de"}).status_code == 200
    assert '<html lang="de"' in visitor.get("tree", headers={"Accept-Language": "en"}).text
    assert '<html lang="en"' in site.stranger.get("login", headers={"Accept-Language": "en"}).text
    assert visitor.patch("api/config/common", json={"language": ["de"]}).status_code == 200
    assert '<html lang="de"' in visitor.get("tree", headers=GERMAN).text


def test_the_languages_there_are_can_be_chosen_by_who_is_logged_in(site: Site) -> None:
    def switch(answer: TestResponse) -> tuple[str, str] | None:
        found = re.search(r'id="language_switch"[^>]* data-languages="([^"]*)" data-chosen="([^"]*)"', answer.text)
        return (found[1], found[2]) if found else None

    assert switch(site.api.get("tree")) == ("de", "")
    site.api.patch("api/config/common", json={"language": "de"})
    assert switch(site.api.get("tree")) == ("de", "de")
    assert switch(site.stranger.get("login")) is None


def test_errors_are_said_in_the_language_of_the_page_that_shows_them(site: Site) -> None:
    answer = site.api.get("api/contents/a <b>.txt", headers=GERMAN)
    assert (answer.status_code, answer.json["message"]) == (404, "Datei oder Ordner '/a <b>.txt' existiert nicht")
    assert answer.json["reason"] is None
    page = site.browser.get("tree/a <b>", headers=GERMAN)
    assert "404 : Nicht gefunden" in page.text
    assert "Datei oder Ordner &#39;/a &lt;b&gt;&#39; existiert nicht" in page.text
    assert page.status == "404 Not Found"


def test_a_program_reads_the_sentence_it_knows(site: Site) -> None:
    assert site.api.get("api/contents/a.txt").json["message"] == "file or directory '/a.txt' does not exist"


def test_the_login_form_speaks_to_strangers(site: Site) -> None:
    visitor = site.stranger
    page = visitor.get("login", headers=GERMAN)
    assert "Passwort oder Token:" in page.text
    assert "<code>?token=…</code>" in page.text
    refused = visitor.post("login", data={"password": "no", "_xsrf": "none"}, headers=GERMAN)
    assert "Das XSRF-Cookie passt nicht" in refused.text or "Falsches Passwort" in refused.text
