"""What happens in a run, as small events. The last one is `RunFinished`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar

from checker.report import CheckResult, Json, SubmissionResult


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """A check that is going to run."""

    name: str
    title: str
    task: int
    max_points: int


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins; ``checks`` are in page order."""

    kind: ClassVar[str] = "run_started"
    lesson: str
    checks: tuple[CheckInfo, ...]

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        checks: list[Json] = [asdict(check) for check in self.checks]
        return {"kind": self.kind, "lesson": self.lesson, "checks": checks}


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check begins."""

    kind: ClassVar[str] = "check_started"
    name: str

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, "name": self.name}


@dataclass(frozen=True, slots=True)
class Output:
    """The learner's app printed something during a check."""

    kind: ClassVar[str] = "output"
    check: str
    text: str

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, "check": self.check, "text": self.text}


@dataclass(frozen=True, slots=True)
class Packet:
    """A Socket.IO event passed during a check: ``in`` to the app or ``out`` of it."""

    kind: ClassVar[str] = "packet"
    check: str
    direction: str
    namespace: str
    event: str | None
    data: Json

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check has its verdict."""

    kind: ClassVar[str] = "check_finished"
    result: CheckResult

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, "result": self.result.to_json()}


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The submission has its result; nothing follows."""

    kind: ClassVar[str] = "run_finished"
    result: SubmissionResult

    def to_json(self) -> dict[str, Json]:
        """Return plain values, with ``kind``."""
        return {"kind": self.kind, "result": self.result.to_json()}


Event = RunStarted | CheckStarted | Output | Packet | CheckFinished | RunFinished
