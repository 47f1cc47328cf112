"""What a page's process tells is read against shapes: the page itself may have written it."""

from typing import Any

import pytest

from checker.check import Crash
from checker.page import Record

REQUEST = {"kind": "xhr", "url": "http://localhost/", "by": "server", "status": 200}


def test_a_record_of_the_right_shape_is_read() -> None:
    record = Record.read("requests", REQUEST)
    assert (record["status"], record["problem"], record["nothing"]) == (200, None, None)


PACKET = dict.fromkeys(("direction", "transport", "kind", "namespace"), "")
STRANGE: list[tuple[str, Any]] = [
    ("requests", REQUEST | {"kind": []}),
    ("requests", REQUEST | {"kind": None}),
    ("requests", REQUEST | {"status": "200"}),
    ("requests", REQUEST | {"status": 200.5}),
    ("requests", REQUEST | {"status": 10**400}),
    ("requests", {}),
    ("requests", None),
    ("client", {"references": None, "global_io": False}),
    ("references", {"url": "", "from": "", "version": 4, "problem": None}),
    ("errors", {"kind": "exception", "message": "", "line": "1", "source": ""}),
    ("page", {"url": "", "status": "200", "html": True}),
    ("packets", PACKET | {"data": "text"}),
    ("packets", PACKET | {"at": float("inf")}),
]


@pytest.mark.parametrize(("kind", "value"), STRANGE)
def test_a_record_of_another_shape_is_no_fault_of_ours(kind: str, value: Any) -> None:
    with pytest.raises(Crash, match="cannot be understood"):
        Record.read(kind, value)
