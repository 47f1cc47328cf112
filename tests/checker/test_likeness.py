"""Hand-ins that are alike: what makes two of them stand out in a class, and what does not."""

import random
import re
from collections.abc import Mapping

import pytest

from checker.likeness.lines import MAX_LINE, MAX_LINES, Reader
from checker.likeness.search import MAX_PARTNERS, Cluster, Search

STARTER = """from flask import Flask

app = Flask(__name__)

# Task 1: write the handler here.
"""
SOLUTION = STARTER.replace(
    "# Task 1: write the handler here.",
    '@app.route("/")\ndef index():\n    return "Hello!"',
)
ODD = """from flask import Flask

app = Flask(__name__)
visits = []


def remember(path):
    visits.append(path)
    while len(visits) > 10:
        visits.pop(0)


@app.route("/")
def index():
    remember("/")
    count = len(visits)
    return f"Hello! You are visitor {count}"
"""


def renamed(source: str) -> str:
    """Other names, other texts, no blank lines, a comment here and there."""
    for name in ("visits", "remember", "path", "index", "count", "app"):
        source = re.sub(rf"\b{name}\b", f"{name[::-1]}_2", source)
    source = source.replace("You are visitor", "Visits so far:")
    lines = [line for line in source.splitlines() if line.strip()]
    return "\n".join([*lines[:4], "# my own work", *lines[4:]])


def reordered(source: str) -> str:
    """The route before the helper."""
    before, helper, route = source.split("\n\n\n")
    return "\n\n\n".join((before, route.rstrip(), helper)) + "\n"


def search(apps: Mapping[str, str], given: tuple[str, ...] = (STARTER, SOLUTION)) -> Search:
    files = {name: {"app.py": source.encode()} for name, source in apps.items()}
    found = Search([{"app.py": source.encode()} for source in given], files.__getitem__)
    for name, its in files.items():
        found.add(name, its)
    return found


def honest(size: int) -> dict[str, str]:
    """A class of which most wrote the model solution, with names and remarks of their own."""
    chosen = random.Random(7)
    apps = {}
    for number in range(size):
        source = SOLUTION.replace("index", chosen.choice(["home", "hello", "index", "start"]))
        if chosen.random() < 0.5:
            source = source.replace("Hello!", f"Hello {number}!")
        if chosen.random() < 0.3:
            source += f"\n# note {number}\n"
        apps[f"learner{number:03}"] = source
    return apps


def names(cluster: Cluster) -> set[str]:
    return {name for pair in cluster.pairs for name in (pair.first, pair.second)}


@pytest.mark.parametrize("change", [str, renamed, reordered, lambda s: renamed(reordered(s))])
@pytest.mark.parametrize("size", [1, 30, 400])
def test_a_copy_is_found_under_other_names_and_in_another_order(size: int, change: object) -> None:
    assert callable(change)
    apps = {**honest(size), "ann": ODD, "zed": change(ODD)}
    (cluster,) = search(apps).clusters()
    (pair,) = cluster.pairs
    assert (pair.first, pair.second) == ("ann", "zed")
    assert pair.shared >= 6
    assert pair.rarest == 2
    assert pair.same_text == (change is str)
    assert pair.same_shape


def test_in_a_class_of_three_four_lines_of_ones_own_are_enough() -> None:
    own = "\n\ndef shout(word):\n    loud = word.upper()\n    while len(loud) < 9:\n"
    own += "        loud += '!'\n"
    apps = {"ann": SOLUTION + own, "bob": renamed(SOLUTION + own), "cem": SOLUTION}
    (cluster,) = search(apps).clusters()
    assert names(cluster) == {"ann", "bob"}


def test_everyones_right_answer_is_no_match() -> None:
    found = search(honest(200))
    assert found.clusters() == []
    assert found.programs[0] == found.size == 200


def test_what_the_course_gave_does_not_count() -> None:
    found = search(dict.fromkeys(("ann", "bob", "cem"), SOLUTION))
    assert found.clusters() == []
    assert found.without_own == 3


def test_without_the_starter_taken_away_everyone_would_be_alike() -> None:
    found = search(dict.fromkeys(("ann", "bob"), SOLUTION + ODD), given=())
    assert len(found.clusters()) == 1


def test_a_part_that_was_copied_into_other_work_is_found() -> None:
    other = ODD.replace("Flask(__name__)", "Flask('mine')") + "\n\ndef more():\n    return [1, 2]\n"
    (cluster,) = search({**honest(100), "ann": ODD, "zed": other}).clusters()
    assert not cluster.pairs[0].same_shape
    assert cluster.pairs[0].shared >= 6


