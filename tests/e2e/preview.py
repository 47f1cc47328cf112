"""Apps of a learner who runs them in the page, and what they do there."""

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

CLIENT = '<script src="https://cdn.socket.io/4.8.1/socket.io.min.js"></script>'

CHAT = f'''
from flask import Flask, session
from flask_socketio import SocketIO, emit

app = Flask(__name__)
app.secret_key = "test"
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    session["visits"] = session.get("visits", 0) + 1
    return """{CLIENT}
<p id="visits">""" + str(session["visits"]) + """</p>
<button>Say hello</button><ul></ul>
<script>
const socket = io();
document.querySelector("button").onclick = () => socket.emit("say", "hello");
socket.on("said", (text) => document.querySelector("ul").append(text));
</script>"""


@app.route("/other")
def other():
    return "<p>Another page</p>"


@socketio.on("say")
def say(text):
    print("Somebody said:", text)
    emit("said", text, broadcast=True)


if __name__ == "__main__":
    socketio.run(app, debug=True)
'''


def run(page: Page) -> None:
    """Press Run."""
    page.get_by_role("button", name="Run", exact=True).click()


def run_and_wait(page: Page) -> None:
    """Press Run, and wait until the app listens."""
    run(page)
    expect(state(page)).to_have_attribute("data-state", "listening", timeout=60_000)


def state(page: Page) -> Locator:
    """The preview, whose attribute tells its state."""
    return page.locator(".bench .preview")


def frame(page: Page, user: int = 1) -> FrameLocator:
    """The learner's page as one user sees it."""
    return page.frame_locator(f"iframe[data-user='{user}']")


def packets(page: Page, *words: str) -> Locator:
    """The packets on the wire in whose line all of these words are."""
    found = page.locator(".packets > li")
    for word in words:
        found = found.filter(has_text=re.compile(re.escape(word)))
    return found
