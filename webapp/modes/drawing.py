"""A recording as a sequence diagram: where each line, arrow and word stands."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.modes.scenario import Scenario, Step
from webapp.modes.telling import OUT, WEBSOCKET

WIDTH, TOP, ROW = 360, 12, 36
SERVER_X, FIRST_X, TIME_X = 330, 84, 4
LETTERS = 33
"""That fit between the first page and the server."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A life line: one page, or the server."""

    name: str
    x: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step's row: ``x1`` is where it starts, ``x2`` where the point is; 0 and 0 for a cut."""

    step: Step
    x1: int
    x2: int
    y: int
    text: str

    @property
    def point(self) -> str:
        """The arrow's head, as a polygon."""
        back = -7 if self.x2 > self.x1 else 7
        return f"{self.x2},{self.y} {self.x2 + back},{self.y - 4} {self.x2 + back},{self.y + 4}"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a life line: a request that is held, or an open WebSocket."""

    kind: str
    x: int
    y1: int
    y2: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture, in units of its own view box."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]
    spans: tuple[Span, ...]


def draw(scenario: Scenario) -> Drawing:
    """Lay a scenario out: one row for each step, the server to the right."""
    gap = (SERVER_X - FIRST_X) // len(scenario.pages)
    gap = min(gap, 74)
    lanes = {name: FIRST_X + index * gap for index, name in enumerate(scenario.pages)}
    arrows = tuple(_arrow(step, lanes) for step in scenario.steps)
    height = TOP + ROW * len(arrows) + 16
    spans = tuple([*_held(arrows, height), *_open(scenario, arrows, lanes, height)])
    named = [*(Lane(name, x) for name, x in lanes.items()), Lane("Server", SERVER_X)]
    return Drawing(WIDTH, height, tuple(named), arrows, spans)


def _arrow(step: Step, lanes: dict[str, int]) -> Arrow:
    y = TOP + ROW * step.number - 8
    if not step.is_on_the_wire:
        return Arrow(step, 0, 0, y, step.label)
    page = lanes[step.page]
    x1, x2 = (page, SERVER_X) if step.direction == OUT else (SERVER_X, page)
    if step.kind == "failed":
        x2 = (x1 + SERVER_X) // 2
    text = step.label
    return Arrow(step, x1, x2, y, text if len(text) <= LETTERS else text[: LETTERS - 1] + "…")


def _held(arrows: tuple[Arrow, ...], height: int) -> list[Span]:
    """The requests that the server holds before it answers, side by side where they overlap."""
    spans: list[Span] = []
    for arrow in arrows:
        if arrow.step.kind != "request":
            continue
        answer = arrow.step.answered_by
        end = arrows[answer - 1].y if answer else height
        beside = sum(span.y1 < arrow.y < span.y2 for span in spans)
        spans.append(Span("held", SERVER_X + 5 * beside, arrow.y, end))
    return spans


def _open(
    scenario: Scenario, arrows: tuple[Arrow, ...], lanes: dict[str, int], height: int
) -> list[Span]:
    """How long each page has its WebSocket."""
    spans = []
    for page, x in lanes.items():
        mine = [arrow for arrow in arrows if arrow.step.page in (page, "")]
        carried = [a for a in mine if a.step.carrier == WEBSOCKET and a.step.kind != "request"]
        if not carried:
            continue
        start = 1 if carried[0].step.kind == "frame" else carried[0].y
        for arrow in mine:
            if arrow.step.kind in ("cut", "close") and start:
                spans.append(Span("open", x, start, arrow.y))
                start = 0
            elif " 101" in arrow.step.line and not start:
                start = arrow.y
        if start:
            spans.append(Span("open", x, start, height))
    return spans
