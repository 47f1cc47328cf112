"""Pages that do not do what lesson 6 asks: none shows the answer, and the state tells why."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Visitor
from .pages import CDN, ON_CLICK, OUT, SEND_AND_SHOW, on_load

pytestmark = pytest.mark.long

SHORT = 0.6


def problems(state: dict[str, Any], kind: str) -> list[str]:
    return [request["problem"] for request in state["requests"] if request["kind"] == kind]


def test_old_client(visit: Visitor) -> None:
    page = visit(on_load(SEND_AND_SHOW, CDN.replace("4.8.1", "2.3.0")))
    assert not page.shows_answer(SHORT)
    [reference] = page.state["client"]["references"]
    assert (reference["version"], reference["served"]) == ("2.3.0", "2.5.0")
    connection = page.state["connections"][0]
    assert connection["engineio"] == "3"
    assert connection["status"] == 400
    assert "unsupported version" in connection["problem"]


def test_very_old_client(visit: Visitor) -> None:
    library = '<script src="https://cdn.socket.io/socket.io-1.4.5.js"></script>'
    page = visit(on_load(SEND_AND_SHOW, library))
    assert not page.shows_answer(SHORT)
    assert page.state["client"]["references"][0]["version"] == "1.4.5"
    assert page.state["connections"][0]["engineio"] == "3"


def test_no_library(visit: Visitor) -> None:
    page = visit(f"<body>\n{OUT}\n<script>\n{SEND_AND_SHOW}</script></body>")
    assert not page.shows_answer(SHORT)
    [error] = page.state["errors"]
    assert (error["name"], error["message"]) == ("ReferenceError", "io is not defined")
    assert error["source"] == "const socket = io();"
    assert error["line"] == 5
    assert page.state["client"]["references"] == []
    assert not page.state["client"]["global_io"]


def test_library_after_the_script(visit: Visitor) -> None:
    page = visit(f"<body>{OUT}<script>{SEND_AND_SHOW}</script>{CDN}</body>")
    assert not page.shows_answer(SHORT)
    assert page.state["errors"][0]["message"] == "io is not defined"
    assert page.state["client"]["global_io"]


def test_library_of_the_server_that_has_none(visit: Visitor) -> None:
    page = visit(on_load(SEND_AND_SHOW, '<script src="/socket.io/socket.io.js"></script>'))
    assert not page.shows_answer(SHORT)
    [reference] = page.state["client"]["references"]
    assert reference["from"] == "server"
    assert reference["problem"] == "The server answered 400."


def test_file_that_no_cdn_has(visit: Visitor) -> None:
    page = visit(on_load(SEND_AND_SHOW, CDN.replace("socket.io.min.js", "socketio.js")))
    assert not page.shows_answer(SHORT)
    assert "no such file" in page.state["client"]["references"][0]["problem"]


def test_integrity_of_another_file(visit: Visitor) -> None:
    wrong = CDN.replace("></", ' integrity="sha384-AAAA" crossorigin="anonymous"></')
    page = visit(on_load(SEND_AND_SHOW, wrong))
    assert not page.shows_answer(SHORT)
    assert "integrity" in page.state["client"]["references"][0]["problem"]


def test_script_from_elsewhere_is_refused_and_named(visit: Visitor) -> None:
    elsewhere = '<script src="https://example.org/lib.js"></script>'
    page = visit(on_load(SEND_AND_SHOW, CDN + elsewhere))
    assert page.shows_answer()
    [request] = [r for r in page.state["requests"] if r["by"] == "refused"]
    assert request["url"] == "https://example.org/lib.js"


def test_other_origin(visit: Visitor) -> None:
    page = visit(on_load(SEND_AND_SHOW.replace("io()", "io('http://localhost:PORT')")))
    assert not page.shows_answer(SHORT)
    connection = page.state["connections"][0]
    assert connection["url"].startswith("http://localhost:")
    assert connection["status"] == 400
    assert "Not an accepted origin" in connection["problem"]


def test_own_page_is_not_among_the_allowed_origins(visit: Visitor) -> None:
    app = """
