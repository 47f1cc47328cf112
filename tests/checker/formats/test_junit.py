"""JUnit XML in the structure that pytest writes, readable by any XML parser."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from checker.formats import junit
from checker.report import Report
from tests.checker.formats.test_text import anything
from tests.checker.samples import HOSTILE, VERSIONS, every_outcome, hostile, report, result

# What pytest 9 writes with --junitxml, plus the `type` that the JUnit schema has on problems:
# element -> (its attributes, its children).
STRUCTURE = {
    "testsuites": ({"name"}, {"testsuite"}),
    "testsuite": (
        {"name", "errors", "failures", "skipped", "tests", "time"},
        {"testcase", "properties"},
    ),
    "testcase": (
        {"classname", "name", "time"},
        {"failure", "error", "skipped", "system-out"},
    ),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "skipped": ({"message", "type"}, set()),
    "system-out": (set(), set()),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
}


def parsed(text: str) -> ElementTree.Element:
    root = ElementTree.fromstring(text.encode("utf-8"))
    for element in root.iter():
        attributes, children = STRUCTURE[element.tag]
        assert set(element.attrib) == attributes
        assert {child.tag for child in element} <= children
    for suite in root.iter("testsuite"):
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        for attribute, tag in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))
    return root


def test_each_outcome_has_its_element() -> None:
    root = parsed(junit.render(report(every_outcome())))
    found = {
        case.attrib["name"]: [child.tag for child in case if child.tag != "system-out"]
        for case in root.iter("testcase")
    }
    assert found == {
        "check_passed": [],
        "check_failed": ["failure"],
        "check_crashed": ["failure"],
        "check_timed_out": ["failure"],
        "check_skipped": ["skipped"],
        "check_broken": ["error"],
    }


def test_a_submission_that_could_not_be_checked_is_one_error() -> None:
    root = parsed(junit.render(report(result(message="app.py is empty."))))
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.attrib["tests"], suite.attrib["errors"]) == ("1", "1")
    error = suite.find("testcase/error")
    assert error is not None
    assert error.attrib["message"] == "app.py is empty."


def test_the_message_and_the_help_are_in_it() -> None:
    root = parsed(junit.render(report(every_outcome())))
    failure = root.find(".//failure")
    assert failure is not None
    assert "The task asks for" in str(failure.text)
    assert "Send the dictionary" in str(failure.text)


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_text_stays_text(bad: str) -> None:
    parsed(junit.render(report(hostile(bad))))


@given(anything)
def test_any_text_at_all(raw: str) -> None:
    parsed(junit.render(report(hostile(raw))))


def test_junitparser_reads_the_same_numbers() -> None:
    suites = [report(every_outcome()).submissions[0], result(message="app.py is empty.")]
    written = junit.render(Report(VERSIONS, "bubblewrap", tuple(suites)))
    read = JUnitXml.fromstring(written.encode())
    assert (read.tests, read.failures, read.errors, read.skipped) == (7, 3, 2, 1)
    for suite, first in zip(
        read, ("alice.04-event-handlers", "alice.04-event-handlers"), strict=True
    ):
        assert isinstance(suite, TestSuite)
        assert suite.name == first
        counted = suite.tests, suite.failures, suite.errors, suite.skipped
        suite.update_statistics()  # type: ignore[no-untyped-call]
        assert counted == (suite.tests, suite.failures, suite.errors, suite.skipped)
        for case in suite:
            assert isinstance(case, TestCase)
            assert all(isinstance(one, Failure | Error | Skipped) for one in case.result)
            assert len(case.result) <= 1
