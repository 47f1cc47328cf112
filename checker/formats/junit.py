"""JUnit XML, in the structure that pytest writes: one suite per submission."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from checker.formats import text
from checker.report import CheckResult, Outcome, Report, SubmissionResult

_FAILURES: frozenset[Outcome] = frozenset({"failed", "crashed", "timed_out"})


def render(report: Report) -> str:
    """Return the report as XML text: a ``testsuite`` per submission, a ``testcase`` per check.

    What a learner's app did is a ``failure``; what kept a check from running is an ``error``.
    """
    root = ElementTree.Element("testsuites", name="course")
    for result in report.submissions:
        root.append(_suite(result, report.versions, report.sandbox))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_xml(root)}\n'


def _suite(
    result: SubmissionResult, versions: Mapping[str, str], sandbox: str
) -> ElementTree.Element:
    learner, lesson = text.name(result.learner), text.name(result.lesson)
    cases = [_case(check, f"{learner}.{lesson}") for check in result.checks]
    if result.status == "error":
        cases.insert(0, _unchecked(result, f"{learner}.{lesson}"))
    suite = ElementTree.Element("testsuite", name=f"{learner}.{lesson}")
    suite.set("tests", str(len(cases)))
    for attribute, tag in (("errors", "error"), ("failures", "failure"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", _seconds(result.seconds))
    properties = ElementTree.SubElement(suite, "properties")
    known = {**versions, "sandbox": sandbox, "async_mode": result.async_mode or "unknown"}
    for name, value in known.items():
        ElementTree.SubElement(properties, "property", name=text.name(name), value=text.name(value))
    suite.extend(cases)
    return suite


def _case(check: CheckResult, classname: str) -> ElementTree.Element:
    case = _named(classname, check.name, check.seconds)
    message = check.message or check.title
    if check.outcome in _FAILURES:
        _problem(case, "failure", check.outcome, message, check.help)
    elif check.outcome == "broken":
        _problem(case, "error", check.outcome, message, check.help)
    elif check.outcome == "skipped":
        ElementTree.SubElement(case, "skipped", type="needs", message=text.one_line(message))
    if check.output:
        ElementTree.SubElement(case, "system-out").text = text.output(check.output)
    return case


def _unchecked(result: SubmissionResult, classname: str) -> ElementTree.Element:
    case = _named(classname, "submission", 0.0)
    _problem(case, "error", "error", result.message or "No check could run.", None)
    return case


def _named(classname: str, name: str, seconds: float) -> ElementTree.Element:
    attributes = {"classname": classname, "name": text.name(name), "time": _seconds(seconds)}
    return ElementTree.Element("testcase", attributes)


def _problem(
    case: ElementTree.Element, tag: str, kind: str, message: str, help: str | None
) -> None:
    problem = ElementTree.SubElement(case, tag, type=kind, message=text.one_line(message))
    problem.text = "\n\n".join(text.message(part) for part in (message, help) if part)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _xml(root: ElementTree.Element) -> str:
    return ElementTree.tostring(root, encoding="unicode")
