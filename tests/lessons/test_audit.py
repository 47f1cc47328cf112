"""The whole course keeps its promises: what `course audit` does, as a test."""

import pytest

from checker.audit import audit_course
from checker.grade import processors
from checker.lesson import load_course
from checker.run import Pool


@pytest.mark.timeout(1500)
def test_every_lesson_and_page_keeps_its_promises() -> None:
    with Pool.open() as pool:
        findings = list(audit_course(load_course(), pool, jobs=processors()))
    assert findings == [], "\n".join(f"{item.where}: {item.sentence}" for item in findings)
