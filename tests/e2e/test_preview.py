"""A learner's own app, running in the page: two users, its packets, its end, and its walls."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.bench import check, open_lesson, write
from tests.e2e.conftest import NewPage, Serve
from tests.e2e.preview import CHAT, frame, packets, run, run_and_wait, state
from tests.e2e.test_access import SMALL_TARGETS, findings
from tests.webapp.served import Served, free
from tests.webapp.site import HELLO

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_two_users_of_one_app_and_what_passes_between(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, CHAT)
    run_and_wait(page)
    expect(page.locator(".address")).to_contain_text("http://127.0.0.1:5000")
    page.get_by_role("button", name="Two users").click()
    expect(frame(page, 2).locator("#visits")).to_have_text("1")
    expect(packets(page, "2.2", "to the server", "upgrade")).to_have_count(1)
    frame(page).get_by_role("button").click()
    for user in (1, 2):
        expect(frame(page, user).locator("ul")).to_have_text("hello")
    expect(packets(page, "1.1", "to the server", "say", '"hello"')).to_have_count(1)
    expect(packets(page, "to the page", "said", '"hello"')).to_have_count(2)
    expect(page.locator(".preview .printed")).to_contain_text("Somebody said: hello")

    page.get_by_label("Path of the page").fill("other")
    page.get_by_role("button", name="Load").click()
    expect(frame(page, 2).locator("p")).to_have_text("Another page")
    page.get_by_label("Path of the page").fill("/")
    page.keyboard.press("Enter")
    for user in (1, 2):  # a cookie of one's own, which is there again
        expect(frame(page, user).locator("#visits")).to_have_text("2")

    page.get_by_role("button", name="Two users").click()
    expect(page.locator("iframe")).to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".preview-state")).to_have_text("Your app was stopped.")
    expect(page.locator("iframe")).to_have_count(0)


def test_the_wire_is_filtered_held_and_opened_with_the_keyboard(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, CHAT)
    run_and_wait(page)
    expect(packets(page, "to the server", "upgrade")).to_have_count(1)
    expect(packets(page, "GET", "transport=polling")).to_have_count(0)
    page.get_by_label("Pings and polls").check()
    expect(packets(page, "GET", "transport=polling").first).to_be_visible()
    page.get_by_label("Pings and polls").uncheck()

    page.get_by_role("button", name="Pause").click()
    frame(page).get_by_role("button").click()
    expect(page.locator(".wire .count")).to_contain_text("held back")
    expect(packets(page, "said")).to_have_count(0)
    page.get_by_role("button", name="Go on").click()
    expect(packets(page, "said")).to_have_count(1)

    page.get_by_label("Show only packets with this text").fill("said")
    expect(page.locator(".packets > li")).to_have_count(1)
    page.get_by_role("list", name="Packets, oldest first").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    opened = page.locator(".opened")
    expect(opened.locator(".raw")).to_have_text('42["said","hello"]')
    expect(opened.get_by_role("row")).to_have_text(
        [
            "4 4 = message: Engine.IO carries what follows for Socket.IO",
            "2 2 = event",
            '["said","hello"] the event\'s name and its arguments, as JSON',
        ],
        use_inner_text=True,
    )
    expect(opened.locator(".note")).to_contain_text("Socket.IO · to the page of user 1")
    page.get_by_label("Show only packets with this text").fill("nobody says this")
    expect(page.locator(".wire .empty")).to_have_text("Nothing that has passed holds this text.")
    page.get_by_label("Show only packets with this text").fill("")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".wire .empty")).to_have_text(
        "Nothing has passed yet. What a page and your app say to each other will appear here."
    )


def test_an_app_that_ends_shows_why_and_where(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, HELLO + "\n\n1 / 0\n")
    run(page)
    expect(state(page)).to_have_attribute("data-state", "gone", timeout=60_000)
    expect(page.locator(".preview-state")).to_have_text(
        "Your app ended with an error (exit status 1)."
    )
    expect(page.locator(".preview .printed")).to_contain_text("ZeroDivisionError")
    page.get_by_role("button", name="Show line 8 of app.py").click()
    expect(page.locator(".cm-activeLine")).to_contain_text("1 / 0")
    write(page, "import time\nprint('waiting', flush=True)\ntime.sleep(60)\n")
    run(page)
    expect(page.locator(".preview .printed")).to_have_attribute("data-empty", "Nothing yet.")
    expect(state(page)).to_have_attribute("data-state", "silent", timeout=60_000)
    expect(page.locator(".preview-more")).to_contain_text("waiting")
    write(page, CHAT)
    run_and_wait(page)
    expect(frame(page).locator("#visits")).to_be_visible()


def test_a_page_that_is_loaded_again_finds_its_app(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, CHAT)
    run_and_wait(page)
    expect(packets(page, "to the server", "upgrade")).to_have_count(1)
    page.reload()
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(frame(page).get_by_role("button")).to_be_visible()
    expect(packets(page, "to the server", "upgrade")).to_have_count(2)
    check(page)
    expect(page.locator(".results")).to_be_visible()
    expect(state(page)).to_be_hidden()


def test_a_course_that_was_started_again_asks_for_the_page(page: Page, serve: Serve) -> None:
    port = str(free())
    served = serve("--port", port)
    open_lesson(page, served.url)
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.locator(".preview-state")).to_contain_text("Press Run to start your app")
    served.stop()
    expect(page.locator(".preview-state")).to_have_text("There is no connection to the course.")
    serve("--port", port)
    expect(page.locator(".preview-state")).to_have_text(
        "The course was started again. Load this page again to use the preview.", timeout=60_000
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_preview(new_page: NewPage, served: Served, theme: str) -> None:
    page = new_page(color_scheme=theme)
    open_lesson(page, served.url)
    write(page, CHAT)
    run_and_wait(page)
    page.get_by_role("button", name="Two users").click()
    expect(packets(page, "to the server", "upgrade")).to_have_count(2)
    page.locator(".packets summary").first.click()
    expect(page.locator(".opened")).to_be_visible()
    for large in (False, True):
        if large:
            page.get_by_role("button", name="Whole window").click()
        assert findings(page, leave_out=".frames, .cm-editor") == []
        assert page.evaluate(SMALL_TARGETS) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Whole window")).to_have_attribute(
        "aria-pressed", "false"
    )
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert findings(page, leave_out=".frames, .cm-editor") == []


ATTACK = '''
from flask import Flask
app = Flask(__name__)

@app.route("/")
def index():
    return """<pre id="found"></pre><script>
