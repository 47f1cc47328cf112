"""The driver of a real run: ``python app.py`` in a real interpreter, and real clients beside it.

The learner's script has a process id namespace and scratch of its own; this driver shares only
the loopback network with it.
"""

from __future__ import annotations

import http.client
import os
import socket
import time
from collections.abc import Callable
from typing import Any

from . import client, ports
from .child import Child
from .client import LiveClient
from .script import MAX_TEXT, Script
from .wire import Wire

NICE = 5
"""A preview runs for long; checks go first."""


class Driver:
    """Answers the judge's orders about one running script."""

    def __init__(self, wire: Wire, output: int, folder: str, walled: bool) -> None:
        """Speak over ``wire``; the script prints to ``output`` and lives in ``folder``."""
        self._wire = wire
        self._output = output
        self._folder = folder
        self._walled = walled
        self._script: Child | None = None
        self._clients: list[LiveClient] = []
        self._address: tuple[str, int] | None = None
        self._page: Any = None
        self._preview: Any = None
        self._load: Any = None

    @property
    def script(self) -> Child:
        """The script that was started."""
        assert self._script is not None
        return self._script

    @property
    def walled(self) -> bool:
        """Whether the script has a network of its own, beside this driver alone."""
        return self._walled

    def serve(self) -> None:
        """Take orders until there are none."""
        while (order := self._wire.receive()) is not None:
            action: Callable[..., Any] = getattr(self, f"do_{order.pop('do')}")
            try:
                self._wire.send({"ok": action(**order)})
            except Exception as error:
                self._wire.send({"broken": f"{type(error).__name__}: {error}"[:2000]})
        self.do_stop()

    def do_start(self, browser: list[str] | None = None, **order: Any) -> dict[str, Any]:
        """Start the script; with ``separate``, keep standard output and error apart.

        ``browser`` (node, engine) starts the page engine beside it.
        """
        if browser is not None:
            self._browse(*browser)
        self._script = Script(self._folder, self._output, self._walled, **order)
        return {}

    def do_finished(self, timeout: float) -> dict[str, Any]:
        """Wait for the script to end; ``exit`` is None while it still runs."""
        assert isinstance(self._script, Script)
        return {
            "exit": self._script.wait(timeout),
            "stdout": self._script.text(0),
            "stderr": self._script.text(1),
        }

    def do_listening(self, timeout: float) -> dict[str, Any]:
        """Wait until the script listens on a port and accepts connections, or ends."""
        assert self._script is not None
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            found = ports.listening(None if self._walled else self._script.pid)
            if found and self._accepts(found[0], end):
                self._address = found[0]
                return {"host": found[0][0], "port": found[0][1], "all": found}
            ended = self._script.wait(0.01)
            if ended is not None:
                return {"ended": ended}
        return {"waiting": True}

    def _accepts(self, address: tuple[str, int], end: float) -> bool:
        """Whether a connection is accepted before ``end``, and before the script ends."""
        assert self._script is not None
        try:
            with socket.create_connection(address, max(0.1, end - time.monotonic())):
                while ports.waiting(address[1]):
                    if time.monotonic() > end or self._script.wait(0.01) is not None:
                        return False
        except OSError:
            return False
        return True

    def do_http(self, path: str, method: str, timeout: float) -> dict[str, Any]:
        """Ask the running server for a page."""
        host, port = self._at()
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        try:
            connection.request(method, path)
            response = connection.getresponse()
            body = response.read(MAX_TEXT).decode("utf-8", "replace")
            headers = {str(key): str(value) for key, value in response.getheaders()}
            return {"status": response.status, "text": body, "headers": headers}
        except OSError as error:
            return {"error": f"{type(error).__name__}: {error}"[:1000]}
        except http.client.HTTPException as error:
            return {"strange": f"{type(error).__name__}: {error}".strip()[:1000]}
        finally:
            connection.close()

    def do_connect(
        self, transport: str, namespace: str, path: str, auth: Any, timeout: float
    ) -> dict[str, Any]:
        """Connect a real Socket.IO client over one transport."""
        live = LiveClient(namespace)
        host, port = self._at()
        name = f"[{host}]" if ":" in host else host
        answer = live.connect(f"http://{name}:{port}", path, transport, auth, timeout)
        self._clients.append(live)
        return {"client": len(self._clients) - 1, **answer}

    def do_emit(self, client: int, event: str, data: list[Any], ack: float) -> dict[str, Any]:
        """Send one event; with ``ack`` seconds, wait that long for an acknowledgement."""
        return self._clients[client].emit(event, data, ack)

    def do_received(self, client: int, wait: float, event: str | None) -> dict[str, Any]:
        """Return and forget what arrived, waiting up to ``wait`` seconds for ``event``."""
        return self._clients[client].received(wait, event)

    def do_disconnect(self, client: int) -> dict[str, Any]:
        """Disconnect a client."""
        self._clients[client].disconnect()
        return {}

    def _browse(self, node: str, engine: str) -> None:
        if self._page is None:
            from .browser import Browser

            self._page = Browser(node, engine, self._folder, self._walled)

    def do_page(self, node: str, engine: str, **order: Any) -> dict[str, Any]:
        """Hand an order on to the page engine of lesson 6, which is started when first needed."""
        self._browse(node, engine)
        answer: dict[str, Any] = self._page.answer(order, self._at())
        return answer

    def do_preview(self, library: str, name: str, **order: Any) -> dict[str, Any]:
        """Run the script for browsers outside, whose connections come in over a descriptor."""
        from .preview import Preview

        entrance = socket.socket(fileno=self._wire.descriptors.pop())
        os.nice(NICE)
        self.do_start(separate=False, **order)
        self._preview = Preview(self, entrance, library, name)
        return {}

    def do_news(self, wait: float) -> dict[str, Any]:
        """Tell what has passed through the preview since the last call."""
        news: dict[str, Any] = self._preview.news(wait)
        return news

    def do_load(self, **plan: Any) -> dict[str, Any]:
        """Let many clients at once ask the running server."""
        from .load import Load

        self._load = Load(self._at(), **plan)
        return {}

    def do_samples(self, wait: float) -> dict[str, Any]:
        """Return what these clients saw since the last order."""
        found: dict[str, Any] = self._load.samples(wait)
        return found

    def do_stop(self) -> dict[str, Any]:
        """End the script and everything that it started."""
        if self._page is not None:
            self._page.stop()
        if self._script is not None:
            self._script.stop()
        return {}

    def _at(self) -> tuple[str, int]:
        if self._address is None:
            raise RuntimeError("nothing listens yet")
        return self._address


def preload() -> None:
    """Import what a driver needs, so that no run pays for it."""
    from . import browser

    client.preload()
    assert browser


def run(channel: socket.socket, output: int, folder: str, walled: bool) -> None:
    """Serve as the driver of one run."""
    Driver(Wire(channel), output, folder, walled).serve()
