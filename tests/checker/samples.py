"""Results, as the checker makes them, for the tests of everything that is made from them."""

from checker.report import CheckResult, Json, Outcome, Report, SubmissionResult

VERSIONS = {"python": "3.11.7", "flask": "3.1.3", "flask-socketio": "5.7.0"}
LESSON = "04-event-handlers"
HOSTILE = (
    "</pre><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt; &amp; &#x3c;",
    "]]>",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "a\x00b\x08\x7f\x9b",
    "\u202eexe.app\u2066 \u200b\ufeff",
    "lone \udcff \ud800 surrogates",
    "noncharacters \ufffe \U0010ffff",
    '=HYPERLINK("http://x")',
    "`code` and `half",
    "{{ 7 * 7 }} {% raw %}",
    "../../etc/passwd",
    "line one\r\nline two\u2028line three",
)


def check(
    outcome: Outcome = "passed", name: str = "message_is_answered", **more: object
) -> CheckResult:
    """One check; what did not pass has a message, help, a line, values and output."""
    fields: dict[str, object] = {
        "name": name,
        "title": "A `message` event is answered with a `response` event.",
        "task": 2,
        "outcome": outcome,
        "points": 2 if outcome == "passed" else 0,
        "max_points": 2,
        "seconds": 0.0123,
    }
    if outcome == "skipped":
        fields["message"] = "This waits for: A client connects."
    elif outcome != "passed":
        fields |= {
            "message": "`response` is {'data': 'hi'}. The task asks for {'data': 'Yes'}.",
            "help": "Send the dictionary the task asks for.",
            "line": 2,
            "expected": {"data": "Yes"},
            "observed": {"data": "hi"},
            "output": "Received: x\n",
        }
    return CheckResult(**{**fields, **more})  # type: ignore[arg-type]


def result(
    *checks: CheckResult, learner: str = "alice", lesson: str = LESSON, message: str | None = None
) -> SubmissionResult:
    """One submission; without checks it is an error that ``message`` explains."""
    passed = all(one.passed for one in checks)
    return SubmissionResult(
        learner=learner,
        lesson=lesson,
        status="error" if not checks else "passed" if passed else "failed",
        points=sum(one.points for one in checks),
        max_points=sum(one.max_points for one in checks) or 6,
        async_mode="threading" if checks else None,
        seconds=0.25,
        message=message,
        checks=checks,
    )


def every_outcome(learner: str = "alice") -> SubmissionResult:
    """One submission with a check for each way to end."""
    outcomes: tuple[Outcome, ...] = (
        "passed",
        "failed",
        "crashed",
        "timed_out",
        "skipped",
        "broken",
    )
    return result(*(check(outcome, f"check_{outcome}") for outcome in outcomes), learner=learner)


def hostile(text: str, value: Json = None) -> SubmissionResult:
    """One submission with ``text`` wherever a learner has a say."""
    one = check(
        "failed",
        name="a_check",
        message=text,
        help=text,
        expected=text if value is None else value,
        observed={text: [text]},
        output=text,
    )
    return SubmissionResult(text, LESSON, "failed", 0, 2, text, 0.1, text, (one,))


def report(*results: SubmissionResult) -> Report:
    """A report of ``results``."""
    return Report(VERSIONS, "bubblewrap", results)
