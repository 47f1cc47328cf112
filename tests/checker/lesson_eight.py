"""An eighth lesson, as a teacher would add it: one folder that keeps every promise."""

from pathlib import Path

CHECKS = '''
from checker import App, check, expect, expect_equal


@check(task=1)
def client_connects(app: App) -> None:
    """A client connects."""
    app.connect(help="Let clients in: take out the handler that turns them away.")


@check(task=1, points=2, needs=client_connects)
def ping_is_answered(app: App) -> None:
    """`ping` is answered with `pong` and the next number."""
    client = app.connect()
    number = len(app.nonce())
    client.emit("ping", number)
    reply = client.receive("pong", help="Call emit('pong', …) in the handler.", within=0.2)
    expect_equal(reply.data, number + 1, what="`pong`", help="Add one to the number.")


@check(task=2, needs=client_connects)
def page_greets(app: App) -> None:
    """The page greets."""
    text = app.get("/").text
    expect("Hello" in text, f"`/` says {text}. The task asks for `Hello`.", help="Say `Hello`.")
'''
APP = '''"""Ping and pong."""

from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello"


@socketio.on("ping")
def ping(number):
    emit("pong", number + 1)


if __name__ == "__main__":
    socketio.run(app)
'''
PROSE = """Two programs take turns.

```python from="solution/app.py" part="ping"
```

{{ quiz: sum }}

```python run
print(1 + 1)
```

```text output
2
```

```python fails="ZeroDivisionError"
1 / 0
```

```console
$ course check 8
```

## Task 1: Answer

Answer `ping` with `pong`.

## Task 2: Greet

Say hello.
"""
QUIZ = """
[[question]]
id = "sum"
kind = "predict"
prompt = "What does it print?"
program = "print(2 + 2)"
explain = "Python adds."
[[question.choice]]
text = "4"
right = true
because = "It is the sum."
[[question.choice]]
text = "22"
because = "These are numbers, not texts."
"""
REFUSING = "if __name__", '@socketio.on("connect")\ndef no():\n    return False\n\n\nif __name__'
MISTAKES = {
    "client_connects/refused": REFUSING,
    "client_connects/no-socketio": ('SocketIO(app, async_mode="threading")', "SocketIO()"),
    "client_connects/crash": ("number + 1)\n", "number + 1)\n\n\nnothing()\n"),
    "ping_is_answered/other-name": ('emit("pong"', 'emit("Pong"'),
    "ping_is_answered/returned": ('emit("pong", number + 1)', "return number + 1"),
    "ping_is_answered/same": ("number + 1", "number"),
    "page_greets/other": ('return "Hello"', 'return "Goodbye"'),
    "page_greets/lower": ('return "Hello"', 'return "hello"'),
}
ACCEPTED = {
    "names": ("socketio", "sio_object"),
    "markup": ('"Hello"', '"<p>Hello</p>"'),
    "event": ('@socketio.on("ping")', "@socketio.event"),
    "mode": (', async_mode="threading"', ""),
    "init": ('SocketIO(app, async_mode="threading")', "SocketIO()\nsocketio.init_app(app)"),
}


def write_lesson_eight(root: Path) -> Path:
    """Write the folder ``08-ping`` below ``root`` and return it."""
    folder = root / "08-ping"
    _write(
        folder / "lesson.toml",
        'title = "Ping"\nsummary = "Two programs take turns."\nlevel = "Expert"\nminutes = 5\n'
        'teaches = ["ping"]\nnot_yet = ["zebra"]\nopen_files = ["app.py"]\n',
    )
    _write(folder / "lesson.md", PROSE)
    _write(folder / "quiz.toml", QUIZ)
    rungs = "Think of a number.\n\n---\n\nAdd one to it.\n\n"
    _write(folder / "hints.md", f"## 1\n\n{rungs}## 2\n\n{rungs}")
    _write(folder / "checks.py", CHECKS)
    _write(folder / "solution/app.py", APP)
    _write(folder / "starter/app.py", APP.replace('    emit("pong", number + 1)', "    pass"))
    for name, (old, new) in MISTAKES.items():
        _write(folder / "mistakes" / name / "app.py", APP.replace(old, new))
    for name, (old, new) in ACCEPTED.items():
        text = APP.replace("socketio", new).replace(f"flask_{new}", "flask_socketio")
        text = text if name == "names" else APP.replace(old, new)
        _write(folder / "accepted" / name / "app.py", text)
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
