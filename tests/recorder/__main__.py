"""``python -m tests.recorder [SCENARIO …]``: record again, and write what was recorded."""

from __future__ import annotations

import json
import os
import shutil
import sys

from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUMS
from tests.recorder.record import SCENARIOS, record


def main(names: list[str]) -> None:
    """Record the scenarios called ``names``, or all."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    folders = sorted(path.parent for path in SCENARIOS.glob("*/scenario.toml"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for folder in folders:
            if names and folder.name not in names:
                continue
            recording = record(folder, browser)
            text = json.dumps(recording, indent=1, ensure_ascii=False) + "\n"
            (folder / "recording.json").write_text(text, encoding="utf-8")
            print(f"{folder.name}: {len(recording['steps'])} steps")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
