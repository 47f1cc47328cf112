"""Lighthouse in a headless Chromium: ``python -m tests.benchmarks.lighthouse``.

Lighthouse comes from the npm registry into the cache of the benchmarks, once. Exit status 1: a
score is lower than what is asked; the audits that cost it are listed.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import click

from checker.stage.sandbox import find_node
from tests.benchmarks.browser import find_chromium, served
from tests.benchmarks.measure import say
from tests.benchmarks.peer import cache_folder

VERSION = "13.5.0"
PAGES = {"contents": "/", "lesson": "/lessons/04-event-handlers/", "workbench": "/try/"}
ASKED = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
TRIES, LOST = 4, "Please run Lighthouse again"
"""How often a page is tried of which the browser lost the beginning, and what is said then."""
CHROME = "--headless=new --no-sandbox --disable-gpu"


def install() -> Path:
    """Return Lighthouse's program, installed now if it is not there."""
    folder = cache_folder() / f"lighthouse-{VERSION}"
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.is_file():
        npm = shutil.which("npm")
        if npm is None:
            raise click.ClickException("npm was not found: install Node.js, which brings it.")
        say(f"installing lighthouse {VERSION} in {folder}")
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund"]
        command += ["--ignore-scripts", "--loglevel=error", f"lighthouse@{VERSION}"]
        subprocess.run(command, check=True)
    return program


def measure(program: Path, url: str, form: str, work: Path) -> dict[str, Any]:
    """Return the report of one page; ``form`` is ``desktop`` or ``mobile``.

    Raises ClickException where there is none.
    """
    node, report = find_node(), work / "report.json"
    if node is None:
        raise click.ClickException("Node.js was not found.")
    command = [str(node), str(program), url, "--quiet", "--output=json"]
    command += [f"--output-path={report}", f"--chrome-flags={CHROME}"]
    command += [f"--only-categories={','.join(ASKED)}"]
    command += ["--preset=desktop"] if form == "desktop" else []
    env = {**os.environ, "CHROME_PATH": find_chromium(), "TMPDIR": str(work)}
    for left in reversed(range(TRIES)):
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        if done.returncode == 0:
            break
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        if not left or LOST not in said:
            raise click.ClickException(f"Lighthouse could not measure {url}: {said}")
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def scores(report: dict[str, Any]) -> dict[str, int]:
    """Return the scores of a report, of 100."""
    return {name: round(100 * (part["score"] or 0)) for name, part in report["categories"].items()}


def costs(report: dict[str, Any], category: str) -> list[str]:
    """Return the audits that cost points in one category."""
    found = []
    for each in report["categories"][category]["auditRefs"]:
        audit = report["audits"][each["id"]]
        if each["weight"] and audit["score"] is not None and audit["score"] < 0.995:
            shown = audit.get("displayValue", "")
            found.append(f"{audit['score']:.2f} {audit['id']} {shown}".rstrip())
    return found


@click.command()
@click.option("--runs", default=3, show_default=True, help="Runs of each page; the median counts.")
@click.option("--form", type=click.Choice(["desktop", "mobile"]), multiple=True)
def main(runs: int, form: tuple[str, ...]) -> None:
    """Print Lighthouse's scores of contents, lesson and workbench."""
    program = install()
    low = False
    with served() as url, tempfile.TemporaryDirectory() as work:
        for name, path in PAGES.items():
            for device in form or ("desktop", "mobile"):
                reports = [measure(program, url + path, device, Path(work)) for _ in range(runs)]
                found = {c: round(statistics.median(scores(r)[c] for r in reports)) for c in ASKED}
                print(f"{name:10} {device:8}", *(f"{c} {s:3}" for c, s in found.items()), sep="  ")
                for category, score in found.items():
                    if score < ASKED[category]:
                        low = True
                        print(*(f"    {line}" for line in costs(reports[-1], category)), sep="\n")
    raise SystemExit(1 if low else 0)


if __name__ == "__main__":
    main()
