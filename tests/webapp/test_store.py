import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from webapp.config import Config
from webapp.files import digest, pack, unpack
from webapp.stores.database import DatabaseError, open_engine
from webapp.stores.store import RUNS_KEPT, Answer, Reached, Store
from webapp.stores.tables import Base

LESSON = "01-greeting"
STARTER = {"app.py": b"start"}


@pytest.fixture
def me(store: Store) -> int:
    return store.admit_learner("my cookie")


def check(task: int, outcome: str) -> dict[str, object]:
    return {"task": task, "outcome": outcome}


def result(*checks: dict[str, object]) -> dict[str, object]:
    passed = all(item["outcome"] == "passed" for item in checks)
    return {"status": "passed" if passed else "failed", "checks": list(checks)}


def test_the_migrations_make_the_tables_that_the_code_expects(store: Store, config: Config) -> None:
    engine = open_engine(config.database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_learner_is_known_by_their_cookie_alone(store: Store, tmp_path: Path) -> None:
    assert store.find_learner("secret-token") is None
    me = store.admit_learner("secret-token")
    assert store.admit_learner("secret-token") == me
    assert store.admit_learner("another") != me
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("course.sqlite3*"))
    assert b"secret-token" not in kept


def test_files_begin_with_the_starter_and_change_all_or_nothing(store: Store, me: int) -> None:
    assert store.files(me, LESSON) is None
    store.change_files(me, LESSON, STARTER, lambda files: {**files, "b.py": b"2"})
    assert store.files(me, LESSON) == {"app.py": b"start", "b.py": b"2"}

    def refuse(files: dict[str, bytes]) -> dict[str, bytes]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.change_files(me, LESSON, STARTER, refuse)
    store.change_files(me, LESSON, STARTER, lambda files: {"b.py": b"3"})
    assert store.files(me, LESSON) == {"b.py": b"3"}


def test_learners_do_not_see_each_others_work(store: Store, me: int) -> None:
    other = store.admit_learner("other")
    store.change_files(me, LESSON, STARTER, lambda files: {"app.py": b"mine"})
    store.keep_version(me, LESSON, "checked", STARTER, most=5)
    number = store.versions(me, LESSON)[0].id
    assert store.files(other, LESSON) is None
    assert store.version(other, LESSON, number) is None
    assert store.version(me, "02-echo", number) is None
    assert store.version(me, LESSON, number) == STARTER


def test_writers_at_the_same_time_lose_nothing(store: Store, me: int) -> None:
    def add(number: int) -> None:
        store.change_files(me, LESSON, STARTER, lambda f: {**f, f"{number}.py": b"x"})

    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.files(me, LESSON) or ()) == 13


def test_versions_are_kept_once_and_the_oldest_go(config: Config) -> None:
    now = [0.0]
    store = Store(config.database, clock=lambda: now[0])
    me = store.admit_learner("me")
    store.keep_version(me, LESSON, "checked", {"a": b"0"}, most=3)
    store.keep_version(me, LESSON, "reset", {"a": b"0"}, most=3)
    assert [v.reason for v in store.versions(me, LESSON)] == ["checked"]
    store.keep_version(me, LESSON, "earlier", {"a": b"1"}, most=3, pause=60)
    assert len(store.versions(me, LESSON)) == 1
    now[0] = 61
    store.keep_version(me, LESSON, "earlier", {"a": b"1"}, most=3, pause=60)
    for text in (b"2", b"3"):
        store.keep_version(me, LESSON, "checked", {"a": text, "b": b""}, most=3)
    kept = store.versions(me, LESSON)
    assert [v.reason for v in kept] == ["checked", "checked", "earlier"]
    assert kept[0].names == ("a", "b")
    store.close()


def test_the_newest_answer_counts(store: Store, me: int) -> None:
    store.add_answer(me, LESSON, "q", 1, False)
    store.add_answer(me, LESSON, "q", 0, True)
    store.add_answer(me, "overview", "q", 1, False)
    assert store.answers(me) == {
        LESSON: {"q": Answer(0, True)},
        "overview": {"q": Answer(1, False)},
    }


def test_hints_are_never_taken_back(store: Store, me: int) -> None:
    assert store.show_hint(me, LESSON, 1, 2) == 2
    assert store.show_hint(me, LESSON, 1, 1) == 2
    assert store.hints(me, LESSON) == {1: 2}


def test_a_pass_stays_a_pass_and_tasks_add_up(store: Store, me: int) -> None:
    store.add_run(me, LESSON, result(check(1, "passed"), check(2, "failed")), "a")
    assert store.reached(me)[LESSON] == Reached(None, frozenset({1}))
    store.add_run(me, LESSON, result(check(1, "passed"), check(2, "passed")), "b")
    store.add_run(me, LESSON, result(check(1, "failed"), check(2, "failed")), "c")
    reached = store.reached(me)[LESSON]
    assert reached.passed is not None
    assert reached.tasks == {1, 2}
    last = store.last_run(me, LESSON)
    assert last is not None
    assert (last.digest, last.result["status"]) == ("c", "failed")


def test_old_runs_go(store: Store, me: int) -> None:
    for number in range(RUNS_KEPT + 3):
        store.add_run(me, LESSON, result(check(1, "failed")), str(number))
    last = store.last_run(me, LESSON)
    assert last is not None
    assert last.digest == str(RUNS_KEPT + 2)


def test_requests_for_the_solution_are_counted(store: Store, me: int) -> None:
    assert [store.ask_solution(me, LESSON) for _ in range(2)] == [1, 2]


def test_everything_is_there_after_a_restart(config: Config) -> None:
    first = Store(config.database)
    me = first.admit_learner("me")
    first.change_files(me, LESSON, STARTER, lambda files: {"app.py": b"kept"})
    first.close()
    second = Store(config.database)
    assert second.files(second.admit_learner("me"), LESSON) == {"app.py": b"kept"}
    second.close()


def test_what_is_packed_is_unpacked() -> None:
    files = {"app.py": b"x = 1\r\n", "a.png": bytes(range(256))}
    assert unpack(pack(files)) == files


def test_a_digest_tells_names_and_contents_apart() -> None:
    assert digest({"a": b"bc"}) != digest({"ab": b"c"})
    assert digest({"a": b"1", "b": b"2"}) == digest({"b": b"2", "a": b"1"})


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.mkdir(), "unable to open"),
        (lambda path: path.write_bytes(b"not a database" * 100), "not a database"),
    ],
)
def test_a_database_that_cannot_be_used_is_named(
    tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    path = tmp_path / "spoiled.sqlite3"
    spoil(path)
    with pytest.raises(DatabaseError, match=f"(?s)spoiled.sqlite3 cannot be.*{says}"):
        Store(f"sqlite:///{path}")


def test_a_database_from_a_newer_course_is_named(store: Store, config: Config) -> None:
    engine = open_engine(config.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(DatabaseError, match=r"cannot be used: .*9999"):
        Store(config.database)


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(DatabaseError, match="cannot be opened"):
        Store("no such thing")
