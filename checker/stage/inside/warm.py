"""Processes that have done their imports: the origin, and the warm processes forked from it.

A warm process forks one stage for each app that comes. There are three kinds. ``app`` has imported
the taught packages and forks stages that load the learner's app; ``green`` has imported eventlet
and gevent besides, for apps that may choose them; ``script`` has imported our client and forks
drivers of real runs, each with a network of its own.
None holds answers. Orders come one at a time over a control socket: ``start`` (with the stage's
channel and output as descriptors), ``examine`` (may copies be made of this stage?), ``sweep``
(end its copy; is all as before?) and ``end`` (kill it if need be, say how it ended). The origin
knows ``branch`` (fork a warm process, whose control socket comes along), ``gather`` (make forks
cheaper) and ``end``.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
import warnings
from typing import Any

from . import actor, memory, pages, walls
from .traces import Traces

DRIVER_MEMORY = 2048
"""MiB that a driver may use: what a hostile server sends is kept in it."""
LAZY = (
    "encodings.idna",
    "stringprep",
    "engineio.async_drivers.threading",
    "flask.testing",
    "werkzeug.debug",
    "werkzeug.serving",
)
"""What ``SocketIO(app)`` and the test client import at their first use: 48 ms."""


def preload_app() -> None:
    """Import what a Flask-SocketIO app imports, so that no stage pays for it again."""
    for name in LAZY:
        importlib.import_module(name)
    import flask
    import flask_socketio

    app = flask.Flask("warm_up")
    socketio = flask_socketio.SocketIO(app, async_mode="threading")
    app.add_url_rule("/", "index", lambda: "")
    app.test_client().get("/")
    client = socketio.test_client(app)
    client.emit("warm up", "")
    client.disconnect()
    vars(flask_socketio.SocketIOTestClient)["clients"].clear()


def preload_green() -> None:
    """Import the drivers of the green modes, without the notice that eventlet prints."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("eventlet", "gevent"):
            with contextlib.suppress(ImportError):
                importlib.import_module(f"engineio.async_drivers.{name}")


class Origin:
    """Forks warm processes, and bounds what is below them: no learner's code runs in either."""

    def __init__(self, control: socket.socket, kind: str, folder: str, walled: bool) -> None:
        """Obey ``control``; the rest is for the warm processes."""
        self._control = control
        self._rest = (kind, folder, walled)
        self._branches: set[int] = set()

    def serve(self) -> None:
        """Obey until the judge hangs up."""
        _say(self._control, {"ready": sorted({n.partition(".")[0] for n in sys.modules})})
        while True:
            while not select.select([self._control], [], [], memory.INTERVAL)[0]:
                for number in self._branches:
                    memory.end_overfull(number)
            data, descriptors, _, _ = socket.recv_fds(self._control, 65536, 1)
            if not data:
                return
            order = json.loads(data)
            if order["do"] == "branch":
                _say(self._control, {"branched": self._branch(*descriptors)})
            elif order["do"] == "gather":
                pages.gather()
                _say(self._control, {"gathered": True})
            else:
                with contextlib.suppress(ProcessLookupError, ChildProcessError):
                    self._branches.discard(order["number"])
                    os.kill(order["number"], signal.SIGKILL)
                    os.waitpid(order["number"], 0)
                _say(self._control, {"ended": order["number"]})

    def _branch(self, control: int) -> int:
        pid = os.fork()
        if pid:
            os.close(control)
            self._branches.add(pid)
            return pid
        try:
            self._control.close()
            walls.die_with_parent()
            Warm(socket.socket(fileno=control), *self._rest).serve()
        finally:
            os._exit(0)


