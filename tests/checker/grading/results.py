"""What is read back from a folder of results."""

import csv
import json
from pathlib import Path
from typing import Any


def gradebook(out: Path) -> dict[str, dict[str, str]]:
    with open(out / "gradebook.csv", encoding="utf-8", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def report(out: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((out / "report.json").read_text("utf-8"))
    return value
