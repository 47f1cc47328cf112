import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.lesson import Course, load_course
from tests.webapp.site import FIXTURES
from webapp.bench.bench import Bench, BenchError, Conflict
from webapp.bench.shelf import StoredShelf
from webapp.config import Config
from webapp.files import BadName, as_text, seal, texts
from webapp.stores.store import Store


@pytest.fixture
def bench(course: Course, store: Store, config: Config) -> Bench:
    me, lesson = store.admit_learner("me"), course.lessons[0]
    return Bench(lesson, me, StoredShelf(store, me, lesson), store, config)


def contents(bench: Bench) -> list[str]:
    """The texts of app.py in all kept versions, newest first."""
    return [bench.version(v.id)["app.py"].decode() for v in bench.versions()]


def base(bench: Bench) -> str:
    return seal(bench.files()["app.py"])


def test_a_save_is_kept_and_gives_the_next_base(bench: Bench) -> None:
    saved = bench.save("app.py", "mine", base(bench))
    assert saved == seal(b"mine")
    bench.save("app.py", "mine again", saved)
    assert bench.files()["app.py"] == b"mine again"


def test_saving_over_another_change_keeps_both(bench: Bench) -> None:
    begun = base(bench)
    bench.save("app.py", "from one tab", begun)
    with pytest.raises(Conflict) as caught:
        bench.save("app.py", "from the other tab", begun)
    assert caught.value.theirs == b"from one tab"
    assert bench.files()["app.py"] == b"from one tab"
    assert {"from one tab", "from the other tab"} <= set(contents(bench))


def test_a_conflict_can_be_settled_either_way(bench: Bench) -> None:
    begun = base(bench)
    bench.save("app.py", "theirs", begun)
    with pytest.raises(Conflict):
        bench.save("app.py", "mine", begun)
    bench.save("app.py", "mine", seal(b"theirs"))
    assert bench.files()["app.py"] == b"mine"
    assert "theirs" in contents(bench)


def test_the_same_text_twice_is_no_conflict(bench: Bench) -> None:
    begun = base(bench)
    bench.save("app.py", "same", begun)
    assert bench.save("app.py", "same", begun) == seal(b"same")


def test_a_file_removed_elsewhere_is_a_conflict_too(bench: Bench) -> None:
    bench.save("b.py", "one", None)
    bench.remove("b.py")
    with pytest.raises(Conflict) as caught:
        bench.save("b.py", "two", seal(b"one"))
    assert caught.value.theirs is None
    bench.save("b.py", "two", None)
    assert bench.files()["b.py"] == b"two"


@settings(max_examples=25, deadline=None)
@given(saves=st.lists(st.tuples(st.booleans(), st.text("ab", min_size=1, max_size=3)), max_size=8))
def test_whatever_two_tabs_save_nothing_that_lost_is_lost(
    saves: list[tuple[bool, str]], blank_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = shutil.copy(blank_database, tmp_path_factory.mktemp("bench"))
    store, bench = _fresh_bench(Path(copy))
    known = {True: base(bench), False: base(bench)}
    lost: set[str] = set()
    for tab, text in saves:
        try:
            known[tab] = bench.save("app.py", text, known[tab])
        except Conflict as conflict:
            theirs = conflict.theirs or b"removed, which nobody did"
            lost.update({text, theirs.decode()})
            known[tab] = seal(theirs)
    assert lost <= {*contents(bench), bench.files()["app.py"].decode()}
    store.close()


def _fresh_bench(database: Path) -> tuple[Store, Bench]:
    config = Config(f"sqlite:///{database}", versions=100)
    store = Store(config.database)
    lesson = load_course(FIXTURES / "course").lessons[0]
    me = store.admit_learner("me")
    return store, Bench(lesson, me, StoredShelf(store, me, lesson), store, config)


def test_windows_line_endings_stay_as_they_are(bench: Bench) -> None:
    bench.shelf.change(lambda files: {"app.py": b"a\r\nb\r\n"})
    shown = texts(bench.files())["app.py"]
    assert shown["text"] == "a\nb\n"
    bench.save("app.py", "a\nc\n", shown["seal"])
    assert bench.files()["app.py"] == b"a\r\nc\r\n"


def test_files_can_be_added_renamed_and_removed(bench: Bench) -> None:
    bench.save("chat.py", "x = 1\n", None)
    assert "rooms.py" in bench.rename("chat.py", "rooms.py")
    assert "rooms.py" not in bench.remove("rooms.py")
    assert bench.versions()[0].names == ("app.py", "rooms.py")
    with pytest.raises(BenchError, match=r"app\.py is your only file\. Add another one first"):
        bench.remove("app.py")


def test_what_cannot_be_done_is_said(bench: Bench, config: Config) -> None:
    with pytest.raises(BadName, match="letters"):
        bench.save("../x.py", "x", None)
    with pytest.raises(BenchError, match="larger than 64 kB"):
        bench.save("app.py", "x" * (config.file_bytes + 1), base(bench))
    with pytest.raises(BenchError, match="is there already"):
        bench.rename("app.py", "app.py")
    with pytest.raises(BenchError, match="not there any more"):
        bench.rename("gone.py", "new.py")
    with pytest.raises(BenchError, match="not kept"):
        bench.restore(99)
    crowded = replace(bench, config=replace(config, files=1))
    with pytest.raises(BenchError, match="files already"):
        crowded.save("b.py", "x", None)


def test_reset_puts_the_starter_back_and_keeps_mine(bench: Bench) -> None:
    bench.save("app.py", "mine", base(bench))
    bench.save("extra.py", "more", None)
    assert bench.reset() == bench.lesson.starter()
    newest = bench.versions()[0]
    assert newest.reason == "reset"
    assert bench.restore(newest.id) == {"app.py": b"mine", "extra.py": b"more"}
    assert bench.versions()[0].reason == "restored"


def test_the_files_of_a_check_are_kept(bench: Bench) -> None:
    bench.keep_checked({"app.py": b"checked"})
    assert bench.versions()[0].reason == "checked"


def test_what_is_no_text_is_not_shown() -> None:
    assert as_text(b"\xff\xfe") is None
    assert as_text(b"a\0b") is None
    assert list(texts({"a.png": b"\x89PNG", "app.py": b"x"})) == ["app.py"]
