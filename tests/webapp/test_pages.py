import shutil
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from checker.lesson import Course, load_course
from checker.run import Pool
from tests.webapp.conftest import MakeSite
from tests.webapp.site import ASSETS, BYE, GREETING, HELLO, Wire, post, visitor
from webapp.app import close, create_app
from webapp.config import Config

LESSON = f"/lessons/{GREETING}/"


def tree(client: FlaskClient, path: str) -> LexborHTMLParser:
    response = client.get(path)
    assert response.status_code == 200, path
    return LexborHTMLParser(response.text)


def text(page: LexborHTMLParser, selector: str) -> str:
    found = page.css_first(selector)
    assert found is not None, selector
    return " ".join(found.text().split())


def test_the_contents_page_lists_all_and_says_where_to_begin(client: FlaskClient) -> None:
    page = tree(client, "/")
    assert text(page, "h1") == "A small course"
    assert text(page, ".next") == "Begin here Overview 0 of 3 tasks done"
    links = [link.attributes["href"] for link in page.css("h3 a")]
    assert links == [
        "/pages/overview/",
        LESSON,
        "/lessons/02-echo/",
        "/pages/under-the-hood/",
    ]
    assert len(page.css(".lessons > li.new")) == 2


def test_the_contents_page_says_what_the_other_ways_are(real_site: Flask) -> None:
    page = LexborHTMLParser(visitor(real_site).get("/").text)
    assert text(page, "#ways-title") == "Other ways in"
    ways = {str(link.attributes["href"]): link for link in page.css(".ways-in a")}
    modes = ("why", "deep", "visual", "try", "challenge", "project", "recall", "perf")
    assert list(ways) == [f"/{mode}/" for mode in modes]
    for way in page.css(".ways-in li"):
        assert len(way.text().split()) > 5, "each is told in a sentence"


