"""Whether Python can read a submission at all: before any check, and said in one place."""

from __future__ import annotations

from checker.explain import explain
from checker.report import bounded
from checker.submission import Submission, SubmissionError
from checker.syntax import parse


def require_syntax(submission: Submission, lesson: int) -> None:
    """Raise SubmissionError when Python cannot compile the entry script."""
    source = submission.files[submission.entry]
    try:
        parse(source, submission.entry)
    except SyntaxError as error:
        raise SubmissionError(_unreadable(submission.entry, error, lesson)) from None
    except (RecursionError, MemoryError):
        raise SubmissionError(
            f"Python cannot read {submission.entry}: it is nested too deeply."
        ) from None
    except ValueError as error:
        raise SubmissionError(f"Python cannot read {submission.entry}: {error}.") from None


def _unreadable(entry: str, error: SyntaxError, lesson: int) -> str:
    """Return what Python says, the line that it means, and what helps: a line of text for each."""
    line = f"line {error.lineno}" if error.lineno else "one line"
    code = (error.text or "").strip().replace("`", "'")
    said = [f"Python cannot read {entry}: {error.msg} ({line})."]
    if code:
        said.append(f"The line is: `{bounded(code, 100)}`")
    known = explain(f"    {code}\n    ^\n{type(error).__name__}: {error.msg}", lesson=lesson)
    if known:
        said.append(f"{known.cause} {known.fix}")
    return "\n".join(said)