const course = location.ancestorOrigins[0];
const SOCKET = "/socket.io/?EIO=4&transport=";
const ask = (path, options) => fetch(course + path, {credentials: "include", ...options});
const found = {cookie: document.cookie};
const attempt = async (name, act) => {
    try { found[name] = String(await act()); } catch (error) { found[name] = error.name; }
};
const socket = () => new Promise((resolve) => {
    const ws = new WebSocket(course.replace("http", "ws") + SOCKET + "websocket");
    ws.onopen = () => resolve("open");
    ws.onerror = () => resolve("refused");
});
(async () => {
    await attempt("parent", () => parent.document.body.innerHTML);
    await attempt("storage", () => parent.localStorage.length);
    await attempt("fetch", async () => (await ask("/")).text());
    await attempt("poll", async () => (await ask(SOCKET + "polling")).text());
    await attempt("socket", socket);
    const form = {method: "POST", mode: "no-cors", body: new URLSearchParams({theme: "dark"})};
    await attempt("form", async () => (await ask("/theme", form)).type);
    document.cookie = "learner=evil; domain=localhost; path=/";
    await attempt("top", () => { top.location = "about:blank"; return "moved"; });
    await attempt("open", () => window.open("about:blank") === null ? "blocked" : "opened");
    document.getElementById("found").textContent = JSON.stringify(found);
})();
</script>"""

if __name__ == "__main__":
    app.run()
'''


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_preview_reaches_nothing_of_the_course(
    browser: Browser, served: Served, name: str
) -> None:
    """The app is the learner's own, and may still come from anywhere."""
    context = browser.new_context()
    page = context.new_page()
    url = served.url.replace("127.0.0.1", name)
    open_lesson(page, url)
    page.evaluate("localStorage.setItem('secret', 'yes')")
    cookies = {each["name"]: each["value"] for each in context.cookies(url)}
    write(page, ATTACK)
    run_and_wait(page)
    shown = frame(page).locator("#found")
    expect(shown).not_to_be_empty(timeout=30_000)
    found: dict[str, Any] = json.loads(shown.text_content() or "")
    assert found == {
        "cookie": "",
        "parent": "SecurityError",
        "storage": "SecurityError",
        "fetch": "TypeError",
        "poll": "TypeError",
        "socket": "refused",
        "form": "TypeError",
        "top": "SecurityError",
        "open": "blocked",
    }
    assert page.url.startswith(url)
    after = {each["name"]: each["value"] for each in context.cookies(url)}
    assert after == cookies, "no cookie was set, and no theme was chosen"
    context.close()


