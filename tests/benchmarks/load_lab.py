"""Record the runs that the Perf page shows: ``python -m tests.benchmarks.load_lab``.

It takes some five minutes; the machine should have nothing else to do. What it measures goes to
``lessons/modes/perf/recorded.json``.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from checker.lesson import load_course
from checker.load import Plan, run_load
from checker.stage.pool import Pool
from webapp.modes.lab import SECONDS, Lab, load_lab, summary

RECORDED = Path(__file__).parents[2] / "lessons/modes/perf/recorded.json"
COMMAND = "python -m tests.benchmarks.load_lab"
PACKAGES = ("flask-socketio", "python-engineio", "simple-websocket", "werkzeug")
BUSY = ", so other programs ran beside it: compare what happens within one mode, not the modes"
GREEN = ("eventlet", "gevent")


def wanted(lab: Lab) -> list[tuple[str, str, int]]:
    """Each mode undisturbed with few and many clients; each pattern with fifty."""
    found = []
    for mode in (each.slug for each in lab.modes):
        found += [(mode, "none", clients) for clients in (10, 100, 200)]
        found += [(mode, each.slug, 50) for each in lab.patterns if each.slug != "none"]
    return found


def main() -> None:
    course = load_course(RECORDED.parents[2])
    lab = load_lab(course)
    assert lab is not None
    load = os.getloadavg()[0]
    runs = []
    with Pool.open() as pool:
        for mode, pattern, clients in wanted(lab):
            files = {"app.py": lab.program(mode, pattern).encode()}
            plan = Plan(clients, SECONDS, disturb=lab.disturb(pattern))
            samples = [asdict(sample) for sample in run_load(pool, files, plan)]
            run = {"mode": mode, "pattern": pattern, "clients": clients, **summary(samples)}
            print(*(f"{value!s:>10}" for value in run.values()))
            runs.append(run | {"samples": samples})
    cores = os.cpu_count() or 1
    busy = BUSY if load > cores else ""
    names = {"python": platform.python_version()}
    names |= {name: version(name) for name in (*PACKAGES, *GREEN)}
    document = {
        "at": datetime.now(UTC).strftime("%-d %B %Y"),
        "command": COMMAND,
        "versions": names,
        "machine": f"{cores} processors, load average {load:.1f} before the first run{busy}",
        "runs": runs,
    }
    RECORDED.write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
