"""Lesson 4 for the peers: the observations of its checks.py, made in the tool's own process.

Every peer runs these nine functions, each in the idiom of its own (`peers/<name>/`). Each meets a
freshly loaded app, waits as long for silence as ours does, and sends payloads that nobody can know
beforehand. What ours has and these lack: help texts, lines, expected and observed values, walls.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import randint
from typing import Any

from learner import App, Serving

ANSWER = {"data": "Message received!"}
SLOW = 2.0
QUIET = 0.03
BEFORE = r"^(?:.*(?:[^\w\s]|DEBUG|INFO|WARNING|ERROR|CRITICAL)\s*)?"


class Waiting(Exception):
    """What a check needs did not pass, so it does not run."""


def client_connects(folder: Path) -> None:
    """The app loads without starting a server, and a client connects."""
    with App(folder) as app:
        with App(folder, as_module=True) as imported:
            assert not imported.served, "The app starts a server as soon as its file is read."
        seconds = _seconds_to_connect(app)
        if seconds > SLOW:
            seconds = _seconds_to_connect(app)
        assert seconds <= SLOW, f"A client waited {seconds:.1f} seconds."


def page_still_answers(folder: Path) -> None:
    """The page at `/` answers as before, if the app has one."""
    with App(folder) as app:
        if "/" in app.routes():
            assert app.get("/") < 500, "Opening the page ends with an error."


def message_is_printed(folder: Path) -> None:
    """Each `message` is printed as `Received:`, a space, and its text."""
    with App(folder) as app:
        client = app.connect()
        for _ in range(randint(2, 4)):
            text = f'{_nonce()} says "hi" in {{braces}}, 100% true'
            client.emit_safely("message", text)
            pattern = re.compile(f"{BEFORE}Received: {re.escape(text)}[ \t\r]*$", re.M)
            if not pattern.search(app.output):
                client.wait_for(None, 0.5)
            assert pattern.search(app.output), f"{text!r} was not printed as asked."


def objects_are_printed_too(folder: Path) -> None:
    """A `message` that is an object, a list or a number is printed too."""
    with App(folder) as app:
        client = app.connect()
        word = _nonce()
        client.emit_safely("message", {"text": word, "count": randint(2, 9)})
        if word not in app.output.partition("Received: ")[2]:
            client.wait_for(None, 0.5)
        assert word in app.output.partition("Received: ")[2], "An object was not printed."


def message_is_answered(folder: Path) -> None:
    """A `message` is answered with `response` and the dictionary of the task."""
    with App(folder) as app:
        client = app.connect()
        client.take()
        client.emit("message", _nonce())
        answers, _ = client.collect(1)
        assert answers, "The client that sent a message got no answer."
        assert answers[0]["args"] == [ANSWER], f"The payload is {answers[0]['args']!r}."


def each_message_gets_one_answer(folder: Path) -> None:
    """Each `message` gets one answer, whatever its payload is."""
    with App(folder) as app:
        client = app.connect()
        client.take()
        count = randint(3, 6)
        for number in range(count):
            word = _nonce()
            client.emit("message", {"text": word} if number % 2 else word)
        answers, others = client.collect(count)
        assert len(answers) == count, f"{count} messages, {len(answers)} answers."
        assert not others, "Other events were sent besides."


def nobody_else_hears_it(folder: Path) -> None:
    """Only the client that sent the `message` gets the answer."""
    with App(folder) as app:
        clients = [app.connect() for _ in range(3)]
        clients[0].wait_for(None, QUIET)
        for client in clients:
            client.take()
        for sender in clients:
            sender.emit("message", _nonce())
            sender.collect(1)
            heard = [event for other in clients if other is not sender for event in other.take()]
            assert not heard, "Another client heard the answer."


def nothing_without_a_message(folder: Path) -> None:
    """Without a `message` there is no `response`."""
    with App(folder) as app:
        client = app.connect()
        client.wait_for(None, QUIET)
        assert not _responses(client.take()), "A client sent nothing and was answered."
        word = _nonce()
        before = len(app.output)
        for name in (_nonce(), f"message {_nonce()}"):
            client.emit(name, word)
        client.wait_for(None, QUIET)
        assert not _responses(client.take()), "An event of another name was answered."
        assert f"Received: {word}" not in app.output[before:], "It was printed."


def answer_is_real(folder: Path) -> None:
    """A real client, over a real connection, is answered too, and alone."""
    with App(folder) as app, Serving(app) as server:
        sender, other = server.connect(), server.connect()
        word = _nonce()
        sender.emit("message", word)
        answer = sender.receive("response", 3)
        assert answer == ANSWER, f"A real client got {answer!r}."
        extra = {name for client in (sender, other) for name, _ in client.take()}
        assert app.wait_output(f"Received: {word}", 1), "What it sent was not printed."
        assert "response" not in extra, "It was answered twice, or not alone."


@dataclass(frozen=True)
class Check:
    """One of the nine: what it needs to have passed, and its points, are those of ours."""

    run: Callable[[Path], None]
    points: int = 1
    needs: str | None = None


CHECKS: Mapping[str, Check] = {
    "client_connects": Check(client_connects),
    "page_still_answers": Check(page_still_answers, 1, "client_connects"),
    "message_is_printed": Check(message_is_printed, 2, "client_connects"),
    "objects_are_printed_too": Check(objects_are_printed_too, 1, "message_is_printed"),
    "message_is_answered": Check(message_is_answered, 2, "client_connects"),
    "each_message_gets_one_answer": Check(each_message_gets_one_answer, 1, "message_is_answered"),
    "nobody_else_hears_it": Check(nobody_else_hears_it, 2, "message_is_answered"),
    "nothing_without_a_message": Check(nothing_without_a_message, 1, "message_is_answered"),
    "answer_is_real": Check(answer_is_real, 1, "message_is_answered"),
}


class Run:
    """The nine checks on one submission, for tools in which `needs` has no idiom of its own."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that holds ``app.py``."""
        self._folder = folder.resolve()
        self._passed: set[str] = set()

    def check(self, name: str) -> None:
        """Run one check; raise `Waiting` when what it needs did not pass."""
        needs = CHECKS[name].needs
        if needs and needs not in self._passed:
            raise Waiting(f"{name} waits for {needs}.")
        CHECKS[name].run(self._folder)
        self._passed.add(name)


def _nonce() -> str:
    return secrets.token_hex(4)


def _responses(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in events if event["name"] == "response"]


def _seconds_to_connect(app: App) -> float:
    begun = time.monotonic()
    app.connect()
    return time.monotonic() - begun
