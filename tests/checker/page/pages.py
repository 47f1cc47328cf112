"""Parts of pages that do what lesson 6 asks, for pages of many kinds."""

from __future__ import annotations

CDN = '<script src="https://cdn.socket.io/4.8.1/socket.io.min.js"></script>'
SEND_AND_SHOW = """
const socket = io();
socket.on("connect", () => socket.emit("message", "hello"));
socket.on("response", (data) => { document.getElementById("out").textContent = data.data; });
"""
OUT = '<p id="out"></p>'


def on_load(script: str, library: str = CDN, body: str = OUT) -> str:
    return f"<!doctype html><html><body>{body}{library}<script>{script}</script></body></html>"


JQUERY = '<script src="https://code.jquery.com/jquery-3.7.1.min.js"></script>'
ON_CLICK = {
    "onclick": ("<button onclick=\"socket.emit('message', 'hi')\">Send</button>", ""),
    "listener": (
        "<button id=b>Los</button>",
        "b.addEventListener('click', () => socket.emit('message', 'hi'));",
    ),
    "second button": (
        "<button id=x>Disconnect</button><button id=b>Send</button>",
        "x.onclick = () => socket.disconnect(); b.onclick = () => socket.emit('message', 'hi');",
    ),
    "form": (
        "<form id=f><input id=i name=i required><button>Go</button></form>",
        "f.addEventListener('submit', e => { e.preventDefault(); "
        "socket.emit('message', i.value) });",
    ),
    "form without a button": (
        "<form id=f><input id=i autocomplete=off></form>",
        "f.onsubmit = () => { if (i.value) socket.emit('message', i.value); return false };",
    ),
    "enter key": (
        "<input id=i>",
        "i.addEventListener('keydown', e => { "
        "if (e.key === 'Enter') socket.emit('message', i.value) });",
    ),
    "key code": (
        "<input id=i>",
        "i.onkeypress = e => { if (e.keyCode == 13) socket.emit('message', i.value) };",
    ),
    "div": ("<div id=b>Say it</div>", "b.onclick = () => socket.send('hi');"),
    "select": (
        "<select id=s><option>a<option>b</select>",
        "s.onchange = () => socket.emit('message', s.value);",
    ),
    "delegation": (
        "<ul><li><span class=x>send</span></ul>",
        "document.body.addEventListener('click', e => { if (e.target.matches('.x')) "
        "socket.emit('message', 'x') });",
    ),
    "required fields": (
        "<form id=f><input id=i required><input type=number min=18 max=99 required>"
        "<select required><option value=''>choose<option value=a>A</select>"
        "<input type=checkbox required><input type=radio name=r value=1 required>"
        "<input type=radio name=r value=2><input type=date required><button>Go</button></form>",
        "f.onsubmit = () => { socket.emit('message', i.value); return false };",
    ),
    "box that the script asks for": (
        "<form id=f><label><input type=checkbox id=ok> Yes</label><button>Go</button></form>",
        "f.onsubmit = () => { if (ok.checked) socket.emit('message', 'x'); return false };",
    ),
    "fields by name": (
        "<form name=chat onsubmit='return say(this)'><input name=text><input name=name>"
        "<button>Go</button></form>",
        "function say(form) { const same = form === document.chat && form === "
        "document.forms['chat'] && form.name === form.elements.name && 'text' in form && "
        "'chat' in document && document instanceof Node; "
        "if (same) socket.emit('message', form.text.value); return false }",
    ),
    "fields with names of properties": (
        "<form id=f><input name=style><input name=id><input name=hidden>"
        "<input name=requestSubmit><input name=querySelector></form>",
        "f.addEventListener('submit', e => { e.preventDefault(); "
        "socket.emit('message', f.hidden.value) });",
    ),
    "jquery": (
        JQUERY + "<input id=i><button id=b>Send</button>",
        "$('#b').on('click', () => { if ($('#i').val()) socket.emit('message', $('#i').val()) });",
    ),
    "disabled until connected": (
        "<button id=b disabled>Send</button>",
        "socket.on('connect', () => { b.disabled = false }); "
        "b.onclick = () => socket.emit('message', 'hi');",
    ),
    "connects on click": (
        "<button id=b>Send</button>",
        "b.onclick = () => { const s = io({forceNew: true}); s.emit('message', 'x'); "
        "s.on('response', d => { out.textContent = d.data }) };",
    ),
}