def _say(control: socket.socket, message: dict[str, Any]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


class Warm:
    """Forks stages and tells how they ended."""

    def __init__(self, control: socket.socket, kind: str, folder: str, walled: bool) -> None:
        """Obey ``control``; stages live in ``folder``, walled where the kernel allows it."""
        self._control = control
        self._kind = kind
        self._folder = folder
        self._walled = walled
        self._stages: dict[int, int] = {}
        self._traces: dict[int, Traces] = {}
        self._who = walls.identity()

    def serve(self) -> None:
        """Obey until the judge hangs up."""
        while True:
            data, descriptors, _, _ = socket.recv_fds(self._control, 65536, 2)
            if not data:
                return
            order = json.loads(data)
            stage = order["stage"]
            if order["do"] == "start":
                self._start(order, *descriptors)
            elif order["do"] == "end":
                self._say(self._end(stage, order["grace"]))
            elif order["do"] == "examine":
                self._say({"alone": self._traces[stage].is_alone()})
            else:
                alone = self._traces[stage].end_copy()
                self._say({"unchanged": alone and self._traces[stage].is_unchanged()})

    def _say(self, message: dict[str, Any]) -> None:
        _say(self._control, message)

    def _start(self, order: dict[str, Any], channel: int, output: int) -> None:
        folder = order.get("folder") or self._folder
        try:
            pid = walls.clone(walls.ALONE) if self._walled else os.fork()
        except OSError as error:
            self._say({"refused": str(error)})
            os.close(channel)
            os.close(output)
            return
        if pid == 0:
            self._become_stage(channel, output, folder)
        self._stages[order["stage"]] = pid
        own = (os.readlink(f"/proc/self/fd/{number}") for number in (channel, output))
        self._traces[order["stage"]] = Traces(pid, folder, *own)
        os.close(channel)
        os.close(output)
        self._say({"started": order["stage"]})

    def _become_stage(self, channel: int, output: int, folder: str) -> None:
        """Never returns: the child is a stage from here on."""
        status = 70
        try:
            self._control.close()
            os.setsid()
            walls.die_with_parent()
            walls.close_all_but({channel, output})
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            if self._kind == "script":
                self._become_driver(channel, output, folder)
            else:
                self._become_app(channel, output, folder)
            status = 0
        finally:
            os._exit(status)

    def _become_app(self, channel: int, output: int, folder: str) -> None:
        if self._walled:
            walls.enclose(self._who, folder)
        walls.limit()
        forget_ourselves()
        actor.run(socket.socket(fileno=channel), output, folder)

    def _become_driver(self, channel: int, output: int, folder: str) -> None:
        from . import driver

        if self._walled:
            walls.own_network(self._who)
        walls.limit_memory(DRIVER_MEMORY)
        driver.run(socket.socket(fileno=channel), output, folder, self._walled)

    def _end(self, stage: int, grace: float) -> dict[str, Any]:
        pid = self._stages.pop(stage, 0)
        self._traces.pop(stage, None)
        if not pid:
            return {"ended": stage, "status": 0, "killed": False}
        end = time.monotonic() + grace
        done, status = os.waitpid(pid, os.WNOHANG)
        while not done and time.monotonic() < end:
            time.sleep(0.002)
            done, status = os.waitpid(pid, os.WNOHANG)
        killed = not done
        if killed:
            self._kill(pid)
            _, status = os.waitpid(pid, 0)
        return {"ended": stage, "status": os.waitstatus_to_exitcode(status), "killed": killed}

    def _kill(self, pid: int) -> None:
        if not self._walled:
            from . import ports

            ports.kill_children(pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)


def forget_ourselves() -> None:
    """Leave the learner's app the taught packages only, and no name by which to find a checker.

    An app that looks for one would otherwise behave here as it does nowhere else.
    """
    package = (__package__ or "").partition(".")[0]
    sys.path[:] = [p for p in sys.path if not os.path.isdir(os.path.join(p, package))]
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def main(control: int, kind: str, folder: str, walled: bool, user: int) -> None:
    """Become the origin of a ``kind``; ``control`` is a socket's descriptor."""
    walls.die_first()
    if walled:
        walls.die_with_parent()
        walls.become_ordinary(user)
        walls.prctl(walls._PR_SET_DUMPABLE, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    judge = socket.socket(fileno=control)
    _say(judge, {"begun": True})
    if kind == "script":
        from . import driver

        driver.preload()
    else:
        preload_app()
    if kind == "green":
        preload_green()
    gc.collect()
    gc.freeze()
    Origin(judge, kind, folder, walled).serve()
