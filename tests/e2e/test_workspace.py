"""The page and the learner's own editor, on the same files."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.bench import SOLVED, menu, open_lesson, result, write
from tests.e2e.conftest import NewPage, Serve
from tests.webapp.served import free
from tests.webapp.site import GREETING, HELLO

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_workspace_is_edited_on_both_sides(
    new_page: NewPage, serve: Serve, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    served = serve("--port", str(free()), "--workspace", str(mine))
    page = new_page()
    open_lesson(page, served.url)
    write(page, HELLO)
    expect(page.locator(".bench .status")).to_have_text("Saved")
    assert (mine / GREETING / "app.py").read_text("utf-8") == HELLO
    (mine / GREETING / "app.py").write_text(SOLVED, "utf-8")
    expect(page.locator(".cm-content")).to_contain_text("/bye")
    expect(result(page)).to_have_text("All checks passed. Well done.")


def test_what_the_page_cannot_show_or_keep_is_said(
    new_page: NewPage, serve: Serve, tmp_path: Path
) -> None:
    mine = tmp_path / "mine" / GREETING
    served = serve("--port", str(free()), "--workspace", str(mine.parent))
    page = new_page()
    open_lesson(page, served.url)
    status = page.locator(".bench .status")
    (mine / "picture.png").write_bytes(b"\x89PNG\0")
    expect(page.locator(".besides")).to_have_text("Not text, so not shown: picture.png")
    (mine / "huge.txt").write_bytes(b"x" * 600_000)
    expect(status).to_have_text("huge.txt is larger than 512,000 bytes.")
    write(page, HELLO)
    (mine / "huge.txt").unlink()
    expect(status).to_have_text("Saved", timeout=20_000)
    assert (mine / "app.py").read_text("utf-8") == HELLO

    (mine / "long.py").write_bytes(b"# x\n" * 20_000)
    page.get_by_role("tab", name="long.py").click()
    page.locator(".cm-line").first.click()
    page.keyboard.type("y")
    expect(status).to_have_text("long.py is larger than 64 kB, the most that is kept here.")
    menu(page, "Begin again")
    page.locator("dialog").get_by_role("button", name="Begin again").click()
    expect(page.locator("dialog")).to_contain_text(
        "Not saved yet: long.py. So nothing was changed."
    )
    page.keyboard.press("Escape")
    menu(page, "Delete")
    page.locator("dialog").get_by_role("button", name="Delete it").click()
    expect(status).to_have_text("Saved")
    assert not (mine / "long.py").exists()
    (mine / "app.py").unlink()
    expect(page.locator(".cm-placeholder")).to_have_text(
        "There is no file here. Add one with + above, or bring back a version."
    )
