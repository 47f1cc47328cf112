"""A stage of the project is built in the browser, and the next goes on with it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from checker.stages import load_stages
from tests.e2e.bench import check, write, written
from tests.e2e.conftest import ROOT
from tests.webapp.served import Served, free
from tests.webapp.site import built_with

CLIENT = ROOT / "webapp/frontend/node_modules/socket.io-client/dist/socket.io.min.js"
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_stage_is_built_and_the_next_goes_on_with_it(page: Page, real_course: Served) -> None:
    first, second, *_ = load_stages(ROOT / "lessons")
    page.goto(f"{real_course.url}/project/")
    page.get_by_role("link", name="Stage 1: One poll for everybody").first.click()
    expect(page.locator(".bench .status")).to_have_text("Saved")
    expect(check(page)).to_contain_text("0 of 5 checks passed")
    expect(page.locator(".checks details[open]")).to_contain_text("Try this: Emit poll")
    page.get_by_role("button", name="A hint for this task").first.click()
    expect(page.locator("#hints-1 .hint")).to_have_count(1)

    write(page, "# mine\n" + first.solution()["app.py"].decode())
    expect(check(page)).to_have_text("All checks passed. Well done.")
    expect(page.locator(".tasks-nav")).to_contain_text("Done: Task 3")
    page.locator("#afterwards").get_by_role("link", name="Stage 2").click()
    expect(page.locator(".bench .status")).to_have_text("Saved")
    expect(page.get_by_text("You go on with your own app")).to_be_visible()
    assert "# mine" in written(page)

    write(page, second.solution()["app.py"].decode())
    expect(check(page)).to_have_text("All checks passed. Well done.")
    page.goto(f"{real_course.url}/project/")
    expect(page.locator(".lessons > li.done")).to_have_count(2)
    expect(page.locator(".next")).to_contain_text("Stage 3")


def test_the_given_pages_play_with_the_last_solution(browser: Browser, tmp_path: Path) -> None:
    built_with(CLIENT)
    with running(tmp_path) as url, closing(browser.new_context()) as context:
        context.route("https://cdn.socket.io/**", lambda asked: asked.fulfill(path=CLIENT))
        ada, alan, teacher = (context.new_page() for _ in range(3))
        ada.goto(f"{url}/?student=ada")
        alan.goto(f"{url}/?student=alan")
        teacher.goto(f"{url}/teacher")
        ada.get_by_role("button", name="tea").click()
        expect(alan.get_by_role("button", name="tea: 1")).to_be_visible()

        teacher.get_by_role("button", name="Ask").click()
        expect(alan.locator("h1")).to_have_text("Which one is prime?")
        ada.get_by_role("button", name="37").click()
        expect(alan.get_by_role("button", name="37: 1")).to_be_visible()
        ada.reload()
        mine = ada.get_by_role("button", name="37: 1")
        expect(mine).to_have_attribute("aria-pressed", "true")

        teacher.get_by_role("button", name="Close the poll").click()
        expect(alan.locator("#status")).to_have_text("The poll is closed.")
        alan.get_by_role("button", name="21").click()
        expect(alan.get_by_role("button", name="21: 0")).to_be_visible()


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run the app of the last stage; yield its address."""
    for name, data in load_stages(ROOT / "lessons")[-1].solution().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    port = free()
    how = f"host='127.0.0.1', port={port}, allow_unsafe_werkzeug=True"
    serve = f"import app; app.socketio.run(app.app, {how})"
    process = subprocess.Popen(
        [sys.executable, "-c", serve],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