def test_another_browser_does_not_see_the_app(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    open_lesson(page, served.url)
    write(page, CHAT)
    run_and_wait(page)
    address = page.locator("iframe").get_attribute("src") or ""
    port = address.rsplit(":", 1)[1]
    stranger = browser.new_context().new_page()
    for guess in ("localhost", "127.0.0.1", "0000.localhost"):
        answer = stranger.goto(f"http://{guess}:{port}")
        assert answer is not None
        assert answer.status == 404
    stranger.context.close()
    context.close()


def test_two_thousand_packets_at_once_are_all_counted(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    flood = 'for (let n = 0; n < 1500; n++) socket.emit("say", "hello " + n);'
    write(page, CHAT.replace('socket.emit("say", "hello")', "{" + flood + "}"))
    run_and_wait(page)
    frame(page).get_by_role("button").click()
    expect(packets(page, "said", '"hello 1499"')).to_have_count(1, timeout=60_000)
    expect(page.locator(".packets > li")).to_have_count(2000)
    count = page.locator(".wire .count")
    expect(count).to_contain_text("2000 of 2000")
    expect(count).to_contain_text("older ones let go")
    page.get_by_label("Show only packets with this text").fill('"hello 1499"')
    expect(page.locator(".packets > li")).to_have_count(2)


def test_of_much_output_the_end_is_kept(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    slow = "import time\nfor n in range(2_000):\n    print('line', n, 'x' * 40, flush=True)\n"
    write(page, slow + "    if n % 100 == 0: time.sleep(0.1)\n")
    run(page)
    expect(state(page)).to_have_attribute("data-state", "gone", timeout=60_000)
    printed = page.locator(".preview .printed")
    expect(page.locator(".preview-state")).to_contain_text("Your app ended by itself")
    expect(page.locator(".preview-state.trouble")).to_have_count(0)  # a script that did its work
    begun = "… (what was printed earlier is left out)\nline "
    assert printed.evaluate("(pre, begun) => pre.textContent.startsWith(begun)", begun)
    assert printed.evaluate("pre => pre.textContent.trimEnd().split('\\n').at(-1).slice(0, 9)") == (
        "line 1999"
    )


def test_an_app_that_runs_says_when_its_files_are_others_by_now(page: Page, served: Served) -> None:
    open_lesson(page, served.url)
    write(page, CHAT)
    run_and_wait(page)
    since = page.locator(".preview .since")
    expect(since).to_be_hidden()
    write(page, CHAT.replace("Say hello", "Say hi"))
    expect(since).to_have_text(
        "Your files have changed since this app was started. Run starts it again."
    )
    expect(frame(page).get_by_role("button")).to_have_text("Say hello")
    run_and_wait(page)
    expect(frame(page).get_by_role("button")).to_have_text("Say hi")
    expect(since).to_be_hidden()
