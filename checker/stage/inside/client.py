"""A real Socket.IO client that notes what arrives, and when."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

MAX_EVENTS = 2000
MAX_BYTES = 5_000_000


def preload() -> None:
    """Import what a client needs; it takes a third of a second."""
    import requests  # noqa: F401
    import socketio  # noqa: F401
    import websocket  # noqa: F401


class LiveClient:
    """python-socketio's client on one namespace, over one transport, without reconnecting."""

    def __init__(self, namespace: str) -> None:
        """Prepare a client for ``namespace``."""
        import socketio

        self._namespace = namespace
        self._client = socketio.Client(reconnection=False, request_timeout=5, handle_sigint=False)
        self._arrived = threading.Condition()
        self._events: list[dict[str, Any]] = []
        self._dropped = 0
        self._size = 0
        self._begun = time.monotonic()
        self._client.on("*", self._note, namespace=namespace)

    def _note(self, event: str, *arguments: Any) -> None:
        with self._arrived:
            self._size += len(repr(arguments))
            if len(self._events) >= MAX_EVENTS or self._size > MAX_BYTES:
                self._dropped += 1
                return
            self._events.append(
                {
                    "name": event,
                    "args": list(arguments),
                    "ns": self._namespace,
                    "at": time.monotonic() - self._begun,
                }
            )
            self._arrived.notify_all()

    def connect(
        self, url: str, path: str, transport: str, auth: Any, timeout: float
    ) -> dict[str, Any]:
        """Connect; ``error`` tells why it did not work, ``transport`` what is in use."""
        begun = time.monotonic()
        error: list[str] = []

        def attempt() -> None:
            try:
                self._client.connect(
                    url,
                    auth=auth,
                    transports=[transport],
                    socketio_path=path,
                    namespaces=[self._namespace],
                    wait_timeout=timeout,
                )
            except Exception as problem:
                error.append(f"{type(problem).__name__}: {problem}"[:1000])

        # The library's own timeout does not cover a server that accepts and never answers.
        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        thread.join(timeout + 1)
        if thread.is_alive():
            error.append(f"no answer within {timeout:g} seconds")
        connected = not error and bool(self._client.connected)
        self._begun = time.monotonic()
        return {
            "connected": connected,
            "error": error[0] if error else None,
            "transport": self._client.transport() if connected else None,
            "sid": self._client.get_sid(self._namespace) if connected else None,
            "seconds": time.monotonic() - begun,
        }

    def emit(self, event: str, data: list[Any], ack: float) -> dict[str, Any]:
        """Send; with ``ack`` > 0 wait that many seconds for the acknowledgement.

        ``unsent`` tells why there was nowhere to send it.
        """
        from socketio.exceptions import SocketIOError

        payload: Any = tuple(data) if len(data) != 1 else data[0]
        if not data:
            payload = None
        sent = time.monotonic() - self._begun
        if not ack:
            try:
                self._client.emit(event, payload, namespace=self._namespace)
            except SocketIOError as error:  # the server has closed the connection
                return {"ack": None, "at": sent, "unsent": type(error).__name__}
            return {"ack": None, "at": sent}
        try:
            answer = self._client.call(event, payload, namespace=self._namespace, timeout=ack)
        except Exception as error:
            return {"ack": None, "at": sent, "late": type(error).__name__}
        return {"ack": answer, "at": sent}

    def received(self, wait: float, event: str | None) -> dict[str, Any]:
        """Return and forget what arrived, waiting up to ``wait`` seconds for ``event``."""

        def there() -> bool:
            return event is not None and any(item["name"] == event for item in self._events)

        with self._arrived:
            self._arrived.wait_for(there, wait)
            events, self._events = self._events, []
            dropped, self._dropped = self._dropped, 0
        return {"events": events, "dropped": dropped, "connected": bool(self._client.connected)}

    def disconnect(self) -> None:
        """Say goodbye."""
        from socketio.exceptions import SocketIOError

        with suppress(SocketIOError):
            self._client.disconnect()
