"""The pages on hand-ins that are alike: side by side, no verdict, and nobody's text is markup."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from checker.classroom import Column
from checker.formats import alike, html
from checker.formats.alike import Seen
from checker.grading import outbox
from checker.likeness.search import Pair, Search
from tests.checker.formats.test_html import visible
from tests.checker.samples import HOSTILE, LESSON, VERSIONS
from tests.checker.test_likeness import ODD, STARTER, honest, renamed, search

OTHER = "03-initialise"
PAPER = html.Paper([Column(OTHER, "3. Join", 4), Column(LESSON, "4. Listen", 6)], VERSIONS, "none")


def seen(found: Search, lesson: str = LESSON) -> Seen:
    programs = found.programs
    return Seen(
        lesson,
        found.size,
        found.without_own,
        len(programs),
        programs[0],
        tuple(found.clusters()),
    )


def lesson_page(found: Search) -> str:
    return "".join(alike.lesson(PAPER, seen(found), found.beside, outbox.page_name))


@pytest.fixture(scope="module")
def found() -> Search:
    return search({**honest(40), "ann": ODD, "zed": renamed(ODD)})


def said(page: str) -> str:
    return " ".join(visible(page).split())


def test_every_page_says_that_it_is_no_verdict(found: Search) -> None:
    pages = [lesson_page(found), alike.overview(PAPER, [seen(found)], outbox.page_name)]
    for page in pages:
        assert "A place to look, and no verdict" in said(page)
        assert "Lines of the starter and of the model solution do not count." in said(page)
        assert not {"plagiar", "cheat", "copied from", "guilty"} & set(said(page).lower().split())


def test_the_overview_counts_honestly(found: Search) -> None:
    tree = LexborHTMLParser(alike.overview(PAPER, [seen(found)], outbox.page_name))
    cells = [cell.text() for cell in tree.css("tbody tr th, tbody tr td")]
    assert cells == ["4. Listen", "42", "2", "40 ×", str(found.without_own), "1"]
    link = tree.css_first("tbody a")
    assert link is not None
    assert link.attributes["href"] == f"{LESSON}.html"


def test_a_lesson_without_anything_to_look_at_has_no_link() -> None:
    page = alike.overview(PAPER, [seen(search(honest(9)))], outbox.page_name)
    assert LexborHTMLParser(page).css("tbody a") == []
    assert "none" in said(page)


def test_two_programs_stand_side_by_side(found: Search) -> None:
    page = lesson_page(found)
    tree = LexborHTMLParser(page)
    assert "ann and zed: the same program under other names;" in said(page)
    assert "in 2 of 42 hand-ins." in said(page)
    assert "The commonest of them was handed in 40 times." in said(page)
    sides = tree.css(".beside .side")
    assert [name.text() for name in tree.css(".beside .side h4 a")] == ["ann", "zed"]
    marked = [mark.text().strip() for mark in sides[0].css("mark")]
    assert "visits.append(path)" in marked
    given = [item.text().strip() for item in sides[0].css("li.given")]
    assert given[0] == "from flask import Flask"
    assert "2 have it" in sides[0].text()
    first = sides[1].css_first("ol.lines li")
    assert first is not None
    assert first.attributes["value"] == "1"


def test_the_names_lead_to_the_learners_pages(found: Search) -> None:
    links = LexborHTMLParser(lesson_page(found)).css("main a")
    assert {link.attributes["href"] for link in links} == {
        "../learners/ann.html",
        "../learners/zed.html",
    }


def test_only_the_first_of_many_copies_are_set_beside_each_other() -> None:
    many = search({**honest(90), **{f"copy{n:02}": ODD for n in range(15)}})
    page = lesson_page(many)
    assert len(LexborHTMLParser(page).css("details")) == alike.SHOWN
    assert "and 14 others" in said(page)
    assert "and 6 more like them." in said(page)
    assert "the same files to the letter" in said(page)


def test_a_long_program_is_cut_and_the_cut_announced() -> None:
    long = ODD + "".join(f"value_{n} = call_{n}({n}) + [{n}] * {n}\n" for n in range(300))
    page = lesson_page(search({**honest(9), "ann": long, "zed": long}))
    assert len(LexborHTMLParser(page).css(".side")[0].css("li")) == alike.MOST_LINES
    assert "more lines" in said(page)


def test_who_is_alike_in_several_lessons_is_named(found: Search) -> None:
    both = [seen(found, OTHER), seen(found)]
    assert [(one.first, one.second, one.lessons) for one in alike.together(both)] == [
        ("ann", "zed", (OTHER, LESSON))
    ]
    page = alike.overview(PAPER, both, outbox.page_name)
    assert "ann and zed: 3. Join, 4. Listen" in said(page)
    assert "Alike in more than one lesson" not in alike.overview(PAPER, both[:1], outbox.page_name)


@pytest.mark.parametrize(
    ("same", "words"),
    [
        ((True, True), "the same files to the letter; 9 lines that few others have, the rarest"),
        ((False, True), "the same program under other names; 9 lines that few others have, the"),
        ((False, False), "9 lines that few others have; the rarest is in 3 of 80 hand-ins."),
    ],
)
def test_what_is_said_of_a_pair(same: tuple[bool, bool], words: str) -> None:
    pair = Pair("ann", "bob", 40.0, 9, 3, *same)
    assert alike.said(pair, 80).startswith(words)


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_names_and_sources_stay_text(bad: str) -> None:
    source = ODD + f"\n# {bad}\nodd = {bad!r}\n"
    names = (f"a{bad}", f"b{bad}")
    files = {name: {"app.py": source.encode("utf-8", "replace"), f"{bad}.py": b"x = 1\n"}
             for name in names}  # fmt: skip
    found = Search([{"app.py": STARTER.encode()}], files.__getitem__)
    for name in names:
        found.add(name, files[name])
    for page in (lesson_page(found), alike.overview(PAPER, [seen(found)] * 2, outbox.page_name)):
        tree = LexborHTMLParser(page)
        assert not tree.css("script, img, iframe")
        assert not {"\x1b", "\x08", "\u202e", "\u2066", "\0"} & set(page)
        allowed = {"href", "class", "id", "value", "open", "aria-labelledby", "role", "tabindex"}
        allowed |= {"scope", "lang", "charset", "name", "content", "http-equiv"}
        assert {key for node in tree.css("*") for key in node.attributes} <= allowed
