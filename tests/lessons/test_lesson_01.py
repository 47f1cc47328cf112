"""Lesson 1 names the cause: what a learner reads whose files for pip cannot be installed."""

from itertools import pairwise

import pytest

from checker.lesson import load_course
from checker.run import Pool
from tests.lessons.said import Said, expect_said, first_failure

LESSON = next(lesson for lesson in load_course().lessons if lesson.slug == "01-install")
CREATE = (
    "`-r` and `-c` make pip open another file. Create that file, or take the line out: all that "
    "you need may stand in `requirements.txt`."
)
CHOOSE = "Take the line out, and pip chooses a version that fits. Or ask for "
ONE_ALONE = "No version fits both lines, and pip installs one alone."
KEEP = "Keep the line that you need, and take the other one out."
A_CALL = "The program prints the words of a call, and not the version that the call gives back."
SAID: dict[str, Said] = {
    "included-file-missing": (
        "Line 1 of `requirements.txt` is `-r base.txt`. pip stops there: there is no file "
        "`base.txt` in your folder.",
        CREATE,
        "requirements.txt, line 1: -r base.txt",
    ),
    "included-by-an-included-file-missing": (
        "Line 2 of `needs/base.txt` is `-r more.txt`. pip stops there: there is no file "
        "`needs/more.txt` in your folder.",
        CREATE,
        "needs/base.txt, line 2: -r more.txt",
    ),
    "limits-missing": (
        "Line 1 of `requirements.txt` is `-c limits.txt`. pip stops there: there is no file "
        "`limits.txt` in your folder.",
        CREATE,
        "requirements.txt, line 1: -c limits.txt",
    ),
    "files-include-each-other": (
        "Line 1 of `base.txt` includes a file that pip is reading already, and pip cannot come to "
        "an end.",
        "Of two files, one may include the other. Take this line out.",
        "base.txt, line 1: -r requirements.txt",
    ),
    "only-in-limits": (
        "Line 1 of `limits.txt` is `flask-socketio>=5.6.1`. A file that is named after `-c` asks "
        "for nothing: it only says which versions will do.",
        "Add a line `flask-socketio` to `requirements.txt` itself.",
        "",
    ),
    "flask-too-old-for-it": (
        "Line 1 of `requirements.txt` is `flask==1.1.2`. Flask-SocketIO from 5.6.1 on asks for "
        "`Flask>=2.1.0`, so pip finds no versions that fit together.",
        CHOOSE + "`flask>=2.1.0`.",
        "requirements.txt, line 1: flask==1.1.2",
    ),
    "limit-too-old-for-it": (
        "Line 1 of `limits.txt` is `Flask<2.1`. Flask-SocketIO from 5.6.1 on asks for "
        "`Flask>=2.1.0`, so pip finds no versions that fit together.",
        CHOOSE + "`flask>=2.1.0`.",
        "limits.txt, line 1: Flask<2.1",
    ),
    "part-too-old-for-it": (
        "Line 2 of `requirements.txt` is `python-socketio==5.11.0`. Flask-SocketIO from 5.6.1 on "
        "asks for `python-socketio>=5.12.0`, so pip finds no versions that fit together.",
        CHOOSE + "`python-socketio>=5.12.0`.",
        "requirements.txt, line 2: python-socketio==5.11.0",
    ),
    "part-of-a-part-too-old": (
        "Line 2 of `requirements.txt` is `python-engineio<4.11`. python-socketio, which "
        "Flask-SocketIO is built on, asks for `python-engineio>=4.11.0`, so pip finds no versions "
        "that fit together.",
        CHOOSE + "`python-engineio>=4.11.0`.",
        "requirements.txt, line 2: python-engineio<4.11",
    ),
    "two-lines-two-versions": (
        "Line 2 of `requirements.txt` is `flask-socketio==5.6.1`. Line 3 of `requirements.txt` is "
        f"`flask-socketio==5.7.0`. {ONE_ALONE}",
        KEEP,
        "requirements.txt, line 3: flask-socketio==5.7.0",
    ),
    "two-files-two-versions": (
        "Line 1 of `requirements.txt` is `flask-socketio==5.6.1`. Line 1 of `base.txt` is "
        f"`flask-socketio==5.7.0`. {ONE_ALONE}",
        KEEP,
        "",
    ),
    "no-version-is-both": (
        "Line 2 of `requirements.txt` is `flask-socketio>=5.6.1,<5`. No version meets all of these "
        "conditions.",
        "A comma means *and*: a version must meet what stands on both sides of it. Keep the "
        "conditions that you need, for instance `>=5.6.1` for Flask-SocketIO.",
        "requirements.txt, line 2: flask-socketio>=5.6.1,<5",
    ),
    "call-in-quotation-marks": (
        A_CALL,
        "What stands in quotation marks is text, and Python does not work it out. Take the outer "
        'ones away: `print(version("flask-socketio"))`.',
        "print(\"version('flask-socketio')\")",
    ),
    "f-before-the-text-missing": (
        A_CALL,
        "Braces in a text are filled in only if an `f` stands before its first quotation mark: "
        "`f\"… {version('flask-socketio')}\"`.",
        "print(\"Flask-SocketIO {version('flask-socketio')}\")",
    ),
    "name-never-equal": (
        "The program prints nothing. Line 7 asks whether `__name__` is `__main_`. It never is, and "
        "what stands under that line is passed over.",
        "Run as a script, a file has the name `__main__`, with two underscores before `main` and "
        "two after it. Write it so, or take that line out.",
        'if __name__ == "__main_":',
    ),
}
FITTING = {
    "a-window-between-two-versions": "flask-socketio>=5.6.1\npython-socketio>5.12.0,<5.13\n",
    "one-version-left-out": "flask-socketio>=5.6.1\npython-socketio<5.14,!=5.12.*\nflask!=3.0.*\n",
    "pip-may-step-back": "flask==2.0.3\nflask-socketio\n",
    "lines-that-agree": "flask-socketio\nFlask_SocketIO>=5.6.1\nflask-socketio<6\n",
    "a-part-of-before": "flask-socketio>=5.6.1\npython-socketio==5.12.0\npython-engineio==4.11.0\n",
    "another-machine's-line": 'flask-socketio>=5.6.1\nflask==1.0; python_version < "3"\n',
    "a-file-from-elsewhere": "-r https://example.org/base.txt\n-c .limits.txt\nflask-socketio\n",
    "from-windows": "-r needs\\base.txt\n",
    "the-same-file-twice": "-r needs/base.txt\n-r needs/twice.txt\n",
}
NEEDS = {"needs/base.txt": b"flask-socketio>=5.6.1\n", "needs/twice.txt": b"-r base.txt\n"}

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(stages: Pool, name: str) -> None:
    expect_said(LESSON, stages, name, SAID[name])


@pytest.mark.parametrize("name", FITTING)
def test_what_pip_can_install_is_not_refused(stages: Pool, name: str) -> None:
    files = {**LESSON.solution(), **NEEDS, "requirements.txt": FITTING[name].encode()}
    assert first_failure(LESSON, files, stages, "requirements_fit_together") is None


def test_files_that_include_each_other_many_times_come_to_an_end(stages: Pool) -> None:
    names = [f"{number}.txt" for number in range(40)]
    lines = {name: f"-r {after}\n-c {after}\n".encode() * 200 for name, after in pairwise(names)}
    files = {**LESSON.solution(), **lines, "39.txt": b"", "requirements.txt": b"-r 0.txt\n"}
    result = first_failure(LESSON, files, stages)
    assert result
    assert (result.name, result.outcome) == ("requirements_ask_for_the_package", "failed")
