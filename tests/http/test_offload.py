"""Work beside gevent's hub. Each test runs a program of its own: patching the standard library cannot be undone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM_LIMIT_S = 60
START = """
from gevent import monkey
monkey.patch_all()
import gevent, logging, threading, time
from flasknb.blueprints.offload import off_the_loop
native_sleep = monkey.get_original("time", "sleep")
"""

PROGRAMS = {
    "without a thread the work is done at once, and once": """
logging.disable(logging.WARNING)
def none_left(*rest):
    raise RuntimeError("can't start new thread")
import gevent.threadpool
gevent.threadpool.start_new_thread, start = none_left, gevent.threadpool.start_new_thread
done = []
assert off_the_loop(lambda: done.append(1) or "result") == "result"
gevent.threadpool.start_new_thread = start
assert off_the_loop(lambda: done.append(2) or "later") == "later"
gevent.sleep(0.2)
assert done == [1, 2], done
""",
    "a thread that is there already does the work that found none of its own": """
import gevent.threadpool
off_the_loop(lambda: None)
logging.disable(logging.WARNING)
def none_left(*rest):
    raise RuntimeError("can't start new thread")
gevent.threadpool.start_new_thread = none_left
done = []
def slow():
    native_sleep(0.2)
    done.append(1)
jobs = [gevent.spawn(off_the_loop, slow) for _ in range(5)]
gevent.joinall(jobs, timeout=20, raise_error=True)
gevent.sleep(0.5)
assert len(done) == 5, done
""",
    "what nobody waits for is done by a native thread, once the answer is out": """
from flasknb.contents.afterwards import once_answered
said = []
identity = monkey.get_original("_thread", "get_ident")
def work():
    once_answered(lambda: said.append(identity()))
    return "result"
assert off_the_loop(work) == "result"
assert said == []
with gevent.Timeout(20):
    while not said:
        gevent.sleep(0.01)
assert said[0] != identity()
""",
    "what nobody waits for is done where no thread can be had": """
from flasknb.contents.afterwards import once_answered
import gevent.threadpool
logging.disable(logging.WARNING)
def none_left(*rest):
    raise RuntimeError("can't start new thread")
gevent.threadpool.start_new_thread = none_left
said = []
off_the_loop(lambda: once_answered(lambda: said.append(1)))
with gevent.Timeout(20):
    while not said:
        gevent.sleep(0.01)
gevent.sleep(0.05)
assert said == [1], said
""",
    "the hub goes on while native work sleeps": """
ticks = []
def tick():
    while True:
        ticks.append(1)
        gevent.sleep(0.005)
gevent.spawn(tick)
off_the_loop(lambda: native_sleep(0.5))
assert len(ticks) > 20, len(ticks)
""",
    "the hub answers sockets while a large body is there at once": """
import socket
from flask import Flask
from flasknb.blueprints.request_body import READ_BYTES, TURN_S, body_bytes
class Ready:
    def read(self, size):
        sender.send(b"x")
        native_sleep(TURN_S)
        return b"x" * size
sender, receiver = socket.socketpair()
answered, pieces = [], 20
def answer():
    while True:
        answered.append(receiver.recv(1))
gevent.spawn(answer)
gevent.sleep(0.01)
where = {"wsgi.input": Ready(), "CONTENT_LENGTH": str(pieces * READ_BYTES)}
with Flask("site").test_request_context(method="PUT", environ_overrides=where):
    assert len(body_bytes()) == pieces * READ_BYTES
assert len(answered) >= pieces - 2, len(answered)
""",
    "an error comes back to who asked, and nothing is printed": """
class Refused(Exception): pass
def refuse(): raise Refused("no")
try:
    off_the_loop(refuse)
except Refused as error:
    assert str(error) == "no"
else:
    raise AssertionError("no error")
""",
    "logging from everywhere at once stops nobody": """
class Slow(logging.StreamHandler):
    def emit(self, record):
        native_sleep(0.001)
        super().emit(record)
logging.basicConfig(handlers=[Slow(open("/dev/null", "w"))])
def work():
    for number in range(30):
        logging.warning("line %d", number)
    return True
jobs = [gevent.spawn(off_the_loop, work) for _ in range(10)] + [gevent.spawn(work) for _ in range(3)]
gevent.joinall(jobs, timeout=20)
assert [job.value for job in jobs] == [True] * 13, [job.value for job in jobs]
""",
    "a coroutine method of a contents manager runs there": """
import asyncio
from flasknb.contents.awaiting import settle
async def work():
    await asyncio.sleep(0.01)
    return 7
assert off_the_loop(lambda: settle(work())) == 7
""",
}

PROGRAMS["the dashboard and its listings bring no nbformat"] = """
import sys, tempfile
from flasknb.app import FlaskNB, standalone
from flasknb.testing import FakeBridge
root = tempfile.mkdtemp()
open(root + "/a.ipynb", "w").write('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
options = {"ServerApp": {"root_dir": root}, "IdentityProvider": {"token": "x"}}
notebook = FlaskNB(command_line=options, make_bridge=lambda *rest: FakeBridge())
client = standalone(notebook).test_client()
for path in ("/tree?token=x", "/api/contents?type=directory&token=x", "/api/contents/a.ipynb?content=0&token=x"):
    assert client.get(path).status_code == 200, path
assert "nbformat" not in sys.modules
assert client.get("/api/contents/a.ipynb?token=x").status_code == 200
assert "nbformat" in sys.modules
"""


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_beside_gevents_hub(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START + program],
        capture_output=True,
        text=True,
        timeout=PROGRAM_LIMIT_S,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_without_gevent_work_runs_where_it_is() -> None:
    import threading

    from flasknb.blueprints.offload import off_the_loop

    assert off_the_loop(threading.get_ident) == threading.get_ident()
