"""The learner's own line stands beside a failure: the line of the file that the message names."""

import pytest

from checker.formats.quote import quote
from checker.report import CheckResult

FILES = {
    "app.py": b"one\ntwo\nthree\n",
    "s": b"a\nb\nc\n",
    "other.py": b"x = 1\ny = 2\nz = 3\n",
    "requirements.txt": b"flask\n-r more.txt\n",
    "more.txt": b"gevent\neventlet\n",
}


def quoted(message: str, line: int | None) -> str | None:
    """Quote the line of a check that failed with a message."""
    result = CheckResult("a", "-", 1, "failed", 0, 1, message=message, line=line)
    return quote(result, FILES)


@pytest.mark.parametrize(
    ("message", "line", "said"),
    [
        ("Your app sent nothing.", 2, "app.py, line 2: two"),
        ("It asks for other.py too.", 2, "app.py, line 2: two"),
        ("No file `other` or `.py`.", 1, "app.py, line 1: one"),
        ("Your app raised KeyError. The line is 3 of other.py.", 3, "other.py, line 3: z = 3"),
        ("Your app raised KeyError. The line is 3 of other.py.", 1, "app.py, line 1: one"),
        ("Line 2 of `other.py` makes an object.", 2, "other.py, line 2: y = 2"),
        ("Line 2 of `other.py` is never run by `app.py`.", 2, "other.py, line 2: y = 2"),
        ("Line 1 of `app.py` patches; line 2 of `other.py` did.", 1, "app.py, line 1: one"),
        ("Line 2 of `requirements.txt` is `more.txt`.", 2, "requirements.txt, line 2: -r more.txt"),
        ("`other.py` makes an object, and `app.py` never runs it.", 2, "app.py, line 2: two"),
        ("`other.py` makes an object.", 2, "other.py, line 2: y = 2"),
        ("It is in `s`.", 2, "s, line 2: b"),
        ("Your app sent nothing.", 9, None),
        ("Your app sent nothing.", None, None),
    ],
)
def test_the_file_is_the_one_that_the_message_names(
    message: str, line: int | None, said: str | None
) -> None:
    assert quoted(message, line) == said
