"""Two writers: a save that names the bytes it knows never overwrites others."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.contents_site import Site, notebook, open_site, save_notebook, save_text


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(tmp_path)


def test_the_hash_of_one_save_is_the_key_to_the_next(site: Site) -> None:
    seen = save_notebook(site, "n.ipynb", notebook("1"), hash=None).json["hash"]
    assert seen is None
    seen = site.model("n.ipynb", content="0", hash="1")["hash"]
    for source in ("2", "3"):
        answer = save_notebook(site, "n.ipynb", notebook(source), hash=seen)
        assert answer.status_code == 200
        assert answer.json["hash"] == site.model("n.ipynb", hash="1")["hash"] != seen
        seen = answer.json["hash"]


def test_a_file_changed_on_disk_is_not_overwritten(site: Site) -> None:
    save_text(site, "a.txt", "mine")
    seen = site.model("a.txt", hash="1")["hash"]
    (site.root / "a.txt").write_text("theirs")
    answer = save_text(site, "a.txt", "mine too", hash=seen)
    assert (answer.status_code, answer.json["reason"]) == (409, "changed on disk")
    assert "a.txt changed on disk" in answer.json["message"]
    assert (site.root / "a.txt").read_text() == "theirs"


def test_a_file_deleted_on_disk_is_not_recreated_unasked(site: Site) -> None:
    save_text(site, "a.txt", "mine")
    seen = site.model("a.txt", hash="1")["hash"]
    (site.root / "a.txt").unlink()
    answer = save_text(site, "a.txt", "mine", hash=seen)
    assert (answer.status_code, answer.json["reason"]) == (409, "deleted on disk")
    assert not (site.root / "a.txt").exists()
    assert save_text(site, "a.txt", "mine").status_code == 201


def test_a_repeated_save_whose_answer_was_lost_succeeds(site: Site) -> None:
    save_text(site, "a.txt", "one")
    seen = site.model("a.txt", hash="1")["hash"]
    answers = [save_text(site, "a.txt", "two", hash=seen) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_without_a_hash_the_last_save_wins_as_ever(site: Site) -> None:
    save_text(site, "a.txt", "one")
    (site.root / "a.txt").write_text("other")
    assert save_text(site, "a.txt", "two").status_code == 200
    assert (site.root / "a.txt").read_text() == "two"


def test_of_two_savers_with_the_same_hash_one_is_told(site: Site) -> None:
    save_text(site, "a.txt", "start")
    seen = site.model("a.txt", hash="1")["hash"]
    texts = [f"saver {number}" for number in range(8)]
    statuses: dict[str, int] = {}
    start = threading.Barrier(len(texts))

    def save(text: str) -> None:
        start.wait(timeout=10)
        statuses[text] = save_text(site, "a.txt", text, hash=seen).status_code

    threads = [threading.Thread(target=save, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(statuses.values()) == [200] + [409] * (len(texts) - 1)
    assert statuses[(site.root / "a.txt").read_text()] == 200


def test_untitled_files_made_at_once_get_different_names(site: Site) -> None:
    names: list[str] = []
    threads = [
        threading.Thread(target=lambda: names.append(site.contents("POST", "", {"type": "notebook"}).json["name"]))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(set(names)) == len(names) == 6
