"""Challenge: puzzles made of mistakes, kept apart from the lessons, and outputs to predict."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checker.lesson import Course, CourseError, load_course
from tests.webapp.conftest import MakeSite
from tests.webapp.site import BYE, FIXTURES, GREETING, HELLO, Wire, post, rooms_of, visitor
from webapp.bench.puzzles import Puzzle, load_puzzles

ROOT = Path(__file__).parents[2]
MISTAKES = {
    "says_hello/capital-letters": {"app.py": HELLO.replace("Hello!", "HELLO!") + BYE},
    "says_hello/nothing-returned": {"app.py": HELLO.replace("return", "print") + BYE},
    "says_bye/no-route": {"app.py": HELLO},
    "says_bye/left-out": {"app.py": HELLO + "# a slip"},
    "says_bye/nothing-but-gone": {"notes.txt.absent": ""},
    "no_check_can_run/slip": {"app.py": "def"},
}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    root = tmp_path / "course"
    shutil.copytree(FIXTURES / "course", root)
    for name, files in MISTAKES.items():
        folder = root / GREETING / "mistakes" / name
        folder.mkdir(parents=True)
        for file, text in files.items():
            (folder / file).write_text(text)
    _leave_out(root, 'leave_out = ["*/says_bye/left-*"]')
    return load_course(root)


def _leave_out(root: Path, text: str) -> None:
    (root / "modes/challenge").mkdir(parents=True, exist_ok=True)
    (root / "modes/challenge/challenge.toml").write_text(text)


@pytest.fixture
def puzzles(site: Flask) -> tuple[Puzzle, ...]:
    return rooms_of(site).works.puzzles


@pytest.fixture
def puzzle(puzzles: tuple[Puzzle, ...]) -> Puzzle:
    return next(each for each in puzzles if each.fault == "capital letters")


@pytest.fixture
def bench(site: Flask, client: FlaskClient, puzzle: Puzzle) -> Wire:
    return Wire(site, client, puzzle.slug)


def url(puzzle: Puzzle) -> str:
    return f"/challenge/{puzzle.origin.slug}/{puzzle.name}/"


def test_fair_mistakes_become_puzzles_and_others_do_not(puzzles: tuple[Puzzle, ...]) -> None:
    assert [each.fault for each in puzzles if each.place == 1][1:] == ["no route"]
    assert {each.fault for each in puzzles} == {"capital letters", "nothing returned", "no route"}
    assert [each.place for each in puzzles] == [1, 2, 1]


def test_a_puzzles_name_gives_nothing_away(client: FlaskClient, puzzle: Puzzle) -> None:
    assert re.fullmatch(rf"challenge/{GREETING}/[0-9a-f]{{6}}", puzzle.slug)
    page = client.get(url(puzzle)).text
    assert "The page at <code>/</code> says <code>Hello!</code>." in page
    assert "capital letters" not in page
    assert "HELLO!" not in page.split("<noscript>")[0]
    assert "capital-letters" not in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("leave_out = [", "challenge/challenge.toml is not TOML:"),
        ("leave_in = []", "challenge/challenge.toml holds one list of texts, `leave_out`."),
        ("leave_out = [1]", "challenge/challenge.toml holds one list of texts, `leave_out`."),
    ],
)
def test_settings_that_cannot_be_used_say_so(course: Course, text: str, sentence: str) -> None:
    _leave_out(course.root, text)
    with pytest.raises(CourseError, match=re.escape(sentence)):
        load_puzzles(course)


def test_every_pattern_of_the_course_leaves_something_out() -> None:
    course = load_course(ROOT / "lessons")
    puzzles = load_puzzles(course)
    assert len({each.slug for each in puzzles}) == len(puzzles) > 150
    assert {each.origin.slug for each in puzzles} == {each.slug for each in course.lessons}
    faults = {each.fault for each in puzzles}
    assert "answers the checker only" not in faults
    assert "small letters" not in faults
    assert "emit not imported" in faults


def test_a_newcomer_begins_with_a_fault_in_the_program(real_site: Flask) -> None:
    page = visitor(real_site).get("/challenge/").text
    found = re.search(r'href="/(challenge/01-install/\w+)/">Mend a broken app', page)
    assert found
    puzzle = rooms_of(real_site).works.find(found[1])
    assert puzzle.starter()["app.py"] != puzzle.solution()["app.py"]


def test_the_list_shows_symptoms_and_what_is_mended(client: FlaskClient, puzzle: Puzzle) -> None:
    page = client.get("/challenge/").text
    assert "0 of 3 apps mended" in page
    assert "0 of 1 predictions made" in page
    assert f'href="{url(puzzle)}"' in page
    assert "mended</span>" in page


def test_the_bench_has_the_broken_app_and_the_lessons_files_stay(
    site: Flask, client: FlaskClient, bench: Wire, puzzle: Puzzle
) -> None:
    opened = bench.open()
    assert opened["files"]["app.py"]["text"] == puzzle.starter()["app.py"].decode()
    bench.save("app.py", "mended", opened["files"]["app.py"]["seal"])
    lesson = Wire(site, client).open()["files"]["app.py"]["text"]
    assert 'return "Hi"' in lesson
    assert bench.ask("reset")["files"]["app.py"]["text"] == puzzle.starter()["app.py"].decode()
    reasons = [each["reason"] for each in bench.ask("versions")["versions"]]
    assert "reset" in reasons


def test_mending_it_counts_for_the_puzzle_and_not_for_the_lesson(
    site: Flask, client: FlaskClient, bench: Wire, puzzle: Puzzle
) -> None:
    broken = bench.open()["files"]["app.py"]
    failure = bench.check()[-1]["result"]
    assert failure["lesson"] == puzzle.slug
    assert [each["outcome"] for each in failure["checks"]] == ["failed", "skipped"]
    bench.save("app.py", HELLO + BYE, broken["seal"])
    assert bench.check()[-1]["result"]["status"] == "passed"
    page = client.get(url(puzzle)).text
    assert "capital letters" in page
    assert "a line with <code>-</code> is the fault" in page
    assert "-    return &#34;HELLO!&#34;" in page
    assert "+    return &#34;Hello!&#34;" in page
    assert f'href="/lessons/{GREETING}/#task-1"' in page
    assert "Read about it in lesson 1, task 1" in page
    symptom = "The page at <code>/</code> says <code>Hello!</code>."
    named = f"Challenge, lesson 1, app {puzzle.place}: {symptom}"
    assert named in client.get("/yours/").text
    versions = client.get(f"/yours/versions/{puzzle.slug}/").text
    assert named in versions
    assert f'href="{url(puzzle)}"' in versions
    proof = client.get("/yours/proof/").text
    assert "1 broken app mended." in " ".join(proof.split())
    assert "1 of 3 apps mended" in client.get("/challenge/").text
    assert "0 of 3 tasks done" in client.get("/").text
    assert not Wire(site, client).open()["passed"]
    assert "0 of 3 apps mended" in visitor(site).get("/challenge/").text


def test_a_workspace_keeps_no_puzzles(make_site: MakeSite, course: Course, tmp_path: Path) -> None:
    site = make_site(workspace=tmp_path / "work")
    puzzle = rooms_of(site).works.puzzles[0]
    bench = Wire(site, visitor(site), puzzle.slug)
    bench.open()
    assert bench.check()[-1]["kind"] == "run_finished"
    assert bench.ask("solution") == {"ok": True, "ask_again": True}
    assert "files" in bench.ask("solution")


def test_another_one_like_this_and_a_different_one(
    client: FlaskClient, puzzles: tuple[Puzzle, ...]
) -> None:
    first, second, third = puzzles
    page = client.get(url(first)).text
    assert re.search(rf'href="{url(second)}">Another one like this', page)
    assert re.search(rf'href="{url(third)}">A different fault', page)
    assert "Another one like this" not in client.get(url(third)).text


@pytest.mark.parametrize(
    "path",
    [
        "/challenge/01-greeting/000000/",
        "/challenge/09-none/000000/",
        "/challenge/outputs/01-greeting/unplaced/",
        "/challenge/outputs/nowhere/first/",
    ],
)
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unknown_work_is_refused_on_the_wire(site: Flask, client: FlaskClient) -> None:
    answer = Wire(site, client, "challenge/01-greeting/000000").ask("open")
    assert answer["error"] == "There is nothing called 'challenge/01-greeting/000000' to work on."


def test_a_prediction_is_committed_and_then_explained(client: FlaskClient) -> None:
    path = "/challenge/outputs/01-greeting/first/"
    assert "There is <em>no</em> space." not in client.get(path).text
    answered = post(client, path, choice=1)
    assert answered.headers["Location"] == f"{path}#q-first"
    page = client.get(path).text
    assert "There is <em>no</em> space." in page
    assert "Nothing is between them." in page
    assert "Commit to my answer" in client.get(f"{path}?again=first").text
    assert "1 of 1 predictions made" in client.get("/challenge/").text
    assert "There is <em>no</em> space." in client.get(f"/lessons/{GREETING}/").text


@pytest.mark.parametrize("form", [{}, {"choice": 9}, {"choice": "x"}])
def test_an_odd_choice_changes_nothing(client: FlaskClient, form: dict[str, object]) -> None:
    assert post(client, "/challenge/outputs/01-greeting/first/", **form).status_code == 303
    assert "0 of 1 predictions made" in client.get("/challenge/").text
