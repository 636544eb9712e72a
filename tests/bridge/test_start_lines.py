"""What is said at start and about requests: form, levels, secrets, under pywsgi and gunicorn."""

from __future__ import annotations

import re
import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.bridge.commands import REPO, configured, flasknb, free_port, running, wait_until_open

STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"
GUNICORN = ["gunicorn", "-c", "python:flasknb.gunicorn_conf", "--pythonpath", str(REPO)]
TOKEN = "tokentokentoken7"


def visit(port: int, path: str, **headers: str) -> int:
    """Status of a GET, redirects not followed."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers=headers)
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        return None


def test_the_lines_that_users_know(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path) as command:
        command.read_until("Or copy and paste")
        command.read_until(r"127\.0\.0\.1:\d+/tree\?token=\w{48}\n$")
        root, port = re.escape(str(tmp_path / "root")), command.info["port"]
        head = rf"\[I {STAMP} ServerApp\]"
        url = rf"http://localhost:{port}/tree\?token=\w{{48}}\n"
        again = rf"http://127\.0\.0\.1:{port}/tree\?token=\w{{48}}\n"
        page = re.escape((tmp_path / "runtime" / f"jpserver-{command.process.pid}-open.html").as_uri())
        for pattern in (
            rf"{head} Serving notebooks from local directory: {root}\n",
            rf"{head} Jupyter Server \(flasknb [\d.]+\) is running at:\n{head} {url}{head}     {again}",
            rf"{head} Use Control-C to stop this server and shut down all kernels \(twice to skip confirmation\)\.\n",
            rf"\[C {STAMP} ServerApp\] \n    To access the server, open this file in a browser:\n        {page}\n"
            rf"    Or copy and paste one of these URLs:\n        {url}        {again}",
        ):
            assert re.search(pattern, command.output), pattern
        assert "\x1b" not in command.output


def test_a_chosen_token_is_nowhere_and_colours_are_for_terminals(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path, JUPYTER_TOKEN=TOKEN, TERM="xterm", NO_COLOR="") as command:
        command.read_until("Use Control-C")
        assert "\x1b[32m[I" in command.output
        assert "?token=..." in command.output
        assert TOKEN not in command.output
        assert "To access the server" not in command.output


def test_an_open_server_is_warned_about(tmp_path: Path) -> None:
    with running(flasknb("--port=0", "--ip=0.0.0.0", "--IdentityProvider.token="), tmp_path) as command:
        command.read_until(
            rf"\[W {STAMP} ServerApp\] The server is listening on all IP addresses and not using encrypt"
        )
        command.read_until(r"\[W .*all IP addresses and not using authentication\. This is highly insecure")
        command.read_until(r"\[W .*All authentication is disabled\.")


def test_on_every_address_the_machines_name_comes_first(tmp_path: Path) -> None:
    with running(flasknb("--port=0", "--ip=*"), tmp_path) as command:
        command.read_until(
            r"Or copy and paste one of these URLs:\n.*\n\s+http://127\.0\.0\.1:\d+/tree.*\n.*other machines"
        )


def test_the_users_form_of_lines_counts(tmp_path: Path) -> None:
    file = tmp_path / "own.log"
    configured(
        tmp_path,
        "c.ServerApp.log_format = '%(levelname)s|%(name)s|%(asctime)s|%(message)s'",
        "c.Application.log_datefmt = '%Y'",
        "c.JupyterApp.log_level = 'WARNING'",
        "c.Application.logging_config = {'handlers': {'file': {'class': 'logging.FileHandler', 'level': 'DEBUG',",
        f"    'filename': {str(file)!r}}}}}, 'loggers': {{'ServerApp': {{'level': 'DEBUG',",
        "    'handlers': ['console', 'file']}}}",
    )
    with running(flasknb("--port=0"), tmp_path) as command:
        port = command.info["port"]
        visit(port, "api/status")
        command.read_until(r"WARNING\|ServerApp\|\d{4}\|403 GET /api/status \(@127\.0\.0\.1\) ")
        assert "Serving notebooks" not in command.output
        assert "Serving notebooks" in file.read_text()


def test_a_logging_config_that_makes_no_sense_is_told(tmp_path: Path) -> None:
    configured(tmp_path, "c.Application.logging_config = {'handlers': {'file': {'class': 'no.Such'}}}")
    with running(flasknb("--port=0"), tmp_path) as command:
        assert command.wait() == 1
        assert "The logging options cannot be used" in command.output
        assert "Traceback" not in command.output


@pytest.mark.parametrize("way", ["pywsgi", "gunicorn"])
def test_requests_are_logged_by_status_with_who_and_from_where(tmp_path: Path, way: str) -> None:
    port = free_port()
    configured(
        tmp_path,
        "c.ServerApp.extra_log_scrub_param_keys = ['ssn']",
        "c.ServerApp.trust_xheaders = True",
        "c.Application.log_level = 'DEBUG'",
        f"c.ServerApp.port = {port}",
    )
    arguments = flasknb() if way == "pywsgi" else [*GUNICORN, "-w", "1", "wsgi:app"]
    with running(arguments, tmp_path, JUPYTER_TOKEN=TOKEN) as command:
        wait_until_open(port)
        token = {"Authorization": f"token {TOKEN}"}
        assert visit(port, "api/status?token=wrong1&myssn=secret1&a=1", **token) == 200
        assert visit(port, "", **token) == 302
        assert visit(port, "api/contents/gone", Referer="http://r/?token=secret2", **token) == 404
        assert visit(port, "api/contents", **{"X-Forwarded-For": "192.0.2.9, 192.0.2.7"}) == 403
        user = r"\(\w+@127\.0\.0\.1\) \d+\.\d\dms"
        head = rf"{STAMP} ServerApp\]"
        command.read_until(rf"\[D {head} 200 GET /api/status\?token=\[secret\]&myssn=\[secret\]&a=1 {user}\n")
        command.read_until(rf"\[I {head} 302 GET / \(@127\.0\.0\.1\) ")
        command.read_until(rf"\[W {head} 404 GET /api/contents/gone {user} referer=http://r/\?token=\[secret\]\n")
        command.read_until(rf"\[W {head} 403 GET /api/contents \(@192\.0\.2\.7\) \d+\.\d\dms referer=None\n")
        assert not [word for word in (TOKEN, "wrong1", "secret1", "secret2") if word in command.output]


def test_gunicorns_own_lines_look_alike_and_one_file_describes_all_workers(tmp_path: Path) -> None:
    arguments = [*GUNICORN, "-b", f"127.0.0.1:{free_port()}", "wsgi:app"]
    with running(arguments, tmp_path) as command:
        command.read_until(rf"\[I {STAMP} gunicorn\] Starting gunicorn")
        assert command.info["pid"] == command.process.pid
        assert len(list((tmp_path / "runtime").glob("jpserver-*.json"))) == 1
        command.process.send_signal(signal.SIGTERM)
        assert command.wait() == 0
        assert not list((tmp_path / "runtime").glob("jpserver-*"))


def test_options_of_files_steer_gunicorn(tmp_path: Path) -> None:
    port = free_port()
    configured(tmp_path, f"c.ServerApp.port = {port}", "c.Application.log_level = 'ERROR'", "print('noise')")
    with running([*GUNICORN, "wsgi:app"], tmp_path) as command:
        wait_until_open(port)
        assert command.info["port"] == port
        assert "Starting gunicorn" not in command.output
    configured(tmp_path, "c.ServerApp.port = = 1")
    with running([*GUNICORN, "wsgi:app"], tmp_path) as command:
        assert command.wait() == 1
        assert "jupyter_server_config.py, line 1" in command.output
        assert "Traceback" not in command.output


def test_flask_run_describes_itself_and_says_what_flask_does(tmp_path: Path) -> None:
    configured(tmp_path, "c.ServerApp.autoreload = True")
    arguments = ["flask", "--app", "flasknb", "run", f"--port={free_port()}"]
    with running(arguments, tmp_path) as command:
        assert command.info["pid"] == command.process.pid
        command.read_until("ServerApp.autoreload has no effect under flask run: use flask run --reload")
        command.read_until(r"Press CTRL\+C to quit")  # before, Python may be importing, and forget the signal
        wait_until_open(int(arguments[-1].partition("=")[2]))
        command.interrupt()
        command.wait()
        assert not list((tmp_path / "runtime").glob("jpserver-*"))


def test_a_displayed_address_takes_the_place_of_the_computed_one(tmp_path: Path) -> None:
    display = "https://hub.example/user/me/"
    with running(flasknb("--port=0", f"--ServerApp.custom_display_url={display}"), tmp_path) as command:
        command.read_until(
            r"is running at:\n.* https://hub\.example/user/me/tree\?token=\w+\n.* http://127\.0\.0\.1:\d+/tree"
        )
        command.read_until("Or copy and paste")
        page = next((tmp_path / "runtime").glob("*-open.html")).read_text()
        assert "https://hub.example/user/me/tree?token=" in page


def test_the_preferred_folder_may_be_a_path_of_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "root" / "deep"
    folder.mkdir(parents=True)
    with running(
        flasknb("--port=0", f"--preferred-dir={folder}", "--transport=ipc", "--no-mathjax"), tmp_path
    ) as command:
        assert command.info["root_dir"] == str(tmp_path / "root")
        command.read_until("To access the server")
    with running(flasknb("--port=0", f"--preferred-dir={tmp_path}"), tmp_path) as command:
        assert command.wait() == 1
        assert "preferred_dir must be a folder below root_dir" in command.output


def test_flask_run_says_where_the_port_is_that_the_system_chose(tmp_path: Path) -> None:
    with running(["flask", "--app", "flasknb", "run", "--port=0"], tmp_path) as command:
        command.read_until(r"http://127\.0\.0\.1:0/tree\?token=\w+\n")
        command.read_until("Put the port that Flask names below in the place of 0")
        command.read_until(r"Running on http://127\.0\.0\.1:[1-9]")
