"""A host keeps everything that is its own: handlers, headers, session, templates; several mounts live side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Blueprint, Flask, abort, session
from jinja2 import DictLoader
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from flasknb import FlaskNB, create_app
from flasknb.testing import FakeBridge

OURS = {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Set-Cookie"}


def host(tmp_path: Path, **mounts: str) -> Flask:
    """A host app with pages of its own and mounts ``name=url_prefix``."""
    app = Flask("host", root_path=str(tmp_path))
    app.secret_key = "the host's"

    @app.get("/own")
    def own() -> str:
        session["seen"] = True
        return "own"

    @app.get("/fail")
    def fail() -> str:
        raise RuntimeError("the host's bug")

    @app.errorhandler(404)
    def missing(error: Exception) -> tuple[str, int]:
        return "the host's 404", 404

    for name, prefix in mounts.items():
        (tmp_path / name).mkdir()
        notebook = FlaskNB(root_dir=str(tmp_path / name), token=f"token of {name}", make_bridge=lambda *_: FakeBridge())
        notebook.init_app(app, url_prefix=prefix, name=name)
    return app


def test_a_host_keeps_its_pages_errors_headers_and_session(tmp_path: Path) -> None:
    app = host(tmp_path, nb="/nb")
    client = app.test_client()
    own = client.get("/own", headers={"Host": "anything.example"})
    assert (own.status_code, own.text) == (200, "own")
    assert not OURS & {name for name, _ in own.headers if name != "Set-Cookie"}
    assert own.headers["Set-Cookie"].startswith("session=")
    assert client.get("/gone").text == "the host's 404"
    assert client.post("/own").status_code == 405
    assert client.get("/fail").status_code == 500
    assert app.secret_key == "the host's"
    assert app.before_request_funcs.get(None, []) == []
    assert app.after_request_funcs.get(None, []) == []


def test_errors_inside_the_mount_are_ours(tmp_path: Path) -> None:
    client = host(tmp_path, nb="/nb").test_client()
    assert "the host's" not in client.get("/nb/gone").text
    assert client.get("/nb/api/status").json == {"message": "Forbidden", "reason": None}


def test_row_103_before_request_functions_of_the_host_still_run(tmp_path: Path) -> None:
    app = host(tmp_path, nb="/nb")
    app.before_request(lambda: abort(418))
    assert app.test_client().get("/nb/api").status_code == 418


def test_two_mounts_have_folders_tokens_and_cookies_of_their_own(tmp_path: Path) -> None:
    app = host(tmp_path, one="/one", two="/two")
    (tmp_path / "one" / "a.txt").write_text("x")
    client = app.test_client()
    names = [entry["name"] for entry in client.get("/one/api/contents?token=token of one").json["content"]]
    assert names == ["a.txt"]
    assert client.get("/two/api/contents").status_code == 403
    assert client.get("/two/api/contents?token=token of one").status_code == 403
    assert client.get("/two/api/contents?token=token of two").json["content"] == []
    login = client.get_cookie("username-localhost", path="/one/") or client.get_cookie(
        "username-localhost", path="/one"
    )
    assert login is not None
    stolen = app.test_client()
    stolen.set_cookie("username-localhost", login.value, path="/two/")
    assert stolen.get("/two/api/contents").status_code == 403


def test_a_name_can_be_used_once_only(tmp_path: Path) -> None:
    app = host(tmp_path, nb="/nb")
    with pytest.raises(ValueError, match="another name"):
        FlaskNB(root_dir=str(tmp_path)).init_app(app, url_prefix="/other", name="nb")


def test_a_host_with_templates_of_the_same_names_changes_nothing(tmp_path: Path) -> None:
    app = host(tmp_path, nb="/nb")
    app.jinja_loader = DictLoader({"error.html": "the host's", "login.html": "the host's", "page.html": "the host's"})
    assert "the host's" not in app.test_client().get("/nb/gone").text


def test_a_host_blueprint_called_like_one_of_ours_is_no_problem(tmp_path: Path) -> None:
    app = host(tmp_path, nb="/nb")
    other = Blueprint("contents", __name__)
    other.add_url_rule("/contents", view_func=lambda: "host contents", endpoint="own")
    app.register_blueprint(other)
    assert app.test_client().get("/contents").text == "host contents"
    assert app.test_client().get("/nb/api").status_code == 200


def test_a_dispatcher_puts_its_prefix_before_every_address(tmp_path: Path) -> None:
    inner = host(tmp_path, nb="/nb")
    client = Client(DispatcherMiddleware(Flask("outer"), {"/a@b": inner}))
    assert client.get("/a@b/nb/").headers["Location"] == "/a@b/nb/tree"
    assert client.get("/a@b/nb/tree").headers["Location"].startswith("/a@b/nb/login?next=/a@b/nb/tree")
    answer = client.get("/a@b/nb/api/status", headers={"Authorization": "token token of nb"})
    assert "Path=/a@b/nb/" in answer.headers["Set-Cookie"]
    assert "report-uri /a@b/nb/api/security/csp-report" in answer.headers["Content-Security-Policy"]


def test_a_host_configures_by_its_config(tmp_path: Path) -> None:
    app = Flask("host")
    (tmp_path / "served").mkdir()
    app.config["FLASKNB_ROOT_DIR"] = tmp_path / "served"
    app.config["FLASKNB_TOKEN"] = "t"
    services = FlaskNB().init_app(app, url_prefix="/nb")
    assert services.settings.root_dir == tmp_path / "served"
    assert services.identity.token == "t"


def test_our_own_app_lives_at_its_base_url_and_checks_hosts_everywhere(tmp_path: Path) -> None:
    app = create_app({"root_dir": tmp_path, "base_url": "/x/", "TESTING": True})
    client = app.test_client()
    assert app.testing
    assert client.get("/x/api").status_code == 200
    assert client.get("/api").status_code == 404
    assert client.get("/nowhere", headers={"Host": "evil.example"}).status_code == 403
    assert client.get("//x//api", headers={"Host": "evil.example"}).status_code == 403


def test_a_root_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not a folder"):
        create_app({"root_dir": tmp_path / "gone"})


@pytest.mark.parametrize("method", ["FOO", "TRACE", "PROPFIND"])
def test_methods_nobody_knows_are_refused_in_our_form_and_only_in_the_mount(tmp_path: Path, method: str) -> None:
    client = host(tmp_path, nb="/nb").test_client()
    for path, kind, allowed in (
        ("api/status", "application/json", "GET, HEAD, OPTIONS"),
        ("api/contents", "application/json", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("tree", "text/html", "GET, HEAD, OPTIONS"),
        ("", "text/html", "GET, HEAD, OPTIONS"),
    ):
        answer = client.open(f"/nb/{path}", method=method)
        assert (answer.status_code, answer.mimetype, answer.headers["Allow"]) == (405, kind, allowed)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" in answer.headers
    assert client.open("/nb/api/nothing", method=method).status_code == 404
    own = client.open("/own", method=method)
    assert (own.status_code, sorted(own.allow)) == (405, ["GET", "HEAD", "OPTIONS"])
    assert not OURS & {name for name, _ in own.headers}


def test_a_write_to_the_mounts_own_address_is_refused_in_our_form(tmp_path: Path) -> None:
    client = host(tmp_path, nb="/nb").test_client()
    answer = client.post("/nb/", headers={"Authorization": "token token of nb"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "Content-Security-Policy" in answer.headers
    assert client.get("/nb/", headers={"Authorization": "token token of nb"}).status_code in (200, 302)
