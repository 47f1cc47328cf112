"""One stage: a freshly loaded app, driven by orders with Flask-SocketIO's own test client."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, Literal, TextIO

from . import learner, probe, scratch, walls
from .hosted import Servers
from .stillness import is_still
from .wire import Wire

MAX_EVENTS = 2000
"""Events kept for one client; more than that is a flood, and counted only."""
MAX_TEXT = 200_000


class Stage:
    """Answers the judge's orders about one app until the judge hangs up."""

    def __init__(self, wire: Wire, folder: str) -> None:
        """Speak over ``wire``; the app's files go into ``folder``, which is empty."""
        self._wire = wire
        self._folder = folder
        self._found = learner.Found()
        self._clients: list[_Recorder] = []
        self._browser: Any = None
        self._servers = Servers()
        self._last = 0
        """The last copy's process id."""

    def serve(self) -> None:
        """Take orders until there are none. A copy goes on from here with a wire of its own."""
        while (order := self._wire.receive()) is not None:
            if order["do"] == "copy" and self._copy():
                continue
            answer = self._answer(order)
            sys.stdout.flush()
            sys.stderr.flush()
            self._wire.send(answer)

    def _copy(self) -> bool:
        """Fork; return True in the copy, which speaks over the descriptors that came along."""
        channel, output = self._wire.descriptors
        self._wire.descriptors.clear()
        _reap_all()
        self._last = walls.branch()
        if self._last:
            os.close(channel)
            os.close(output)
            return False
        self._wire.close()
        self._wire = Wire(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=channel))
        give_streams(output)
        return True

    def do_copy(self) -> dict[str, Any]:
        """Answer for the one that was copied."""
        return {}

    def do_echo(self, word: str) -> dict[str, Any]:
        """Answer with what only this order holds."""
        return {"word": word}

    def do_reap(self, grace: float) -> dict[str, Any]:
        """Return the exit status of the last copy once it has ended; None when it still runs."""
        end = time.monotonic() + grace
        while True:
            done, status = os.waitpid(self._last, os.WNOHANG)
            if done:
                return {"status": os.waitstatus_to_exitcode(status)}
            if time.monotonic() >= end:
                return {"status": None}
            time.sleep(0.001)

    def _answer(self, order: dict[str, Any]) -> dict[str, Any]:
        action: Callable[..., Any] = getattr(self, f"do_{order.pop('do')}")
        try:
            return {"ok": {**action(**order), **self._news()}}
        except Exception as error:
            return {"raised": learner.exception(error, self._folder)}
        except SystemExit as error:
            return {"raised": learner.exception(error, self._folder)}

    def do_probe(self, files: dict[str, str], entry: str) -> dict[str, Any]:
        """See what importing the script does, before anything of the learner's has run here."""
        self._write(files)
        return {"imported": probe.imported(self._folder, entry, files)}

    def do_load(self, files: dict[str, str], entry: str, as_module: bool) -> dict[str, Any]:
        """Write the files and run the script."""
        self._write(files)
        self._found = learner.load(self._folder, entry, as_module=as_module)
        return learner.describe(self._found)

    def _write(self, files: dict[str, str]) -> None:
        scratch.write_files(self._folder, files)
        os.chdir(self._folder)

    def do_host(self) -> dict[str, Any]:
        """Serve the app on the listening socket that came along; say whether that is done."""
        listener = self._wire.descriptors.pop()
        mode = str(self._found.socketio.async_mode)
        return {"serves": self._servers.serve(self._found.flask, mode, listener)}

    def do_get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """Ask for a page with Flask's test client, which keeps cookies.

        ``raised`` tells of an exception that Flask turned into an error page.
        """
        from flask import got_request_exception

        raised: list[Exception] = []

        def note(_: Any, exception: Exception, **__: Any) -> None:
            raised.append(exception)

        with got_request_exception.connected_to(note, self._found.flask):
            response = self._flask().get(path, query_string=query)
        return {
            "raised": learner.exception(raised[-1], self._folder) if raised else None,
            "status": response.status_code,
            "text": response.get_data(as_text=True)[:MAX_TEXT],
            "headers": {str(key): str(value) for key, value in response.headers.items()},
        }

    def do_connect(self, namespace: str, auth: Any) -> dict[str, Any]:
        """Connect a new test client; ``connected`` tells whether the app let it in.

        It has the cookies that pages have set, if any was asked for.
        """
        client = self._found.socketio.test_client(
            self._found.flask, namespace=namespace, auth=auth, flask_test_client=self._browser
        )
        recorder = _Recorder(client, namespace)
        self._clients.append(recorder)
        recorder.watch(self._found.socketio.server)
        return {"client": len(self._clients) - 1, "connected": recorder.connected}

    def do_emit(self, client: int, event: str, data: list[Any], ack: bool) -> dict[str, Any]:
        """Send one event; with ``ack``, return what the handler returned."""
        recorder = self._clients[client]
        answer = recorder.client.emit(event, *data, namespace=recorder.namespace, callback=ack)
        # An acknowledgement without values comes as an empty list; a real client gets None.
        return {"ack": None if answer == [] else answer}

    def do_received(self, client: int, wait: float, event: str | None) -> dict[str, Any]:
        """Wait up to ``wait`` seconds for ``event``; what arrived comes with each answer."""
        recorder = self._clients[client]
        end = time.monotonic() + wait
        while not recorder.has(event) and time.monotonic() < end and not is_still():
            self._found.socketio.sleep(0.005)
        return {"connected": recorder.connected}

    def _news(self) -> dict[str, Any]:
        """Return and forget what arrived for the clients, and whether more can without an order.

        So that the judge need not ask each client after each order.
        """
        if not self._clients:
            return {}
        still = is_still()
        news = [
            {"client": number, **recorder.drain()}
            for number, recorder in enumerate(self._clients)
            if recorder.has_news()
        ]
        return {"news": news, "still": still}

    def do_disconnect(self, client: int) -> dict[str, Any]:
        """Disconnect a client."""
        recorder = self._clients[client]
        recorder.client.disconnect(namespace=recorder.namespace)
        return {}

    def _flask(self) -> Any:
        if self._browser is None:
            self._browser = self._found.flask.test_client()
        return self._browser


