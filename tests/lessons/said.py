"""What a learner reads of a mistake: found in a lesson's folder, and held against what is expected.

A table ``SAID`` of a `test_lesson_0N.py` gives to each mistake (``check/name``, or a name that is
the only one of its kind) three texts: the message, the help, and the line that is shown. In each,
``—`` stands for anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from checker.formats.quote import quote
from checker.lesson import Lesson, Variant
from checker.report import CheckResult
from checker.run import CheckFinished, Pool, check_submission
from checker.submission import Submission

Said = tuple[str, str, str]


def first_failure(
    lesson: Lesson, files: Mapping[str, bytes], pool: Pool, last: str = ""
) -> CheckResult | None:
    """Return the first check that does not pass, of those up to ``last``; the rest is not run."""
    for event in check_submission(lesson, Submission.from_files(files), stage_pool=pool):
        if isinstance(event, CheckFinished):
            if not event.result.passed:
                return event.result
            if event.result.name == last:
                break
    return None


def variant_of(lesson: Lesson, key: str) -> Variant:
    """Return the mistake called ``key``."""
    found = [one for one in lesson.mistakes() if key in (one.name, f"{one.check}/{one.name}")]
    assert len(found) == 1, f"{lesson.slug} has {len(found)} mistakes called {key}"
    return found[0]


def expect_said(lesson: Lesson, pool: Pool, key: str, said: Said) -> None:
    """Expect that the check a mistake is filed under says these words of it."""
    variant = variant_of(lesson, key)
    result = first_failure(lesson, variant.files, pool)
    assert result is not None, "it passed"
    assert result.name == variant.check
    for seen, pattern in zip(
        (result.message, result.help, line(result, variant)), said, strict=True
    ):
        assert fits(seen or "", pattern), f"{seen!r} is not {pattern!r}"


def line(result: CheckResult, variant: Variant) -> str:
    """Return the line that a result names: of the script its text, else with file and number."""
    place = quote(result, variant.files) or ""
    return re.sub(r"^app\.py, line \d+: ", "", place)


def fits(text: str, pattern: str) -> bool:
    """Whether a text is what was expected, with anything in the places of ``—``."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("—"))), text, re.S) is not None
