"""Work that is done, saved to a file, and sent to another course."""

import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from checker.report import CheckResult, SubmissionResult
from tests.webapp.site import BYE, GREETING, HELLO, Wire, post, rooms_of
from webapp.files import digest
from webapp.guard import ONE_LEARNER

FIRST = "first"


def text_of(html: str, what: str = "main") -> str:
    found = LexborHTMLParser(html).css_first(what)
    return " ".join(found.text(separator=" ").split()) if found else ""


def work(site: Flask, client: FlaskClient, text: str = HELLO + BYE) -> None:
    """Change a file, pass or fail (no checks run: the result is as they would say it)."""
    wire = Wire(site, client)
    before = wire.open()["files"]["app.py"]["seal"]
    assert wire.save("app.py", text, before)["ok"]
    wire.raw.disconnect()
    assert post(client, f"/answers/{GREETING}/{FIRST}", choice=1).status_code == 303
    rooms = rooms_of(site)
    cookie = client.get_cookie("learner")
    learner = rooms.store.admit_learner(cookie.value if cookie else ONE_LEARNER)
    bench = rooms.bench(learner, rooms.course.find(GREETING))
    bench.keep_checked(bench.files())
    done = [CheckResult("hello", "Hello", 1, "passed", 2, 2)]
    done.append(CheckResult("bye", "Bye", 2, "passed" if BYE in text else "failed", 1, 1))
    passed = all(check.outcome == "passed" for check in done)
    result = SubmissionResult(
        "you", GREETING, "passed" if passed else "failed", 3, 3, "threading", checks=tuple(done)
    )
    rooms.progress.record(learner, result, digest(bench.files()))


def saved(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/yours/export.json")
    assert response.status_code == 200
    document: dict[str, Any] = json.loads(response.text)
    return document


def send(client: FlaskClient, document: Any) -> Any:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="course.json"\r\n\r\n'
    return client.post(
        "/yours/import",
        data=head + content + b"\r\n--x--\r\n",
        headers={"Origin": "http://localhost"},
        content_type="multipart/form-data; boundary=x",
    )


def code(site: Flask, client: FlaskClient) -> str:
    wire = Wire(site, client)
    text = wire.open()["files"]["app.py"]["text"]
    wire.raw.disconnect()
    return str(text)


GOOD = {
    "format": "flask-socketio-course",
    "schema": 1,
    "exported": "2026-11-23T20:00:00+00:00",
    "lessons": {GREETING: {"started": "2026-11-23T19:00:00+00:00", "files": {"app.py": "x"}}},
}


def changed(**parts: Any) -> dict[str, Any]:
    return GOOD | parts


def lesson(**parts: Any) -> dict[str, Any]:
    return changed(lessons={GREETING: {"started": "2026-11-23T19:00:00+00:00"} | parts})