class _Recorder:
    """A test client with the arrival time of each event, in seconds since it connected.

    The app's own threads may add to its queue at any moment, so no other list ever takes its place.
    """

    def __init__(self, client: Any, namespace: str) -> None:
        self.client = client
        self.namespace = namespace
        self._begun = time.monotonic()
        self._stamp(client.queue, 0.0)
        self._dropped = 0
        self._told = self.connected

    @property
    def connected(self) -> bool:
        """Whether the app has let the client in, and not turned it away since."""
        return bool(self.client.is_connected(self.namespace))

    def has_news(self) -> bool:
        """Whether `drain` has something to tell."""
        return bool(self.client.queue) or self._dropped > 0 or self.connected != self._told

    def watch(self, server: Any) -> None:
        """Note times, and events without a payload, which the test client cannot take."""
        server._send_packet = self._guard(server._send_packet, lambda packet: packet)
        server._send_eio_packet = self._guard(server._send_eio_packet, _decoded)

    def _guard(
        self, send: Callable[[str, Any], None], decode: Callable[[Any], Any]
    ) -> Callable[[str, Any], None]:
        def guarded(eio_sid: str, packet: Any) -> None:
            queue = self.client.queue
            mine = eio_sid == self.client.eio_sid
            if mine and len(queue) >= MAX_EVENTS:
                self._dropped += 1
                return
            try:
                send(eio_sid, packet)
            except IndexError:
                if mine:
                    self._append_bare(decode(packet))
            self._stamp(queue, time.monotonic() - self._begun)

        return guarded

    def _stamp(self, queue: list[dict[str, Any]], at: float) -> None:
        for item in reversed(queue):
            if "at" in item:
                return
            item["at"] = at

    def _append_bare(self, packet: Any) -> None:
        name, namespace = packet.data[0], packet.namespace or "/"
        self.client.queue.append({"name": name, "args": [], "namespace": namespace, "bare": True})

    def has(self, event: str | None) -> bool:
        """Whether ``event`` has arrived (without a name: never, so as to wait it out)."""
        return event is not None and any(item["name"] == event for item in self.client.queue)

    def drain(self) -> dict[str, Any]:
        """Return all events as plain values, oldest first, and forget them."""
        queue = self.client.queue
        items = queue[:]
        del queue[: len(items)]
        dropped, self._dropped = self._dropped, 0
        self._stamp(items, time.monotonic() - self._begun)
        events = [
            {
                "name": item["name"],
                "args": _arguments(item),
                "ns": item["namespace"],
                "at": item["at"],
            }
            for item in items
        ]
        self._told = self.connected
        return {"events": events, "dropped": dropped, "connected": self._told}


def _reap_all() -> None:
    """Forget copies that have ended; one that is about to end is met the next time."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _decoded(packet: Any) -> Any:
    from socketio.packet import Packet

    return Packet(encoded_packet=packet.data)


def _arguments(item: dict[str, Any]) -> list[Any]:
    # The test client keeps the bare payload for these two events and a list for all others.
    if item["name"] in {"message", "json"} and not item.get("bare"):
        return [item["args"]]
    return list(item["args"])


def _stream(descriptor: int, mode: Literal["r", "w"]) -> TextIO:
    return os.fdopen(descriptor, mode, 1, encoding="utf-8", errors="replace", closefd=False)


def run(channel: socket.socket, output: int, folder: str) -> None:
    """Serve one stage: its prints go to ``output``, its answers to ``channel``."""
    take_streams(output)
    Stage(Wire(channel), folder).serve()


def take_streams(output: int) -> None:
    """Let all that this process prints go to ``output``, and give it nothing to read."""
    give_streams(output)
    sys.stdin, sys.stdout, sys.stderr = _stream(0, "r"), _stream(1, "w"), _stream(2, "w")


def give_streams(output: int) -> None:
    """Put ``output`` and an empty input in the place of descriptors 0 to 2, and close the rest.

    Flags and options belong to what is open: whoever inherits it reads what others set.
    """
    null = os.open(os.devnull, os.O_RDONLY)
    for number, descriptor in enumerate((null, output, output)):
        os.dup2(descriptor, number)
    os.close(null)
    os.close(output)
