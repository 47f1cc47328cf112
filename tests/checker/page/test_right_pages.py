"""Pages that do what lesson 6 asks, each in another way, all end with the answer on the screen."""

from __future__ import annotations

import pytest

from .conftest import Visitor
from .driver import nodes
from .pages import CDN, ON_CLICK, OUT, SEND_AND_SHOW, on_load

pytestmark = pytest.mark.long

SHOW = {
    "textContent": "document.getElementById('out').textContent = data.data",
    "innerText": "document.getElementById('out').innerText = data.data",
    "innerHTML": "document.getElementById('out').innerHTML += `<li>${data.data}</li>`",
    "append": "document.body.append(data.data)",
    "createElement": "const p = document.createElement('p'); p.innerText = data.data; "
    "document.body.appendChild(p)",
    "insertAdjacentHTML": "out.insertAdjacentHTML('beforeend', '<b>' + data.data + '</b>')",
    "alert": "alert(data.data)",
    "input value": "document.querySelector('#box').value = data.data",
    "whole object": "out.textContent = JSON.stringify(data)",
    "later": "setTimeout(() => { out.textContent = data.data }, 200)",
    "dialog": "out.innerHTML = '<dialog></dialog>'; const d = document.querySelector('dialog'); "
    "d.textContent = data.data; d.showModal()",
    "document.write": "document.write(data.data)",
}


@pytest.mark.parametrize("how", list(SHOW))
def test_ways_to_show(visit: Visitor, how: str) -> None:
    script = f"""
        const socket = io();
        socket.emit("message", "hello");
        socket.on("response", function (data) {{ {SHOW[how]}; }});
    """
    page = visit(on_load(script, body=OUT + '<input id="box">'))
    assert page.shows_answer(), page.state
    assert page.sent() == [("message", ["hello"])]
    assert page.state["errors"] == []


LIBRARIES = {
    "newest": '<script src="https://cdn.jsdelivr.net/npm/socket.io-client/dist/socket.io.min.js">'
    "</script>",
    "unpkg": '<script src="https://unpkg.com/socket.io-client@4.7.5/dist/socket.io.js"></script>',
    "cdnjs": '<script src="//cdnjs.cloudflare.com/ajax/libs/socket.io/4.0.1/socket.io.js">'
    "</script>",
    "version 3": '<script src="https://cdn.socket.io/3.1.3/socket.io.min.js"></script>',
    "integrity": '<script src="https://cdn.socket.io/4.8.1/socket.io.min.js" integrity="sha384-'
    'mkQ3/7FUtcGyoppY6bz/PORYoGqOl7/aSUMn2ymDOJcapfS6PHqxhRTMh1RR0Q6+" crossorigin="anonymous">'
    "</script>",
}


@pytest.mark.parametrize("where", list(LIBRARIES))
def test_libraries(visit: Visitor, where: str) -> None:
    page = visit(on_load(SEND_AND_SHOW, LIBRARIES[where]))
    assert page.shows_answer(), page.state
    [reference] = page.state["client"]["references"]
    assert reference["problem"] is None
    assert reference["from"] == "cdn"


def test_onload_of_the_body(visit: Visitor) -> None:
    page = visit(
        f"<head>{CDN}<script>function start() {{ {SEND_AND_SHOW} }}</script></head>"
        f'<body onload="start()">{OUT}</body>'
    )
    assert page.shows_answer(), page.state["errors"]


def test_vue(visit: Visitor) -> None:
    vue = '<script src="https://unpkg.com/vue@3/dist/vue.global.js"></script>'
    body = """{% raw %}<div id="app"><input v-model="text"><button @click="send">Go</button>
        <p v-for="line in lines">{{ line }}</p></div>{% endraw %}"""
    script = """Vue.createApp({
        data() { return { text: "", lines: [] }; },
        mounted() {
            this.socket = io();
            this.socket.on("response", (data) => this.lines.push(data.data));
        },
        methods: { send() { if (this.text) this.socket.emit("message", this.text); } },
    }).mount("#app");"""
    page = visit(on_load(script, CDN + vue, body))
    page.interact("typed 42")
    assert page.shows_answer(), page.state["errors"]
    assert page.sent() == [("message", ["typed 42"])]


def test_local_copy(visit: Visitor) -> None:
    from .driver import DIST

    copy = (DIST / "library/socket.io-4.8.1/socket.io.min.js").read_text("utf-8")
    page = visit(
        on_load(SEND_AND_SHOW, '<script src="/static/client.js"></script>'),
        {"static/client.js": copy},
    )
    assert page.shows_answer()
    [reference] = page.state["client"]["references"]
    assert (reference["from"], reference["version"]) == ("server", "4.8.1")


ESM = "https://cdn.socket.io/4.8.1/socket.io.esm.min.js"
MODULES = {
    "inline": f'<script type="module">import {{ io }} from "{ESM}"; {SEND_AND_SHOW}</script>',
    "import map": '<script type="importmap">'
    f'{{"imports": {{"socket.io-client": "{ESM}"}}}}</script>'
    f'<script type="module">import {{ io }} from "socket.io-client"; {SEND_AND_SHOW}</script>',
    "external": '<script type="module" src="/static/main.js"></script>',
    "dynamic": f'<script>import("{ESM}").then(({{ io }}) => {{ {SEND_AND_SHOW} }});</script>',
    "esm.sh": '<script type="module">import io from "https://esm.sh/socket.io-client@4.8.1"; '
    f"{SEND_AND_SHOW}</script>",
    "top-level await": f'<script type="module">import {{ io }} from "{ESM}";'
    "const socket = io(); await new Promise(r => socket.on('connect', r));"
    "socket.on('response', d => { out.textContent = d.data }); "
    "socket.emit('message', 'x');</script>",
}


