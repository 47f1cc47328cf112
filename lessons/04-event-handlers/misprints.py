"""Why a message was not printed as it should be."""

from __future__ import annotations

import ast
import re
from typing import Any

from checker import Failure, Listener, Loaded, Source, line_in_entry, line_inside, listeners

from .deafness import not_listening
from .payloads import parts
from .printout import shown_output


def not_printed(source: Source, loaded: Loaded, output: str, text: str) -> Failure:
    """Say why a message was not printed as it should be."""
    here = [found for found in listeners(source) if found.event == "message"]
    if not {("/", "message"), ("/", "*")} & set(loaded.events):
        return not_listening(source, loaded, here)
    waiting = [found for found in here if isinstance(found.function, ast.AsyncFunctionDef)]
    if waiting or "was never awaited" in output:
        return Failure(
            "A message arrived, and your handler was called and not run: it is an `async def`.",
            help="Take the word `async` away, so that the handler is a plain `def`.",
            line=line_in_entry(source, "message"),
        )
    if len(here) > 1:
        return Failure(
            f"{len(here)} functions listen for `message`, and only the last of them is called. "
            f"{shown_output(output)}",
            help="Put everything that is to happen into one handler.",
            line=line_in_entry(source, "message"),
        )
    return printed_otherwise(source, output, text) or nothing_shown(source, output, here, text)


def printed_otherwise(source: Source, output: str, text: str) -> Failure | None:
    """Say in which other way the text of a message was printed, if it was."""
    if f"Received:  {text}" in output:
        return Failure(
            f"{shown_output(output)} There are two spaces after `Received:`. "
            "The task asks for one.",
            help='`print` puts a space between two things by itself: write "Received:" '
            "without one at its end.",
            line=source.line_of("Received"),
        )
    if f"Received: {text}" in output:
        return Failure(
            f"{shown_output(output)} The task asks for a line on which nothing else is.",
            help="`print` ends its line by itself: leave `end=` out, and print the payload last.",
            line=source.line_of("Received"),
        )
    line = line_that_prints(source)
    if f"({text!r},)" in output:
        return Failure(
            f"{shown_output(output)} The task asks for `Received: {text}`.",
            help="A star in front of a parameter gathers what arrives and puts it in brackets. "
            "Take the star away.",
            line=line,
        )
    if text in output:
        return Failure(
            f"{shown_output(output)} The task asks for `Received: {text}`.",
            help="Print the word `Received:`, one space, and the payload as it is. "
            "Nothing stands around it, not even quotation marks.",
            line=line,
        )
    return None


def nothing_shown(source: Source, output: str, here: list[Listener], text: str) -> Failure:
    """Say why the text of a message is nowhere in the output, though a handler exists."""
    if "info(" in source.text(here[0].file if here else None):
        return Failure(
            "A message arrived, and your logger kept it to itself.",
            help="A logger shows `warning` and above unless it is told otherwise. Use `print`, "
            "or `app.logger.warning`.",
            line=source.line_of("info("),
        )
    line = line_that_prints(source)
    if re.search(r"\{(?!braces)\w+\}", output):
        return Failure(
            f"The message {text!r} arrived. {shown_output(output)} "
            "The name in braces was printed, and not its value.",
            help="Write an `f` in front of the first quotation mark: it puts the value in the "
            "place of a name in braces.",
            line=line,
        )
    return Failure(
        f"The message {text!r} arrived. {shown_output(output)} "
        "The task asks for a line with the text of that message.",
        help="Print the parameter of your handler: it holds what the client sent.",
        line=line,
    )


def kind_not_printed(source: Source, output: str, kind: str, payload: Any) -> Failure:
    """Say why a payload that is no text was not printed as it should be."""
    there = [part for part in parts(payload) if part in output]
    line = source.line_of("Received")
    if there == parts(payload):
        return Failure(
            f"{kind} arrived. {shown_output(output)} In front of it, the word `Received:` "
            "is missing.",
            help="Print the word in front of every kind of payload. A choice with `if` and `else` "
            "inside a line needs brackets around it.",
            line=line,
        )
    if there:
        return Failure(
            f"{kind} with {len(parts(payload))} values arrived, and your app printed "
            f"{len(there)} of them. {shown_output(output)}",
            help="Print the payload as a whole, and not one of its fields.",
            line=line,
        )
    return Failure(
        f"{kind} arrived. {shown_output(output)} "
        "The task asks for a line for each event, whatever its payload is.",
        help="Print the payload of each message, whatever kind of value it is.",
        line=line,
    )


def line_that_prints(source: Source) -> int | None:
    """Return the line of the handler that prints or logs, or else the line of its mark."""
    return line_inside(source, "message", "print(", "log") or line_in_entry(source, "message")
