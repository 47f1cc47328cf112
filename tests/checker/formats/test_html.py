"""The pages: complete in themselves, and made of nothing that a learner wrote."""

import base64
import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from checker.classroom import Classroom, Column, Tally
from checker.formats import html, text
from checker.grading import outbox
from checker.report import SubmissionResult
from tests.checker.formats.test_text import anything
from tests.checker.samples import (
    HOSTILE,
    LESSON,
    VERSIONS,
    check,
    every_outcome,
    hostile,
    report,
    result,
)

COLUMNS = (Column("03-initialise", "3. Initialise", 4), Column(LESSON, "4. Events", 6))
PAPER = html.Paper(COLUMNS, VERSIONS, "bubblewrap")
Skeleton = list[tuple[str, tuple[str, ...]]]


def classroom(*results: SubmissionResult) -> Classroom:
    tally = Tally(COLUMNS)
    for one in results:
        tally.add(one)
    return tally.classroom()


def pages(one: SubmissionResult) -> list[str]:
    learner = PAPER.learner(one.learner, [(one, {"a_check": one.learner})])
    return [learner, PAPER.index(classroom(one), outbox.page_name)]


def skeleton(page: str) -> Skeleton:
    """Return every element with the names of its attributes; marked-up code aside."""
    nodes = LexborHTMLParser(page).css("*")
    return [(str(node.tag), tuple(sorted(node.attributes))) for node in nodes if node.tag != "code"]


def first(tree: LexborHTMLParser, selector: str) -> LexborNode:
    node = tree.css_first(selector)
    assert node is not None
    return node


def visible(page: str) -> str:
    tree = LexborHTMLParser(page)
    tree.strip_tags(["script", "style"])
    assert tree.root is not None
    return tree.root.text()


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_text_adds_no_element_and_no_attribute(bad: str) -> None:
    for page, plain in zip(pages(hostile(f"x{bad}")), pages(hostile("x")), strict=True):
        assert skeleton(page) == skeleton(plain)
        page.encode("utf-8")


@settings(max_examples=40)
@given(st.one_of(anything, st.sampled_from(HOSTILE), st.text("<>\"'&`/=a{}%\x00\n")))
def test_any_text_at_all(raw: str) -> None:
    for page, plain in zip(pages(hostile(f"x{raw}")), pages(hostile("x")), strict=True):
        assert skeleton(page) == skeleton(plain)
        hidden = {c for c in page if text.is_hidden(c)} - {"\n", "\t"}
        assert not hidden


def test_what_learners_wrote_is_there_to_be_read() -> None:
    shown = visible(pages(hostile("<b>bold</b> & `code`"))[0])
    assert shown.count("<b>bold</b> & code") >= 3


@pytest.mark.parametrize("page", pages(every_outcome()))
def test_nothing_is_asked_of_the_network(page: str) -> None:
    tree = LexborHTMLParser(page)
    assert not tree.css("link, img, iframe, object, embed, base, form[action], [src], [style]")
    assert not re.search(r"url\(|@import|https?:", page)
    links = [str(node.attributes["href"]) for node in tree.css("a")]
    assert all(link.startswith(("#", "learners/")) for link in links)


@pytest.mark.parametrize("page", pages(every_outcome()))
def test_the_content_policy_allows_our_style_and_script_alone(page: str) -> None:
    tree = LexborHTMLParser(page)
    policy = str(first(tree, "meta[http-equiv]").attributes["content"])
    assert policy.startswith("default-src 'none'")
    for node in tree.css("style, script"):
        digest = hashlib.sha256(node.text().encode()).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy


@pytest.mark.parametrize("page", pages(every_outcome()))
def test_the_page_is_sound_for_everyone(page: str) -> None:
    tree = LexborHTMLParser(page)
    assert first(tree, "html").attributes["lang"] == "en"
    assert first(tree, "title").text()
    assert len(tree.css("h1")) == len(tree.css("main")) == 1
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    for node in tree.css("[aria-labelledby]"):
        assert node.attributes["aria-labelledby"] in ids
    for node in tree.css("a[href^='#']"):
        assert str(node.attributes["href"])[1:] in ids
    assert not [node.html for node in tree.css("th") if "scope" not in node.attributes]
    fields = tree.css("input, select")
    assert len(tree.css("label > input, label > select")) == len(fields)
    assert "prefers-color-scheme: dark" in page


def test_a_learner_sees_every_check_and_why() -> None:
    quotes = {"check_failed": "app.py, line 2: emit('response')"}
    page = PAPER.learner("alice", [(every_outcome(), quotes)])
    tree = LexborHTMLParser(page)
    outcomes = [str(node.attributes["class"]).split()[1] for node in tree.css("li.check")]
    assert outcomes == ["passed", "failed", "crashed", "timed_out", "skipped", "broken"]
    assert "app.py, line 2: emit('response')" in visible(page)
    assert "Received: x" in visible(page)
    assert "3.11.7" in first(tree, "footer").text()


def test_a_machine_without_walls_is_said_to_be_one() -> None:
    paper = html.Paper(COLUMNS, VERSIONS, "process")
    room = classroom(every_outcome())
    for page in (
        paper.learner("alice", [(every_outcome(), {})]),
        paper.index(room, outbox.page_name),
    ):
        assert "Checked without a sandbox. This machine offers no walls" in visible(page)
        assert "Checked without a sandbox, with python 3.11.7" in visible(page)


def test_a_machine_with_walls_gets_no_warning() -> None:
    page = PAPER.learner("alice", [(every_outcome(), {})])
    assert "without a sandbox" not in visible(page)
    assert "Checked behind the sandbox bubblewrap, with python" in visible(page)


def test_one_submission_makes_a_page_too() -> None:
    page = html.render(report(every_outcome()), titles={LESSON: "4. Events"}, quotes={})
    assert "4. Events" in visible(page)


def test_the_class_page_counts() -> None:
    room = classroom(
        result(check(), lesson="03-initialise", learner="ann"),
        result(check(), learner="ann"),
        result(check(), lesson="03-initialise", learner="bob"),
        result(check("failed"), learner="bob"),
        result(check("failed", help="Another help."), learner="cem"),
        result(check("failed"), learner="dee"),
        result(lesson="", learner="eve", message="`eve.zip` is not a zip."),
    )
    shown = " ".join(visible(PAPER.index(room, outbox.page_name)).split())
    assert "5 learners 1 passed everything. From 1, something could not be checked." in shown
    assert "3 of 4 did not pass it (75 %)." in shown
    assert "2 × response is" in shown
    assert "`eve.zip` is not a zip.".replace("`", "") in shown
    assert "3 in 4. Events: A message event is answered" in shown


def test_the_table_says_what_it_shows_without_colour() -> None:
    room = classroom(result(check(), learner="ann"), result(check("broken"), learner="bob"))
    tree = LexborHTMLParser(PAPER.index(room, outbox.page_name))
    rows = [" ".join(row.text().split()) for row in tree.css("#class tbody tr")]
    assert rows == [
        "ann –not handed in ✔ passed, 2/2 2/10 1/2",
        "bob –not handed in not graded 0/10 0/2",
    ]
