"""The whole course keeps its promises: what `course audit` does, as tests.

An audit runs hundreds of programs. What was audited, and has not changed since in any file that
its verdicts depend on, is skipped; CI audits everything, and so does `pytest --cache-clear`.
"""

import os
from importlib import import_module
from pathlib import Path

import pytest

from checker.audit import Finding, audit_course, audit_pages
from checker.grading import fingerprint
from checker.grading.crew import at_a_time
from checker.lesson import Lesson, load_course
from checker.run import Pool
from tests.lessons.said import Said, variant_of

ROOT = Path(__file__).parents[2]
COURSE = load_course()
AUDIT = ("checker/audit.py", "checker/blockrun.py", "checker/blocks.py", "checker/quote.py")

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def engine() -> str:
    """A hash of all that an audit depends on, besides what is audited."""
    audit = fingerprint.of_files({name: (ROOT / name).read_bytes() for name in AUDIT})
    return fingerprint.of_value([fingerprint.of_engine(), audit])


def hash_of(folder: Path) -> str:
    """A hash of all files below a folder."""
    files = (
        path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    return fingerprint.of_files(
        {str(path.relative_to(folder)): path.read_bytes() for path in files}
    )


def skip_if_known(request: pytest.FixtureRequest, subject: str, state: str) -> None:
    """Skip what was audited in this very state."""
    if not os.environ.get("CI") and request.config.cache.get(f"audit/{subject}", "") == state:
        pytest.skip("unchanged since it was audited; `pytest --cache-clear` audits it again")


def told(findings: list[Finding]) -> str:
    """All findings, to be read."""
    return "\n".join(f"{item.where}: {item.sentence}" for item in findings)


def asserted(lesson: Lesson) -> dict[str, str]:
    """The mistakes of which ``test_lesson_0N.py`` asserts check and words: each with its help.

    Those are run there, in the same suite, and not once more here.
    """
    name = f"test_lesson_{lesson.number:02}"
    if not Path(__file__).with_name(f"{name}.py").is_file():
        return {}
    said: dict[str, Said] = import_module(f"tests.lessons.{name}").SAID
    found = {}
    for key, (_, help, _) in said.items():
        one = variant_of(lesson, key)
        found[f"{lesson.slug}/{one.check}/{one.name}"] = help
    return found


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: str(lesson.slug))
def test_a_lesson_keeps_its_promises(
    request: pytest.FixtureRequest, engine: str, stages: Pool, lesson: Lesson
) -> None:
    state = fingerprint.of_value([engine, hash_of(lesson.folder)])
    skip_if_known(request, lesson.slug, state)
    known = asserted(lesson)
    findings = list(audit_course(COURSE, stages, jobs=at_a_time(), lessons=[lesson], known=known))
    assert findings == [], told(findings)
    request.config.cache.set(f"audit/{lesson.slug}", state)


def test_the_pages_keep_their_promises(
    request: pytest.FixtureRequest, engine: str, stages: Pool
) -> None:
    state = fingerprint.of_value([engine, hash_of(ROOT / "lessons")])
    skip_if_known(request, "pages", state)
    findings = list(audit_pages(COURSE, stages, jobs=at_a_time()))
    assert findings == [], told(findings)
    request.config.cache.set("audit/pages", state)