from flask import Flask, render_template
from flask_socketio import SocketIO, emit
app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading", cors_allowed_origins="http://localhost:3000")
app.route("/")(lambda: render_template("index.html"))
@socketio.on("message")
def handle(msg):
    emit("response", {"data": "Message received!"})
socketio.run(app, port=PORT, allow_unsafe_werkzeug=True)
"""
    page = visit(on_load(SEND_AND_SHOW), app=app)
    assert not page.shows_answer(SHORT)
    assert page.sent() == []
    refused = [r for r in page.state["requests"] if r["status"] == 400]
    assert "Not an accepted origin" in refused[0]["body"]


def test_other_port(visit: Visitor) -> None:
    page = visit(on_load(SEND_AND_SHOW.replace("io()", "io('http://127.0.0.1:9')")))
    assert not page.shows_answer(SHORT)
    assert page.state["connections"] == [] or not page.state["connections"][0]["open"]


def test_server_on_the_internet(visit: Visitor) -> None:
    page = visit(on_load(SEND_AND_SHOW.replace("io()", "io('https://example.org')")))
    assert not page.shows_answer(SHORT)
    assert [r["by"] for r in page.state["requests"] if r["kind"] == "xhr"][:1] == ["refused"]


def test_namespace_of_which_the_server_does_not_know(visit: Visitor) -> None:
    page = visit(on_load(SEND_AND_SHOW.replace("io()", "io('/chat')")))
    assert not page.shows_answer(SHORT)
    assert page.state["namespaces"] == {"/chat": "refused"}


def test_raw_websocket(visit: Visitor) -> None:
    script = """const socket = new WebSocket("ws://" + location.host + "/");
        socket.onmessage = (event) => { out.textContent = event.data; };"""
    page = visit(on_load(script))
    assert not page.shows_answer(SHORT)
    [request] = [r for r in page.state["requests"] if r["kind"] == "websocket"]
    assert request["status"] != 101
    assert page.state["connections"] == []


def test_text_written_in_advance(visit: Visitor) -> None:
    page = visit(on_load("io().emit('message', 'x')", body="<p>Message received!</p>"))
    assert page.wait(text="Message received!")
    assert page.wait(received="response")
    assert not page.shows_answer(SHORT)


def test_only_in_the_console(visit: Visitor) -> None:
    script = "const s = io(); s.emit('message', 'x'); s.on('response', d => console.log(d.data));"
    page = visit(on_load(script))
    assert page.wait(received="response")
    assert not page.shows_answer(SHORT)
    assert page.mark in page.state["console"][0]["text"]


def test_object_instead_of_text(visit: Visitor) -> None:
    page = visit(on_load(SEND_AND_SHOW.replace("data.data", "data")))
    assert not page.shows_answer(SHORT)
    assert "[object Object]" in page.state["text"]


def test_hidden_answer(visit: Visitor) -> None:
    style = "<style>.secret { display: none }</style>"
    page = visit(on_load(SEND_AND_SHOW, body=style + '<div class="secret">' + OUT + "</div>"))
    assert page.wait(received="response")
    assert not page.shows_answer(SHORT)


def test_element_that_is_not_there(visit: Visitor) -> None:
    page = visit(on_load(SEND_AND_SHOW, body='<p id="output"></p>'))
    assert not page.shows_answer(SHORT)
    [error] = page.state["errors"]
    assert "null" in error["message"]
    assert "textContent = data.data" in error["source"]


def test_script_in_the_head_sees_nothing_below_it(visit: Visitor) -> None:
    script = f"const out = document.getElementById('out'); {SEND_AND_SHOW}"
    script = script.replace('document.getElementById("out")', "out")
    page = visit(f"<head>{CDN}<script>{script}</script></head><body>{OUT}</body>")
    assert not page.shows_answer(SHORT)
    assert page.wait(error=True)
    assert "null" in page.state["errors"][0]["message"]


def test_name_made_twice_has_a_line(visit: Visitor) -> None:
    page = visit(
        f"<body>\n{CDN}\n<script>const socket = 1;</script>\n<script>\n"
        "\nconst socket = io();\n</script></body>"
    )
    assert page.wait(error=True)
    [error] = page.state["errors"]
    assert (error["kind"], error["line"]) == ("syntax", 6)
    assert error["source"] == "const socket = io();"


def test_form_that_reloads_the_page(visit: Visitor) -> None:
    body = OUT + "<form id=f><input id=i name=i><button>Go</button></form>"
    script = """const socket = io();
        f.addEventListener("submit", () => socket.emit("message", i.value));
        socket.on("response", d => { out.textContent = d.data; });"""
    page = visit(on_load(script, body=body))
    page.wait(connected=True)
    page.interact()
    assert not page.shows_answer(SHORT)
    assert "navigation" in [r["kind"] for r in page.state["requests"]]


def test_syntax_error_names_the_line(visit: Visitor) -> None:
    page = visit(f"<body>\n{CDN}\n<script>\nconst socket = io(;\n</script></body>")
    assert not page.shows_answer(SHORT)
    [error] = page.state["errors"]
    assert (error["kind"], error["line"]) == ("syntax", 4)
    assert error["source"] == "const socket = io(;"


def test_rejection_and_error_in_a_handler(visit: Visitor) -> None:
    script = """
        Promise.reject(new Error("first"));
        setTimeout(() => { throw new TypeError("second") });
        console.error("third", {a: 1});"""
    page = visit(on_load(script))
    assert page.wait(error=True)
    page.wait(text="never", within=0.2)
    assert {(e["kind"], e["message"]) for e in page.state["errors"]} == {
        ("rejection", "first"),
        ("exception", "second"),
    }
    assert page.state["console"][0] == {"level": "error", "text": "third { a: 1 }"}


def test_module_names_that_no_map_explains(visit: Visitor) -> None:
    page = visit(
        f'<body>{OUT}<script type="module">\nimport {{ io }} from "socket.io-client";\n'
        f"{SEND_AND_SHOW}</script></body>"
    )
    assert not page.shows_answer(SHORT)
    [error] = page.state["errors"]
    assert 'Failed to resolve module specifier "socket.io-client"' in error["message"]
    assert error["source"] == 'import { io } from "socket.io-client";'


def test_module_without_that_export(visit: Visitor) -> None:
    page = visit(
        f'{OUT}<script type="module">\nimport {{ oi }} from '
        '"https://cdn.socket.io/4.8.1/socket.io.esm.min.js";</script>'
    )
    assert not page.shows_answer(SHORT)
    [error] = page.state["errors"]
    assert "does not provide an export named 'oi'" in error["message"]
    assert error["line"] == 2


def test_page_that_is_no_html(visit: Visitor) -> None:
    app = """
from flask import Flask
from flask_socketio import SocketIO
app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
app.route("/")(lambda: ("Hello", {"Content-Type": "text/plain"}))
socketio.run(app, port=PORT, allow_unsafe_werkzeug=True)
"""
    page = visit(app=app)
    assert page.state["page"]["html"] is False
    assert page.state["page"]["start"] == "Hello"


def test_missing_page(visit: Visitor) -> None:
    page = visit("", path="nowhere")
    assert page.state["page"]["status"] == 404


def test_interaction_that_sends_nothing(visit: Visitor) -> None:
    body, _script = ON_CLICK["listener"]
    page = visit(on_load("const socket = io();", body=body))
    assert 'clicked <button id="b"> “Los”' in page.interact()
    assert page.sent() == []


def test_missing_function_in_an_attribute(visit: Visitor) -> None:
    page = visit(on_load("const socket = io();", body='<button onclick="sendIt()">Send</button>'))
    page.interact()
    [error, *_] = page.state["errors"]
    assert "sendIt is not defined" in error["message"]
    assert error["line"] == 1  # this page has all in one line
