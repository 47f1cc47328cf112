"""One's own work: out as a file, in from a file, back again, and the proof of it."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from tests.webapp.conftest import MakeSite
from tests.webapp.site import BYE, GREETING, HELLO, post, rooms_of, visitor
from tests.webapp.taking import FIRST, GOOD, code, lesson, saved, send, text_of, work


def test_a_newcomer_is_told_that_there_is_nothing_yet(client: FlaskClient) -> None:
    assert "There is nothing to take along yet" in text_of(client.get("/yours/").text)
    assert client.get("/yours/export.json").status_code == 302
    assert "No lesson is passed yet" in text_of(client.get("/yours/proof/").text)


def test_the_file_has_code_answers_and_progress(site: Flask, client: FlaskClient) -> None:
    work(site, client)
    response = client.get("/yours/export.json")
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    document = saved(client)
    assert (document["format"], document["schema"]) == ("flask-socketio-course", 1)
    assert document["versions"]["flask"]
    lesson = document["lessons"][GREETING]
    assert lesson["files"] == {"app.py": HELLO + BYE}
    assert lesson["tasks"].keys() == {"1", "2"}
    assert lesson["proof"]["checks"] == 2
    answers = [(each["place"], each["question"], each["choice"]) for each in document["answers"]]
    assert answers == [(GREETING, FIRST, 1)]


def test_it_moves_to_another_course_unchanged(site: Flask, client: FlaskClient) -> None:
    work(site, client)
    document = saved(client)
    other = visitor(site)
    assert send(other, document).headers["Location"] == "/yours/#waiting"
    shown = text_of(other.get("/yours/").text, "#waiting")
    assert "1 piece of work in which you have no code yet will have the file's." in shown
    assert "Added: 1 answer and 1 pass." in shown
    assert "a backup of what you have now is made first" in shown
    assert post(other, "/yours/import/merge").status_code == 303
    assert "Done." in text_of(other.get("/yours/?done=taken").text)
    again = saved(other)
    assert again["lessons"][GREETING].pop("proof")["imported"] is True
    assert document["lessons"][GREETING].pop("proof")["imported"] is False
    assert again["lessons"] == document["lessons"]
    assert again["answers"] == document["answers"]


def test_merging_keeps_mine_and_puts_theirs_under_versions(
    site: Flask, client: FlaskClient
) -> None:
    work(site, client)
    document = saved(client)
    other = visitor(site)
    work(site, other, HELLO)
    send(other, document)
    shown = text_of(other.get("/yours/").text, "#waiting")
    assert "In 1 piece of work both have code: yours stays" in shown
    post(other, "/yours/import/merge")
    assert code(site, other) == HELLO
    page = other.get(f"/yours/versions/{GREETING}/").text
    assert "the other, when both had changed" in text_of(page)
    assert saved(other)["lessons"][GREETING]["passed"], "the pass is taken over"


def test_replacing_can_be_undone(site: Flask, client: FlaskClient) -> None:
    work(site, client)
    document = saved(client)
    other = visitor(site)
    work(site, other, HELLO)
    mine = saved(other)
    send(other, document)
    shown = text_of(other.get("/yours/").text, "#waiting")
    assert "What you have here goes: code in 1 piece of work, 1 answer, no passes." in shown
    assert "In its place comes what the file has: code in 1 piece of work" in shown
    post(other, "/yours/import/replace")
    assert code(site, other) == HELLO + BYE
    form = LexborHTMLParser(other.get("/yours/").text).css_first('form[action*="/backups/"]')
    assert form is not None
    assert post(other, str(form.attributes["action"])).status_code == 303
    assert code(site, other) == HELLO
    after = saved(other)
    assert (after["lessons"], after["answers"]) == (mine["lessons"], mine["answers"])


def test_a_file_can_be_put_away(site: Flask, client: FlaskClient) -> None:
    work(site, client)
    other = visitor(site)
    send(other, saved(client))
    answer = post(other, "/yours/import/forget")
    assert "Nothing has changed" in text_of(other.get(answer.headers["Location"]).text)
    assert LexborHTMLParser(other.get("/yours/").text).css_first("#waiting") is None
    late = post(other, "/yours/import/merge")
    assert "No file waits here any more." in text_of(late.text)


def test_nobody_elses_backup_can_be_had(site: Flask, client: FlaskClient) -> None:
    work(site, client)
    send(client, saved(client))
    post(client, "/yours/import/merge")
    backup = rooms_of(site).store
    other = visitor(site)
    work(site, other, HELLO)
    answer = post(other, "/yours/backups/1")
    assert answer.status_code == 400
    assert "That backup is not kept any more." in text_of(answer.text)
    assert backup is not None
    assert code(site, other) == HELLO


# ---------------------------------------------------------------- the proof


def test_the_proof_says_what_was_passed_when_and_with_what(
    site: Flask, client: FlaskClient
) -> None:
    work(site, client)
    shown = text_of(client.get("/yours/proof/?name=Ada").text)
    assert "What Ada has passed" in shown
    assert "1 of 2 lessons" in shown
    assert "2 checks" in shown
    assert rooms_of(site).versions["flask"] in shown
    assert rooms_of(site).sandbox in shown
    assert "was not checked here" not in shown
    assert "SHA-256" in shown


def test_a_pass_from_a_file_is_marked(site: Flask, client: FlaskClient) -> None:
    send(client, lesson(passed=GOOD["exported"]))
    post(client, "/yours/import/merge")
    shown = text_of(client.get("/yours/proof/").text)
    assert "This pass was brought along in a file and was not checked here." in shown
    work(site, client)
    shown = text_of(client.get("/yours/proof/").text)
    assert "was not checked here" not in shown
    assert "2 checks" in shown
    assert "Last checked" in shown


def test_a_name_on_the_proof_is_text(client: FlaskClient) -> None:
    page = client.get("/yours/proof/?name=<script>alert(1)</script>").text
    assert "<script>alert" not in page


# ---------------------------------------------------------------- versions


def test_versions_can_be_compared_and_brought_back_and_that_undone(
    site: Flask, client: FlaskClient
) -> None:
    work(site, client, HELLO)
    work(site, client, HELLO + BYE)
    path = f"/yours/versions/{GREETING}/"
    page = LexborHTMLParser(client.get(path).text)
    oldest = page.css('input[name="version"]')[-1].attributes["value"]
    shown = client.get(f"{path}?show={oldest}").text
    assert '@app.route("/bye")' in text_of(shown, ".difference")
    assert "Lines with - are only in the version" in text_of(shown)
    assert "… from line 1" in text_of(shown, ".difference")
    answer = post(client, path, version=oldest)
    assert code(site, client) != HELLO + BYE
    done = LexborHTMLParser(client.get(answer.headers["Location"]).text)
    undo = done.css_first('.notice input[name="version"]')
    assert undo is not None
    post(client, path, version=undo.attributes["value"])
    assert code(site, client) == HELLO + BYE


def test_a_version_that_is_gone_is_said_to_be_gone(site: Flask, client: FlaskClient) -> None:
    path = f"/yours/versions/{GREETING}/"
    assert "None is kept yet." in text_of(client.get(path).text)
    answer = post(client, path, version=999)
    assert answer.status_code == 400
    assert "That version is not kept any more." in text_of(answer.text)
    assert client.get("/yours/versions/99-none/").status_code == 404


# ---------------------------------------------------------------- in a workspace


def test_in_a_workspace_the_folder_is_what_moves(
    make_site: MakeSite, tmp_path: Path, site: Flask, client: FlaskClient
) -> None:
    work(site, client)
    document = saved(client)
    mine = make_site(workspace=tmp_path / "mine", database=f"sqlite:///{tmp_path / 'w.sqlite3'}")
    other = visitor(mine)
    file = tmp_path / "mine" / GREETING / "app.py"
    starter = file.read_text()
    send(other, document)
    post(other, "/yours/import/merge")
    assert file.read_text() == HELLO + BYE
    assert saved(other)["lessons"][GREETING]["files"] == {"app.py": HELLO + BYE}
    form = LexborHTMLParser(other.get("/yours/").text).css_first('form[action*="/backups/"]')
    assert form is not None
    post(other, str(form.attributes["action"]))
    assert file.read_text() == starter
