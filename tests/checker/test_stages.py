"""The project's stages: each keeps a lesson's promises, and begins where the former one ends."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from checker.audit import LessonAudit
from checker.explain import explain
from checker.run import Pool, check_submission, result_of
from checker.stages import Stage, load_stages
from checker.submission import Submission
from tests.checker.small_course import SOLUTION, STARTER, write_project

STAGES = load_stages(Path(__file__).parents[2] / "lessons")
FIRST, *_ = STAGES
MISTAKES, ACCEPTED = 4, 2


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: str(stage.number))
def test_a_stage_keeps_its_promises(stage: Stage, pool: Pool) -> None:
    audit = LessonAudit(stage, pool, mistakes=MISTAKES, accepted=ACCEPTED)
    with ThreadPoolExecutor(2) as threads:
        found = threads.map(lambda job: job(), audit.jobs())
        findings = [finding for each in found for finding in each] + audit.help_texts()
    assert findings == [], "\n".join(f"{item.where}: {item.sentence}" for item in findings)


def test_an_error_is_explained_in_the_words_of_all_lessons(pool: Pool) -> None:
    said = "AttributeError: 'Response' object has no attribute 'status_code'"
    known = explain(said)
    assert known is not None
    assert explain(said, lesson=FIRST.number) != known, "a later lesson teaches its words"
    kind, _, words = said.partition(": ")
    files = FIRST.solution()
    files["app.py"] = f"raise {kind}({words!r})\n".encode()
    run = check_submission(FIRST, Submission.from_files(files), stage_pool=pool)
    failure = result_of(run).first_failure
    assert failure is not None
    assert failure.help == f"{known.cause} {known.fix}"


def test_stages_are_numbered_and_each_begins_with_the_former_solution() -> None:
    assert [stage.number for stage in STAGES] == [1, 2, 3, 4]
    for former, stage in pairwise(STAGES):
        assert stage.former is former
        assert stage.starter() == former.solution()
    assert FIRST.starter() != FIRST.solution()


def test_the_given_pages_are_the_same_in_all_stages() -> None:
    for name in ("templates/index.html", "templates/teacher.html"):
        assert {stage.solution()[name] for stage in STAGES} == {FIRST.starter()[name]}


def test_a_course_without_a_project_has_no_stages(tmp_path: Path) -> None:
    assert load_stages(tmp_path) == ()


def test_stages_are_read_in_order_from_the_course(tmp_path: Path) -> None:
    write_project(tmp_path)
    first, second = load_stages(tmp_path)
    assert [stage.slug for stage in (first, second)] == ["project/01-hum", "project/02-sing"]
    assert first.starter()["app.py"] == STARTER
    assert second.starter() == {"app.py": SOLUTION}
