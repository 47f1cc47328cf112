"""What a learner does at the workbench, for tests to read like a story."""

from playwright.sync_api import Locator, Page, expect

from tests.webapp.site import BYE, HELLO

SOLVED = HELLO + BYE


def open_lesson(page: Page, url: str, lesson: str = "1") -> None:
    """Open a lesson, go to its workbench, and wait until the editor is ready."""
    page.goto(f"{url}/lessons/{lesson}/")
    page.locator("#bench").scroll_into_view_if_needed()
    expect(page.locator(".cm-content")).to_be_visible()
    expect(page.locator(".bench .status")).to_have_text("Saved")


PASTE = """(editor, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const how = {clipboardData, bubbles: true, cancelable: true};
    editor.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def write(page: Page, text: str) -> None:
    """Paste over what the editor holds."""
    page.locator(".cm-content").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.locator(".cm-content").evaluate(PASTE, text)


def written(page: Page) -> str:
    """What the editor holds."""
    lines: list[str] = page.locator(".cm-line").all_text_contents()
    return "\n".join(lines)


def check(page: Page) -> Locator:
    """Press Check, wait for the result, and return its headline."""
    page.get_by_role("button", name="Check", exact=True).click()
    return result(page)


def result(page: Page) -> Locator:
    """Wait until no check runs; return the headline of the result."""
    headline = page.locator(".results .headline")
    expect(headline).to_be_visible(timeout=40_000)
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_visible()
    return headline


def menu(page: Page, item: str) -> None:
    """Choose from the menu beside the files."""
    page.locator(".menu summary").click()
    page.locator(".menu").get_by_role("button", name=item).click()
