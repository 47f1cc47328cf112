"""A submission's result for a terminal: colour and wrapping there, plain text anywhere else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TextIO, TypeAlias

from checker.formats import text
from checker.formats.quote import quote, values
from checker.report import CheckResult, Outcome, SubmissionResult

if TYPE_CHECKING:
    from rich.text import Text

Style: TypeAlias = Literal["", "bold", "dim", "good", "bad", "hint", "code"]

_COLOURS: dict[Style, str] = {
    "": "",
    "bold": "bold",
    "dim": "dim",
    "good": "green",
    "bad": "red",
    "hint": "cyan",
    "code": "yellow",
}
_MARKS: dict[Outcome, tuple[str, str, Style]] = {
    "passed": ("✔", "ok", "good"),
    "failed": ("✘", "no", "bad"),
    "crashed": ("✘", "no", "bad"),
    "timed_out": ("✘", "no", "bad"),
    "skipped": ("–", "--", "dim"),
    "broken": ("!", "!!", "bad"),
}
_SAID: dict[Outcome, str] = {
    "passed": "",
    "failed": "",
    "crashed": "your app stopped with an exception",
    "timed_out": "no answer in time",
    "skipped": "not run",
    "broken": "our fault, not yours: this check could not be carried out",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: pieces of styled text, moved in by ``indent`` columns."""

    pieces: tuple[tuple[str, Style], ...] = ()
    indent: int = 0

    def __str__(self) -> str:
        joined = "".join(piece for piece, _ in self.pieces)
        return "\n".join(" " * self.indent + row if row else "" for row in joined.split("\n"))


def render(
    result: SubmissionResult,
    *,
    versions: Mapping[str, str],
    sandbox: str,
    files: Mapping[str, bytes] | None = None,
    title: str | None = None,
) -> tuple[Line, ...]:
    """Return a submission's result: every check, the first failure in full, one line of summary.

    ``files`` are the learner's files; with them the line that a failure speaks of is quoted.
    ``title`` is the lesson's, for the heading.
    """
    lines = [Line(((title or text.name(result.lesson), "bold"),)), Line()]
    if result.message:
        lines += [_styled(result.message, "bad", 2), Line()]
    lines += [check_line(check) for check in result.checks]
    if result.first_failure is not None and result.status != "error":
        lines += [Line(), *failure(result.first_failure, files or {}), *_others(result)]
    return (*lines, Line(), summary(result, versions=versions, sandbox=sandbox))


def check_line(check: CheckResult) -> Line:
    """Return the one line that a check gets as it finishes."""
    mark, _, style = _MARKS[check.outcome]
    pieces: list[tuple[str, Style]] = [(mark, style), (f" {text.one_line(check.title)}", "")]
    if check.max_points and check.outcome != "skipped":
        pieces.append((f"  {check.points}/{check.max_points}", "dim"))
    said = _SAID[check.outcome]
    if check.outcome == "skipped" and check.message:
        said = text.one_line(check.message, 200)
    if said:
        pieces.append((f"  ({said})", "dim"))
    return Line(tuple(pieces), indent=2)


def failure(check: CheckResult, files: Mapping[str, bytes]) -> tuple[Line, ...]:
    """Return all there is to say on a check that did not pass."""
    mark, _, style = _MARKS[check.outcome]
    lines = [Line(((mark, style), (f" {text.one_line(check.title)}", "bold")), indent=2)]
    if check.message:
        lines.append(_styled(check.message, "", 4))
    line = quote(check, files)
    if line is not None:
        lines.append(Line(((line, "code"),), indent=4))
    for label, value in values(check):
        lines.append(Line(((f"{label}: ", "dim"), (value, "code")), indent=4))
    if check.output.strip():
        printed = text.output(check.output).rstrip("\n")
        lines += [Line((("Your app printed:", "dim"),), indent=4), Line(((printed, ""),), indent=6)]
    if check.help:
        lines.append(Line((("Try: ", "hint"), (text.message(check.help), "hint")), indent=4))
    return tuple(lines)


def summary(result: SubmissionResult, *, versions: Mapping[str, str], sandbox: str) -> Line:
    """Return the one line that ends a report: points, checks, async mode, sandbox, versions."""
    passed = sum(check.passed for check in result.checks)
    parts = [f"{result.points} of {result.max_points} points"]
    if result.checks:
        parts.append(f"{passed} of {len(result.checks)} checks passed")
    if result.async_mode:
        parts.append(f"async mode: {text.name(result.async_mode)}")
    parts.append(f"sandbox: {sandbox}")
    parts.append(", ".join(f"{name} {version}" for name, version in versions.items()))
    style: Style = "good" if result.status == "passed" else "bad"
    return Line(((parts[0], style), (" · " + " · ".join(parts[1:]), "dim")))


def _others(result: SubmissionResult) -> list[Line]:
    failed = sum(check.outcome not in ("passed", "skipped") for check in result.checks)
    if failed < 2:
        return []
    more = "One more check" if failed == 2 else f"{failed - 1} more checks"
    return [Line(), Line(((f"{more} did not pass; start with this one.", "dim"),), indent=2)]


def _styled(message: str, style: Style, indent: int) -> Line:
    return Line(((text.message(message), style),), indent)


def write(lines: Iterable[Line], stream: TextIO, *, colour: bool | None = None) -> None:
    """Write ``lines``: with rich on a terminal, as plain text elsewhere.

    ``colour`` overrides the guess; the guess respects ``NO_COLOR`` and ``TERM=dumb``.
    """
    if wants_colour(stream) if colour is None else colour:
        _write_rich(lines, stream)
        return
    for line in lines:
        stream.write(_encodable(str(line), stream) + "\n")


def wants_colour(stream: TextIO) -> bool:
    """Whether ``stream`` is a terminal whose user did not turn colour off."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def _write_rich(lines: Iterable[Line], stream: TextIO) -> None:
    from rich.console import Console
    from rich.padding import Padding

    console = Console(file=stream, force_terminal=True, highlight=False, emoji=False)
    for line in lines:
        padding = Padding(_text(line, stream), (0, 0, 0, line.indent), expand=False)
        console.print(padding)


def _text(line: Line, stream: TextIO) -> Text:
    from rich.text import Text

    pieces = ((_encodable(piece, stream), _COLOURS[style]) for piece, style in line.pieces)
    return Text.assemble(*pieces)


def _encodable(line: str, stream: TextIO) -> str:
    """Replace what the stream's encoding cannot carry; marks get their letters."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        line.encode(encoding)
    except UnicodeEncodeError:
        for mark, letters, _ in _MARKS.values():
            line = line.replace(mark, letters)
        return line.replace("·", "-").encode(encoding, "backslashreplace").decode(encoding)
    return line
