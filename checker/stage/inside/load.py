"""A load generator: many light Socket.IO clients in one process, and what they see.

Each client keeps one WebSocket and asks again and again: it sends an event, waits for the
acknowledgement, pauses. An interval counts the answers that came in it; a question that has waited
for longer than an interval counts as a delay of that length so far, so that a server that answers
nobody is seen at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import threading
from collections.abc import Coroutine, Sequence
from typing import Any

INTERVAL = 0.25
"""Seconds from sample to sample."""
RAMP = 1.0
"""Seconds within which all clients connect."""
CONNECT_TIMEOUT = 10.0


class Refused(Exception):
    """The server did not let a client in."""


class Line:
    """One WebSocket to an Engine.IO server, text messages only."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from wsproto import ConnectionType, WSConnection

        self._reader, self._writer = reader, writer
        self._ws = WSConnection(ConnectionType.CLIENT)
        self._texts: list[str] = []
        self._part = ""

    @classmethod
    async def open(cls, host: str, port: int, path: str) -> Line:
        """Connect, shake hands, and join the namespace ``/``."""
        from wsproto.events import Request

        line = cls(*await asyncio.open_connection(host, port))
        target = f"/{path}/?EIO=4&transport=websocket"
        line._writer.write(line._ws.send(Request(host=f"{host}:{port}", target=target)))
        if not (await line.receive()).startswith("0"):
            raise Refused("the server did not open an Engine.IO connection")
        line.send("40")
        if not (await line.receive()).startswith("40"):
            raise Refused("the server did not let a client into the namespace")
        return line

    def send(self, text: str) -> None:
        """Send one text."""
        from wsproto.events import TextMessage

        self._writer.write(self._ws.send(TextMessage(data=text)))

    async def receive(self) -> str:
        """Return the next text, and answer heartbeats meanwhile."""
        while True:
            while self._texts:
                text = self._texts.pop(0)
                if text != "2":
                    return text
                self.send("3")
            data = await self._reader.read(65536)
            self._ws.receive_data(data or None)
            self._take_in()

    def _take_in(self) -> None:
        from wsproto.events import CloseConnection, Ping, RejectConnection, TextMessage

        for event in self._ws.events():
            if isinstance(event, TextMessage):
                self._part += event.data
                if event.message_finished:
                    self._texts.append(self._part)
                    self._part = ""
            elif isinstance(event, Ping):
                self._writer.write(self._ws.send(event.response()))
            elif isinstance(event, CloseConnection | RejectConnection):
                raise Refused("the server closed a connection")

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


class Load:
    """Clients that ask a server for some seconds, and a sample for each interval."""

    def __init__(
        self,
        address: tuple[str, int],
        *,
        path: str,
        clients: int,
        seconds: float,
        pause: float,
        disturb: Sequence[float],
    ) -> None:
        """Prepare: ``pause`` is seconds between answer and next question.

        ``disturb`` are the moments, in seconds, at which one more client sends the event ``slow``.
        """
        self._address, self._path = address, path
        self._clients, self._seconds, self._pause = clients, seconds, pause
        self._disturb = sorted(disturb)
        self._connected = 0
        self._answered: list[float] = []
        self._asked: dict[int, float] = {}
        self._failed = ""
        self._samples: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._over = False
        threading.Thread(target=self._run, daemon=True).start()

    def samples(self, wait: float) -> dict[str, Any]:
        """Return and forget the samples, waiting up to ``wait`` seconds for one."""
        with self._news:
            self._news.wait_for(lambda: self._samples or self._over, wait)
            found, self._samples = self._samples, []
            return {"samples": found, "over": self._over, "failed": self._failed}

    def _run(self) -> None:
        try:
            asyncio.run(self._drive())
        except Exception as error:
            self._failed = self._failed or f"{type(error).__name__}: {error}"[:300]
        with self._news:
            self._over = True
            self._news.notify_all()

    async def _drive(self) -> None:
        self._begun = asyncio.get_running_loop().time()
        work: list[Coroutine[Any, Any, None]] = [self._ask(n) for n in range(self._clients)]
        work += [self._trouble()] if self._disturb else []
        tasks = [asyncio.create_task(self._note_failure(each)) for each in work]
        for count in range(1, round(self._seconds / INTERVAL) + 1):
            await asyncio.sleep(max(0.0, count * INTERVAL - self._now()))
            self._sample()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._begun

    async def _note_failure(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            self._failed = self._failed or f"{type(error).__name__}: {error}"[:300]

    async def _ask(self, number: int) -> None:
        await asyncio.sleep(number / self._clients * RAMP)
        opening = Line.open(*self._address, self._path)
        line = await asyncio.wait_for(opening, CONNECT_TIMEOUT)
        self._connected += 1
        try:
            for question in range(1_000_000):
                self._asked[number] = self._now()
                line.send(f'42{question}["ask",{question}]')
                while not (await line.receive()).startswith(f"43{question}["):
                    pass
                self._answered.append(self._now() - self._asked.pop(number))
                await asyncio.sleep(self._pause)
        finally:
            self._connected -= 1
            self._asked.pop(number, None)
            line.close()

    async def _trouble(self) -> None:
        line = await asyncio.wait_for(Line.open(*self._address, self._path), CONNECT_TIMEOUT)
        for at in self._disturb:
            await asyncio.sleep(max(0.0, at - self._now()))
            line.send('42["slow"]')
        with contextlib.suppress(Refused):
            while True:
                await line.receive()

    def _sample(self) -> None:
        now = self._now()
        answered, self._answered = self._answered, []
        waiting = [now - asked for asked in self._asked.values()]
        delays = answered + [age for age in waiting if age > INTERVAL]
        sample = {
            "at": round(now, 2),
            "connected": self._connected,
            "rate": round(len(answered) / INTERVAL, 1),
            "median": _milliseconds(delays, 50),
            "p95": _milliseconds(delays, 95),
        }
        with self._news:
            self._samples.append(sample)
            self._news.notify_all()


def _milliseconds(delays: list[float], percent: int) -> float | None:
    if not delays:
        return None
    if len(delays) == 1:
        return round(delays[0] * 1000, 1)
    return round(statistics.quantiles(delays, n=100, method="inclusive")[percent - 1] * 1000, 1)
