"""Search: an error text leads to its cause, a word to its passages, a slip to what was meant."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from checker.explain import traps
from checker.lesson import Course, load_course
from tests.webapp.site import post
from webapp.modes.lab import load_lab
from webapp.modes.scenario import load_scenarios
from webapp.reading.passages import cut, passages, plain, trap_urls
from webapp.reading.prose import Library, render
from webapp.reading.search import Search
from webapp.reading.words import Vocabulary

LESSONS = Path(__file__).parents[2] / "lessons"
TRACEBACK = """Traceback (most recent call last):
  File "/home/ada/app.py", line 19, in <module>
    socketio.run(app, async_mode="eventlet")
  File "/site-packages/flask_socketio/__init__.py", line 661, in run
    run_simple(host, port, app, **kwargs)
TypeError: run_simple() got an unexpected keyword argument 'async_mode'"""


@pytest.fixture(scope="module")
def real() -> Course:
    return load_course(LESSONS)


@pytest.fixture(scope="module")
def search(real: Course) -> Iterator[Search]:
    made = Search(real)
    yield made
    made.close()


@pytest.mark.parametrize("trap", traps(), ids=lambda trap: str(trap.id))
def test_every_known_error_text_gets_its_own_cause(search: Search, trap: object) -> None:
    for example in trap.examples:  # type: ignore[attr-defined]
        cause = search.find(example).cause
        assert cause is not None, example
        assert cause.explanation.trap == trap.id  # type: ignore[attr-defined]
        assert cause.url.startswith("/pages/troubleshooting/#")


def test_a_whole_traceback_gets_its_cause_first_and_then_passages(search: Search) -> None:
    found = search.find(TRACEBACK)
    assert found.cause is not None
    assert found.cause.explanation.trap == "P04"
    assert [lesson.number for lesson in found.cause.lessons] == [7]
    assert 1 <= len(found.hits) <= 8
    assert found.cause.url not in {hit.url for hit in found.hits}, "the entry is there already"
    assert any("async_mode" in hit.title.striptags() for hit in found.hits[:3])


@pytest.mark.parametrize(
    ("question", "trap"),
    [
        ("client is using an unsuported version of the socket.io", "P01"),
        ("ValueError: invalid async mode specified", "P03"),
        ("run_simple() got an unexpected keyword argument async_mode", "P04"),
        ("Werkzeug web server is not designed to run in production", "P05"),
        (
            "web_1 | RuntimeError: The Werkzeug web server is not designed to run in\n"
            "web_1 | production. Pass allow_unsafe_werkzeug=True to the run() method",
            "P05",
        ),
        ("working outside of aplication context", "P09"),
        ("AttributeError: Request object has no attribute namespace", "P10"),
        ("blocked by CORS policy", "P12"),
        ("Object of type Decimal is not JSON serialisable", "P31"),
        ("OSError: [Errno 48] Adress already in use", "P39"),
    ],
)
def test_a_text_that_is_nearly_a_known_error_gets_its_cause_too(
    search: Search, question: str, trap: str
) -> None:
    cause = search.find(question).cause
    assert cause is not None
    assert cause.explanation.trap == trap
    assert not cause.sure
    assert not re.search(r"\{\w+\}", cause.explanation.cause + cause.explanation.fix)


@pytest.mark.parametrize(
    "question",
    [
        "if __name__ == '__main__'",
        "nothing happens when i emit",
        "how do I send to one client",
        "background task runs twice",
        "the server is running and the client is connected",
    ],
)
def test_a_question_is_not_taken_for_an_error(search: Search, question: str) -> None:
    found = search.find(question)
    assert found.cause is None
    assert found.hits


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("broadcast", "broadcast"),
        ("CORS", "CORS"),
        ("monkey patching", "monkey patching"),
        ("sticky sessions", "sticky sessions"),
    ],
)
def test_a_word_of_the_glossary_comes_with_its_meaning(
    search: Search, question: str, first: str
) -> None:
    words = [hit for hit in search.find(question).hits if hit.kind == "Word"]
    assert words[0].title.striptags() == first
    assert len(words[0].snippet) > 20


def test_another_form_of_a_word_is_found(search: Search) -> None:
    one = {hit.url for hit in search.find("upgrading").hits}
    assert one & {hit.url for hit in search.find("upgrade").hits}


def test_the_beginning_of_a_word_is_found(search: Search) -> None:
    assert any("broadcast" in hit.title.lower() for hit in search.find("broadc").hits)


def test_a_slip_finds_what_was_meant_and_says_so(search: Search) -> None:
    found = search.find("handeler")
    assert found.instead == "handler"
    assert found.hits == search.find("handler").hits


@pytest.mark.parametrize(
    ("question", "meant"), [("authentication", "login"), ("deploy", "production")]
)
def test_another_word_for_the_same_finds_ours_and_says_so(
    search: Search, question: str, meant: str
) -> None:
    found = search.find(question)
    assert found.instead == meant
    assert found.hits == search.find(meant).hits


@pytest.mark.parametrize(
    ("question", "url"),
    [
        ("the line breaks", "/visual/12-lost-line/"),
        ("a room for each class", "/project/02-rooms/"),
        ("what being told costs", "/why/#what-being-told-costs"),
        ("how the lab measures", "/perf/#how-the-lab-measures"),
    ],
)
def test_the_modes_are_found_too(search: Search, question: str, url: str) -> None:
    assert url in [hit.url for hit in search.find(question).hits[:3]]


def test_hints_and_checks_are_found_by_what_they_say_and_keep_it(search: Search) -> None:
    hint = next(hit for hit in search.find("greenway").hits if hit.kind == "Hint")
    assert hint.url == "/lessons/07-async-modes/#hints-1"
    assert hint.snippet == ""
    said = "Call emit('response', …) inside your handler."
    checks = [hit for hit in search.find(said).hits if hit.kind == "Check"]
    assert all(hit.snippet == "" for hit in checks)


@pytest.mark.parametrize(
    "question",
    ['" OR 1', "NEAR(a b)", "title:x", "*", "^", "'; drop table passage; --", "\x00", "a" * 30_000],
)
def test_no_question_breaks_it(search: Search, question: str) -> None:
    assert search.find(question).cause is None
    assert search.find("handler").hits


def test_what_is_shown_is_text_with_marks_and_nothing_else(search: Search) -> None:
    for question in ("script", "<b>", "html", "handler"):
        for hit in search.find(question).hits:
            for shown in (hit.title, hit.snippet):
                assert set(re.findall(r"<[^>]*>", str(shown))) <= {"<mark>", "</mark>"}


def test_every_passage_leads_to_a_place_that_is_there(real: Course) -> None:
    library = Library(real)
    texts = {f"/lessons/{lesson.slug}/": library.lesson(lesson) for lesson in real.lessons}
    texts |= {f"/pages/{page.slug}/": library.page(page) for page in real.pages}
    texts |= {f"/{stage.slug}/": library.lesson(stage) for stage in real.stages}
    texts |= {f"/{page.slug}/": library.page(page) for page in real.mode_pages}
    lab = load_lab(real)
    assert lab is not None
    texts["/perf/"] = render(lab.text)
    names = {url: set(re.findall(r'<h\d id="([^"]+)"', text.html)) for url, text in texts.items()}
    recordings = {f"/visual/{each.slug}/" for each in load_scenarios(real.root)}
    for passage in passages(real):
        url, _, name = passage.url.partition("#")
        if passage.kind == "Recording":
            assert passage.url in recordings
            continue
        assert url in names
        if name and not name.startswith(("q-", "hints-")):
            assert name in names[url], passage.url


def test_all_traps_have_an_entry(real: Course) -> None:
    assert trap_urls(real).keys() == {trap.id for trap in traps()}


def test_a_text_is_cut_at_headings_outside_of_code() -> None:
    text = "Before.\n\n## One `x`\n\n```python\n## no heading\n```\n\n## One x\n\nAfter.\n"
    assert list(cut(text)) == [
        ("", "", "Before."),
        ("One x", "one-x", "## no heading"),
        ("One x", "one-x_1", "After."),
    ]


def test_marks_of_markdown_go_and_what_looks_like_them_stays() -> None:
    assert plain("**Bold** and [a link](../x/), `<script>` and 2 * 3 * 4") == (
        "Bold and a link, <script> and 2 * 3 * 4"
    )


def test_a_word_that_resembles_nothing_stays_as_it_is() -> None:
    words = Vocabulary(["handler", "event"])
    assert words.nearest("handeler") == "handler"
    assert words.nearest("event") == "event"
    assert words.nearest("zzzzzz") == "zzzzzz"
    assert words.nearest("ev") == "ev"


# ---------------------------------------------------------------- the page


def text_of(html: str, what: str = "main") -> str:
    found = LexborHTMLParser(html).css_first(what)
    return " ".join(found.text().split()) if found else ""


def test_the_empty_page_says_what_can_be_found(client: FlaskClient) -> None:
    shown = text_of(client.get("/search").text)
    assert "What can be found" in shown
    assert "Paste a whole traceback" in shown


def test_without_a_result_the_page_says_what_may_help(client: FlaskClient) -> None:
    shown = text_of(client.get("/search?q=zzzqqq").text)
    assert "Nothing was found" in shown
    assert "of an error text, the last line says most" in shown


def test_a_slip_is_named_on_the_page(client: FlaskClient) -> None:
    shown = text_of(client.get("/search?q=handeler").text)
    assert "This is what was found for handler" in shown


def test_a_pasted_traceback_is_answered(client: FlaskClient) -> None:
    short = post(client, "/search", q=TRACEBACK)
    assert short.status_code == 303
    answer = client.get(short.headers["Location"])
    assert "A known error" in text_of(answer.text, ".cause")
    assert "What helps" in text_of(answer.text, ".cause")
    long = post(client, "/search", q="noise\n" * 2000 + TRACEBACK)
    assert long.status_code == 200
    assert "async_mode handed to run()" in text_of(long.text, ".cause")


def test_a_text_that_is_only_like_an_error_is_told_as_that(client: FlaskClient) -> None:
    shown = text_of(client.get("/search?q=Adress+already+in+use").text, ".cause")
    assert shown.startswith("Probably this error: your text is like it, and not the same")
    assert "The port is taken" in shown


def test_a_whole_log_can_be_pasted_and_its_end_counts(client: FlaskClient) -> None:
    answer = post(client, "/search", q="127.0.0.1 GET / 200\n" * 20_000 + TRACEBACK)
    assert answer.status_code == 200
    assert "async_mode handed to run()" in text_of(answer.text, ".cause")
    assert post(client, "/search", q="x" * 3_000_000).status_code == 413


def test_a_question_is_shown_as_text(client: FlaskClient) -> None:
    page = client.get("/search?q=</textarea><script>alert(1)</script>").text
    assert "<script>alert" not in page
    field = LexborHTMLParser(page).css_first("textarea")
    assert field is not None
    assert field.text() == "</textarea><script>alert(1)</script>"


def test_every_page_has_the_field(client: FlaskClient) -> None:
    for path in ("/", "/lessons/01-greeting/", "/pages/overview/", "/nowhere"):
        form = LexborHTMLParser(client.get(path).text).css_first("form[data-search]")
        assert form is not None
        assert form.attributes["action"] == "/search"
