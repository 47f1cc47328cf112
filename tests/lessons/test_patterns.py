"""No pattern takes minutes for a text that repeats how it begins."""

import ast
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CALLS = {"search", "findall", "finditer", "match", "compile", "sub"}
OURS = {"audit", "blockrun", "blocks", "coursefile", "coursepage", "lesson", "quiz", "quote"}
"""Modules whose patterns read the course, and nothing that a learner hands in."""
LENGTH = 200_000
SECONDS = 5
RUN = """
import json, re, signal, sys
for pattern, texts in json.load(sys.stdin):
    print(pattern, flush=True)
    signal.setitimer(signal.ITIMER_VIRTUAL, %d)
    for text in texts:
        re.search(pattern, text * (%d // len(text)), re.M)
print("ended")
"""


def _patterns() -> Iterator[str]:
    ours = [path for path in ROOT.glob("checker/*.py") if path.stem not in OURS]
    for path in [*ROOT.glob("lessons/*/*.py"), *ours]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                first = node.args[0]
                named = ast.unparse(node.func.value) == "re" and node.func.attr in CALLS
                if named and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def _sample(nodes: Any, more: int) -> str:
    """Write a text that the nodes of a parsed pattern fit, or nearly."""
    written = []
    for name, value in nodes:
        if str(name) == "LITERAL":
            written.append(chr(value))
        elif str(name) in {"MAX_REPEAT", "MIN_REPEAT"}:
            written.append(_sample(value[2], more) * max(value[0], more))
        elif str(name) == "SUBPATTERN":
            written.append(_sample(value[3], more))
        elif str(name) == "BRANCH":
            written.append(_sample(value[1][0], more))
        elif str(name) == "IN":
            written.append(next((chr(v) for k, v in value if str(k) == "LITERAL"), "1"))
        elif str(name) in {"ANY", "NOT_LITERAL"}:
            written.append("1")
    return "".join(written)


def test_each_pattern_ends() -> None:
    parser = importlib.import_module("re._parser")
    asked = []
    for pattern in sorted(set(_patterns())):
        nodes = list(parser.parse(pattern, re.M))
        begins = [_sample(nodes[:n], more) for n in range(1, len(nodes) + 1) for more in (0, 1)]
        asked.append((pattern, sorted({f"{text}{end}" for text in begins if text for end in " a"})))
    run = subprocess.run(
        [sys.executable, "-c", RUN % (SECONDS, LENGTH)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert len(asked) > 30
    assert run.stdout.endswith("ended\n"), f"takes too long: {run.stdout.splitlines()[-1:]}"