def test_the_rarer_is_named_first() -> None:
    popular = (
        SOLUTION + "\n\ndef extra(a, b):\n    total = a + b\n    print(total)\n    return -1\n"
    )
    apps = {**honest(200), **{f"many{n:02}": popular for n in range(9)}, "ann": ODD, "zed": ODD}
    first, second = search(apps).clusters()
    assert names(first) == {"ann", "zed"}
    assert second.pairs[0].rarest == 9


def test_many_copies_are_one_thing_to_look_at() -> None:
    apps = {**honest(200), **{f"copy{n:02}": ODD for n in range(20)}}
    (cluster,) = search(apps).clusters()
    assert len(cluster.pairs) == MAX_PARTNERS
    assert cluster.more == 19 - MAX_PARTNERS


def test_what_half_the_class_shares_makes_no_pair() -> None:
    apps = {**honest(60), **{f"copy{n:02}": ODD for n in range(60)}}
    found = search(apps)
    assert found.clusters() == []
    assert 60 in found.programs


def test_a_line_or_two_in_common_are_no_match() -> None:
    added = "\n\ndef odd_one():\n    return 17 ** 3\n"
    assert search({**honest(100), "a": SOLUTION + added, "z": SOLUTION + added}).clusters() == []


def test_a_copied_comment_counts_where_the_code_is_everyones() -> None:
    said = "# i haet routes\n# my grandmothers reciepe\n# thrid try, plese work\n# nevr again\n"
    (cluster,) = search({**honest(100), "ann": SOLUTION + said, "zed": said + SOLUTION}).clusters()
    assert names(cluster) == {"ann", "zed"}


def test_the_sides_mark_what_is_shared_and_what_was_given() -> None:
    one, two = search({**honest(30), "ann": ODD, "zed": renamed(ODD)}).beside("ann", "zed")
    shared = [one.lines[place].text for place in sorted(one.shared)]
    assert "    visits.append(path)" in shared
    assert "        visits.pop(0)" in shared
    assert one.lines[0].text == "from flask import Flask"
    assert 0 in one.given
    assert {shared.learners for shared in one.shared.values()} == {2}
    assert [line.text for line in two.lines][4] == "# my own work"
    assert 4 not in two.shared


def test_pages_and_scripts_are_read_too() -> None:
    page = b"<ul id='log'></ul>\n<script>\nconst old = [];\nfor (const x of old) {\n  draw(x);\n}\n"
    files = {name: {"app.py": SOLUTION.encode(), "a.html": page} for name in ("ann", "bob")}
    found = Search([{"app.py": SOLUTION.encode()}], files.__getitem__)
    for name, its in files.items():
        found.add(name, its)
    assert len(found.clusters()) == 1


def test_the_order_of_the_class_does_not_matter() -> None:
    apps = {**honest(80), "ann": ODD, "zed": renamed(ODD), "kim": reordered(ODD)}
    turned = dict(reversed(apps.items()))
    one, two = search(apps).clusters(), search(turned).clusters()
    assert [(names(a), a.score) for a in one] == [(names(b), b.score) for b in two]


# ------------------------------------------------------------------ hostile


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00\x01" * 1000,
        b"(" * 400_000,
        b'"' * 400_000,
        b"\\" * 400_000,
        b"'\\" * 200_000,
        b"\n" * 400_000,
        b"def f(:\n  return ] ' \n" * 20_000,
        ("\u2028\u202e\u0000" * 100_000).encode(),
        b"a." * 200_000,
        b"",
    ],
)
def test_no_source_is_too_odd(data: bytes) -> None:
    lines = Reader().read({"app.py": data})
    assert len(lines) <= MAX_LINES
    assert all(len(line.text) <= MAX_LINE for line in lines)


def test_a_hand_in_of_many_files_is_read_within_bounds() -> None:
    files = {f"f{n:03}.py": b"x = 1\n" * 500 for n in range(200)}
    assert len(Reader().read(files)) == MAX_LINES


def test_a_class_of_colluders_costs_no_more_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.likeness.search.MAX_WORK", 1000)
    apps = {
        f"learner{n:03}": "\n".join(f"v{n // 50}_{i} = {'+'.join('x' * i)}" for i in range(1, 99))
        for n in range(200)
    }
    found = search(apps)
    assert len(found._candidates()) <= 1225
