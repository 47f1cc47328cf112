"""Run the code blocks of a page in the sandbox, and say which do not do what the page says."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping

from checker.app import App
from checker.blocks import Block, BlockError, blocks
from checker.check import Crash, Failure, TimedOut
from checker.link import Link, Watch
from checker.report import bounded
from checker.server import finish
from checker.stage.channel import encode
from checker.stage.pool import Pool
from checker.submission import Submission

ANY_LINE = "…"
"""A line of an output block that stands for any lines."""
SECONDS = 15.0


def program_output(text: str, pool: Pool) -> str:
    """Return what a program prints (standard output, then error); raise `Failure` if it hangs."""
    _, printed = run_program(text, pool)
    return printed


def run_program(text: str, pool: Pool) -> tuple[int, str]:
    """Run a Python program to its end: its exit status, and what it printed as above."""
    app = App(Submission.from_files({"app.py": text}), pool, Watch())
    try:
        done = app.run_script(timeout=SECONDS)
        return done.exit_code, done.stdout + done.stderr
    finally:
        app.close()


def start_problem(files: Mapping[str, bytes], pool: Pool) -> str | None:
    """Say why ``python app.py`` neither ends well nor serves pages, or None when it does."""
    try:
        return _serves(files, pool)
    except (Crash, TimedOut) as failure:
        return failure.message
    except Failure:  # it ended with exit status 0, as a script may
        return None


def _serves(files: Mapping[str, bytes], pool: Pool) -> str | None:
    app = App(Submission.from_files(files), pool, Watch())
    try:
        response = app.serve(timeout=SECONDS).get("/")
    finally:
        app.close()
    return None if response.status < 500 else f"GET / answers {response.status}."


def block_findings(prose: str, pool: Pool) -> Iterator[str]:
    """Run each code block of ``prose``; yield one sentence for each that breaks its promise."""
    try:
        found = blocks(prose)
    except BlockError as error:
        yield str(error)
        return
    printed: str | None = None
    for block in found:
        problem, printed = _run(block, printed, pool)
        if problem:
            yield f"The {block.language} block in line {block.line}: {problem}"


def _run(block: Block, printed: str | None, pool: Pool) -> tuple[str | None, str | None]:
    """Return (problem, what it printed) of one block."""
    if block.kind == "output":
        if printed is None:
            return "an output block must follow the block that prints it.", None
        return _compare(block.body, printed), None
    if block.kind == "quoted":
        return None, None
    try:
        if block.kind == "serve":
            return _serves({"app.py": block.body.encode()}, pool), None
        if block.kind in {"run", "fails"}:
            return _run_script(block, pool)
    except Failure as failure:
        return failure.message, None
    return _well_formed(block), None


def _run_script(block: Block, pool: Pool) -> tuple[str | None, str | None]:
    javascript = block.language in {"js", "javascript"}
    run = _javascript if javascript else run_program
    code, printed = run(block.body, pool)
    if block.kind == "run":
        problem = None if code == 0 else f"it fails: {bounded(printed.strip()[-300:])}"
        return problem, printed
    if code == 0:
        return "it must fail, and does not.", printed
    if block.value not in printed:
        return f"it fails otherwise than told: {bounded(printed.strip()[-300:])}", printed
    return None, printed


def _javascript(text: str, pool: Pool) -> tuple[int, str]:
    with pool.script_stage() as stage:
        link = Link(stage, Watch(), ours=True)
        link.ask(
            "starting",
            5,
            do="start",
            files=encode({"block.js": text.encode()}),
            command=[pool.places.node, "block.js"],
            env={"LANG": "C.UTF-8"},
            separate=True,
            memory=0,
        )
        done = finish(link, SECONDS)
    return done.exit_code, done.stdout + done.stderr


def _compare(expected: str, printed: str) -> str | None:
    lines = [re.escape(line.rstrip()) for line in expected.strip().splitlines()]
    pattern = "\n".join(".*" if line == re.escape(ANY_LINE) else line for line in lines)
    actual = "\n".join(line.rstrip() for line in printed.strip().splitlines())
    if re.fullmatch(pattern, actual, re.S):
        return None
    return f"it does not say what is printed: {bounded(actual, 300)!r}"


def _well_formed(block: Block) -> str | None:
    try:
        if block.language == "json":
            json.loads(block.body)
        elif block.language == "toml":
            tomllib.loads(block.body)
    except ValueError as error:
        return f"it is no {block.language}: {error}"
    return None