@pytest.mark.parametrize("kind", list(MODULES))
def test_modules(visit: Visitor, kind: str) -> None:
    files = {
        "static/main.js": 'import { start } from "./lib/chat.js"; start();',
        "static/lib/chat.js": f'import {{ io }} from "{ESM}"; '
        f"export function start() {{ {SEND_AND_SHOW} }}",
    }
    page = visit(f"<body>{OUT}{MODULES[kind]}</body>", files)
    assert page.shows_answer(), page.state["errors"]


@pytest.mark.parametrize("attributes", ["", "defer", "async"])
def test_external_script_in_head(visit: Visitor, attributes: str) -> None:
    script = f"""window.addEventListener("load", () => {{ {SEND_AND_SHOW} }});"""
    html = (
        f'<head><script defer src="https://cdn.socket.io/4.8.1/socket.io.min.js"></script>'
        f"<script {attributes} src=\"{{{{ url_for('static', filename='main.js') }}}}\"></script>"
        f"</head><body>{OUT}</body>"
    )
    page = visit(html, {"static/main.js": script})
    assert page.shows_answer(), page.state["errors"]


ORDERS = {
    "inserted script that uses what stands below": (
        "<script>const s = document.createElement('script'); s.src = '/static/main.js';"
        "document.head.append(s);</script>"
    ),
    "async script that uses what stands below": '<script async src="/static/main.js"></script>',
}


@pytest.mark.parametrize("how", list(ORDERS))
def test_script_that_holds_nothing_up(visit: Visitor, how: str) -> None:
    html = f"<head>{CDN}{ORDERS[how]}{CDN}</head><body>{OUT}</body>"
    script = f"""const found = document.getElementById("out"); {SEND_AND_SHOW}
        found.id = "out";"""
    page = visit(html, {"static/main.js": script})
    assert page.shows_answer(), page.state["errors"]


SHOWN = "socket.on('response', d => { out.textContent = d.data });"


@pytest.mark.parametrize("how", list(ON_CLICK))
def test_a_visitor_sends(visit: Visitor, how: str) -> None:
    body, script = ON_CLICK[how]
    page = visit(on_load(f"const socket = io(); {SHOWN} {script}", body=OUT + body))
    page.wait(connected=True)
    assert page.sent() == []
    did = page.interact("typed 42")
    assert did, page.state
    assert page.shows_answer(), (did, page.state["errors"], page.state["text"])
    assert page.sent()[0][0] == "message"


def test_typed_text_is_what_arrives(visit: Visitor) -> None:
    body = OUT + "<form><textarea name=t></textarea><input type=submit value=Send></form>"
    script = f"""const socket = io(); {SHOWN}
        document.forms[0].addEventListener("submit", (event) => {{
            event.preventDefault();
            socket.emit("message", new FormData(event.target).get("t"));
        }});"""
    page = visit(on_load(script, body=body))
    page.interact("typed 42")
    assert page.shows_answer()
    assert page.sent() == [("message", ["typed 42"])]


def test_a_link_leads_to_the_page_with_the_chat(visit: Visitor) -> None:
    app = """
from flask import Flask
from flask_socketio import SocketIO, emit
app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
@app.route("/")
def index():
    return "<a href='/chat'>To the chat</a>"
@app.route("/chat")
def chat():
    return open("templates/index.html").read()
@socketio.on("message")
def handle(msg):
    emit("response", {"data": "Message received!"})
socketio.run(app, port=PORT, allow_unsafe_werkzeug=True)
"""
    page = visit(on_load(SEND_AND_SHOW), app=app)
    assert page.interact() == ["clicked <a> “To the chat”"]
    assert page.shows_answer()
    assert page.state["page"]["url"].endswith("/chat")


@pytest.mark.parametrize(
    "connect",
    [
        "io('http://127.0.0.1:PORT')",
        "io('http://' + location.host)",
        "io.connect('http://' + document.domain + ':' + location.port)",
        "io(location.origin, {transports: ['websocket']})",
        "io({transports: ['polling']})",
        "io({autoConnect: false}).connect()",
    ],
)
def test_ways_to_connect(visit: Visitor, connect: str) -> None:
    page = visit(on_load(SEND_AND_SHOW.replace("io()", connect)))
    assert page.shows_answer(), page.state


def test_other_host_name_that_the_app_allows(visit: Visitor) -> None:
    app = """
from flask import Flask, render_template
from flask_socketio import SocketIO, emit
app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading", cors_allowed_origins="*")
app.route("/")(lambda: render_template("index.html"))
@socketio.on("message")
def handle(msg):
    emit("response", {"data": "Message received!"})
socketio.run(app, port=PORT, allow_unsafe_werkzeug=True)
"""
    script = SEND_AND_SHOW.replace("io()", "io('http://localhost:PORT')")
    page = visit(on_load(script), app=app)
    assert page.shows_answer(), page.state
    assert page.sent() == [("message", ["hello"])]


@pytest.mark.parametrize("node", nodes())
def test_every_node_here(visit: Visitor, node: str) -> None:
    page = visit(f"<body>{OUT}{MODULES['inline']}</body>", node=node)
    assert page.shows_answer(), page.state
