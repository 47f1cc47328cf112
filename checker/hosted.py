"""The loaded app behind a web server of ours: what it answers are bytes on real connections."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from checker.check import Failure
from checker.client import ORDER_TIMEOUT, Client
from checker.link import Link
from checker.polling import PollingClient
from checker.server import Server

_NO_POLLING = '"Invalid transport'
"""What Engine.IO answers where ``transports=["websocket"]`` leaves polling out."""


class Hosted:
    """An app that answers on a socket of ours."""

    def __init__(self, link: Link, path: str, serve: Callable[[], Server], folder: str) -> None:
        """Serve the app that ``link`` has loaded; Socket.IO answers at ``path``.

        The socket stands in ``folder``, which nobody else can enter. ``serve`` runs the script
        instead, for an app that takes no polling clients.
        """
        self._link = link
        self._path = path
        self._serve = serve
        self._server: Server | None = None
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            self._address = f"{folder}/app"
            listener.bind(self._address)
            listener.listen(32)
            answer = link.ask("starting", ORDER_TIMEOUT, [listener.fileno()], do="host")
        if answer.get("serves") is not True:
            self._server = serve()

    def connect(self, transport: str = "any", *, help: str | None = None) -> Client:
        """Connect a client over polling; over ``transport`` where the app takes no polling.

        Raises `Failure` when the app does not let it in.
        """
        if self._server is not None:
            return self._server.connect(transport, help=help)
        client = PollingClient(self._link, self._address, self._path)
        if client.refusal and client.refusal.startswith(_NO_POLLING):
            self._server = self._serve()
            return self.connect(transport, help=help)
        if not client.connected:
            raise Failure(
                "Your app did not let a client connect over the network.",
                help=help or "A `connect` handler that returns False turns every client away.",
                expected="connected",
                observed=client.refusal,
            )
        return client

    @property
    def output(self) -> str:
        """What the app printed so far."""
        return self._server.output if self._server else self._link.printed

    def wait_output(self, text: str, within: float = 1.0) -> bool:
        """Wait until ``text`` was printed; what a handler prints may come after its answer."""
        end = time.monotonic() + within
        while text not in self.output:
            if time.monotonic() > end:
                return False
            time.sleep(0.002)
        return True