def test_a_mode_that_leads_nowhere_is_not_shown(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "A small course" in page
    assert "Sleep" not in page


@pytest.mark.parametrize(
    ("path", "way"),
    [("/", "Learn"), ("/lessons/4/", "Learn"), ("/pages/overview/", "Learn"), ("/try/", "Try")],
)
def test_the_way_that_one_is_on_is_marked(real_site: Flask, path: str, way: str) -> None:
    page = LexborHTMLParser(visitor(real_site).get(path, follow_redirects=True).text)
    assert [each.text() for each in page.css(".modes [aria-current]")] == [way]


@pytest.mark.parametrize("name", ["1", "01"])
def test_a_lesson_has_short_names(client: FlaskClient, name: str) -> None:
    response = client.get(f"/lessons/{name}/")
    assert response.status_code == 302
    assert response.headers["Location"] == LESSON


@pytest.mark.parametrize("path", ["/lessons/9/", "/pages/none/", "/x", "/assets/none.js"])
def test_what_is_not_there_says_so_and_leads_back(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "There is no such page" in response.text
    assert 'href="/"' in response.text


def test_a_lesson_page_has_what_a_reader_needs(client: FlaskClient) -> None:
    page = tree(client, LESSON)
    assert text(page, "h1") == "Say hello"
    assert text(page, ".skip") == "Skip to the text"
    assert text(page, ".crumbs") == "Contents Lesson 1"
    assert text(page, ".prev-next .before") == "Previous Overview"
    assert text(page, ".prev-next .after") == "Next Lesson 2: Answer an event"
    assert [n.attributes["id"] for n in page.css("h2[id^=task]")] == ["task-1", "task-2"]
    assert text(page, "figure.code figcaption") == "Python"
    assert page.css_first("noscript") is not None
    assert page.css_first("#look-back ~ #q-unplaced") is not None


def test_reading_order_goes_through_pages_and_lessons(client: FlaskClient) -> None:
    order, path = ["/pages/overview/"], "/pages/overview/"
    while (after := tree(client, path).css_first("a[rel=next]")) is not None:
        path = after.attributes["href"] or ""
        order.append(path)
    assert order == ["/pages/overview/", LESSON, "/lessons/02-echo/", "/pages/under-the-hood/"]


def test_a_page_shows_its_drawing_and_its_table(client: FlaskClient) -> None:
    page = tree(client, "/pages/overview/")
    assert page.css_first("figure.drawing svg title") is not None
    assert page.css_first(".scroll table") is not None
    assert text(page, ".lead") == "What this small course is for."


def test_a_question_is_a_form_that_starts_with_nothing_chosen(client: FlaskClient) -> None:
    question = tree(client, LESSON).css_first("#q-first")
    assert question is not None
    assert len(question.css("fieldset legend")) == 1
    assert len(question.css("input[type=radio]")) == 3
    assert question.css("input[checked]") == []
    choices = [node.text().strip() for node in question.css("label")]
    assert choices == ["<b>_x_", "<b> _x_", "_x_"]
    assert "because" not in question.text()
    assert "Nothing is between them." not in question.text()


def test_an_answer_is_explained_and_remembered(client: FlaskClient) -> None:
    response = post(client, f"/answers/{GREETING}/first", choice=1)
    assert response.status_code == 303
    assert response.headers["Location"] == f"{LESSON}#q-first"
    for _ in range(2):
        question = tree(client, LESSON).css_first("#q-first")
        assert question is not None
        shown = " ".join(question.text().split())
        assert "You chose: <b> _x_" in shown
        assert "There is no space." in shown
        assert "What holds: <b>_x_" in shown
        assert "Text is glued as it is." in shown
        assert "Both parts are printed." in shown
        assert question.css("input[type=radio]") == []


def test_a_right_answer_is_confirmed(client: FlaskClient) -> None:
    post(client, f"/answers/{GREETING}/first", choice=0)
    question = tree(client, LESSON).css_first("#q-first")
    assert question is not None
    assert "That is so." in question.text()
    assert "What holds" not in question.text()


def test_a_question_can_be_answered_again(client: FlaskClient) -> None:
    post(client, f"/answers/{GREETING}/first", choice=1)
    again = tree(client, f"{LESSON}?again=first").css_first("#q-first")
    assert again is not None
    assert len(again.css("input[type=radio]")) == 3
    post(client, f"/answers/{GREETING}/first", choice=0)
    question = tree(client, LESSON).css_first("#q-first")
    assert question is not None
    assert "That is so." in question.text()


def test_a_myth_is_a_tap_and_then_the_truth(client: FlaskClient) -> None:
    myth = tree(client, "/pages/overview/").css_first("#q-yes-no")
    assert myth is not None
    assert [b.text().strip() for b in myth.css("button[name=choice]")] == ["Yes", "No"]
    reality = tree(client, "/pages/overview/").css_first("details.reality")
    assert reality is not None
    assert "open" not in reality.attributes
    assert "side by side" in reality.text()
    post(client, "/answers/overview/yes-no", choice=0)
    assert tree(client, "/pages/overview/").css_first("details.reality[open]") is not None
    shown = tree(client, "/pages/overview/").css_first("#q-yes-no")
    assert shown is not None
    assert "It would have no routes then." in shown.text()
    assert "1 of 1 questions answered" in client.get("/").text


@pytest.mark.parametrize("choice", ["", "x", "-1", "3", "99"])
def test_an_answer_that_is_none_changes_nothing(client: FlaskClient, choice: str) -> None:
    post(client, f"/answers/{GREETING}/first", choice=choice)
    assert len(tree(client, LESSON).css("#q-first input[type=radio]")) == 3


@pytest.mark.parametrize(
    "path",
    [f"/answers/{GREETING}/none", "/answers/none/first", f"/hints/{GREETING}/9", "/hints/9/1"],
)
def test_what_cannot_be_posted_is_not_there(client: FlaskClient, path: str) -> None:
    assert post(client, path, choice=0).status_code == 404


def test_hints_come_rung_by_rung_and_do_not_tell_how_many(client: FlaskClient) -> None:
    def shown() -> list[str]:
        return [
            hint.text().strip()
            for hint in tree(client, LESSON).css("#hints-1 .hint > :nth-child(2)")
        ]

    assert shown() == []
    response = post(client, f"/hints/{GREETING}/1")
    assert response.headers["Location"] == f"{LESSON}#hints-1"
    assert shown() == ["Which function answers /?"]
    assert text(tree(client, LESSON), "#hints-1 button") == "Another hint"
    post(client, f"/hints/{GREETING}/1")
    assert len(shown()) == 2
    assert tree(client, LESSON).css_first("#hints-1 button") is None
    post(client, f"/hints/{GREETING}/1")
    assert len(shown()) == 2


def test_learners_do_not_share_answers_or_hints(site: Flask, client: FlaskClient) -> None:
    post(client, f"/answers/{GREETING}/first", choice=1)
    post(client, f"/hints/{GREETING}/1")
    page = visitor(site).get(LESSON).text
    assert "You chose" not in page
    assert "Which function answers" not in page


def test_progress_and_the_next_thing_to_do(site: Flask, client: FlaskClient) -> None:
    wire = Wire(site, client)
    begun = wire.open()["files"]["app.py"]["seal"]
    wire.save("app.py", HELLO, begun)
    wire.check()
    page = tree(client, "/")
    assert "Lesson 1: Say hello Task 2: Say goodbye 1 of 3 tasks done" in text(page, ".next")
    assert len(page.css(".lessons > li.started")) == 1
    wire.save("app.py", HELLO + BYE, wire.open()["files"]["app.py"]["seal"])
    wire.check()
    page = tree(client, "/")
    assert "Lesson 2: Answer an event Task 1: Answer" in text(page, ".next")
    assert len(page.css(".lessons > li.done")) == 1
    assert text(tree(client, LESSON), ".mark") == "Done"


def test_the_theme_is_chosen_without_a_script(client: FlaskClient) -> None:
    assert "data-theme=" not in client.get("/").text.split(">", 2)[1]
    response = post(client, "/theme", theme="dark", back=LESSON)
    assert response.headers["Location"] == LESSON
    assert '<html lang="en" data-theme="dark">' in client.get("/").text
    post(client, "/theme", theme="", back="/")
    assert '<html lang="en">' in client.get("/").text


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:x", "\\\\e"]
)
def test_the_way_back_stays_on_this_site(client: FlaskClient, back: str) -> None:
    assert post(client, "/theme", theme="dark", back=back).headers["Location"] == "/"


def test_the_page_tells_its_script_what_it_must_know(client: FlaskClient) -> None:
    bench = tree(client, LESSON).css_first("#bench")
    assert bench is not None
    settings = unescape(bench.attributes["data-bench"] or "")
    assert '"lesson": "01-greeting"' in settings
    assert '"flask-socketio": "5' in settings


def test_a_lesson_more_is_a_folder_more(tmp_path: Path, pool: Pool, course: Course) -> None:
    shutil.copytree(course.root / "02-echo", course.root / "08-new")
    settings = course.root / "08-new/lesson.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("Answer an event", "Brand new"), "utf-8"
    )
    config = Config(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    site = create_app(config, course=load_course(course.root), assets=ASSETS, pool=pool)
    assert "Brand new" in visitor(site).get("/").text
    assert visitor(site).get("/lessons/8/", follow_redirects=True).status_code == 200
    assert Wire(site, visitor(site), "08-new").open()["files"].keys() == {"app.py", "notes.txt"}
    close(site)


def test_answers_are_kept_when_the_server_starts_again(make_site: MakeSite) -> None:
    first = visitor(make_site())
    post(first, f"/answers/{GREETING}/first", choice=1)
    cookie = first.get_cookie("learner")
    assert cookie is not None
    second = make_site().test_client()
    second.set_cookie("learner", cookie.value)
    assert "You chose" in second.get(LESSON).text
