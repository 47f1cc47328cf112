"""A process may ask the kernel for large pages; what it holds stays what it was."""

import subprocess
import sys
from pathlib import Path

INSIDE = Path(__file__).parents[2] / "checker" / "stage"
PROGRAM = """
import sys
sys.path.insert(0, {home!r})
from inside import pages
kept = [str(number) for number in range(300_000)]
pages.gather()
ranges = list(pages._own_memory())
assert sum(end - begin for begin, end in ranges) > 10_000_000
assert kept == [str(number) for number in range(300_000)]
print("as before")
"""


def test_memory_is_gathered_and_holds_what_it_held() -> None:
    program = PROGRAM.format(home=str(INSIDE))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("as before\n", "")
