"""The Visual mode cannot go stale: what is recorded now is what the files hold."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import sync_playwright

from tests.recorder.record import SCENARIOS, record, shape

pytestmark = [pytest.mark.long, pytest.mark.browser]


@pytest.mark.parametrize("name", ["01-polling", "06-acknowledgement"])
def test_a_recording_made_again_has_the_same_packets(chromium: str, name: str) -> None:
    folder = SCENARIOS / name
    kept = json.loads((folder / "recording.json").read_text("utf-8"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        made = record(folder, browser)
        browser.close()
    assert sorted(shape(made)) == sorted(shape(kept))
    assert made["versions"].keys() == kept["versions"].keys()
