"""`course serve` in a process of its own, as a user starts it."""

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import requests

START_SECONDS = 60.0


class Served:
    """A running `course serve`; ``url`` is the address that it printed."""

    def __init__(self, data: Path, *options: str, lessons: Path) -> None:
        env = {
            **os.environ,
            "COURSE_DATA": str(data),
            "COURSE_LESSONS": str(lessons),
            # An app ends some seconds after its page has gone; many tests share one server.
            "COURSE_PREVIEWS_AT_ONCE": "30",
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-c", "from webapp.cli import main; main()", "serve", *options]
        self.process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.url = self._wait(r"http://\S+?(?=/\s)")
        self._until_it_answers()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def _wait(self, pattern: str) -> str:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.said.append(self._lines.get(timeout=0.2))
            except queue.Empty:
                continue
            if found := re.search(pattern, self.said[-1]):
                return found[0]
        raise AssertionError("".join(self.said))

    def _until_it_answers(self) -> None:
        for _ in range(200):
            try:
                requests.get(self.url, timeout=5).close()
                return
            except requests.ConnectionError:
                time.sleep(0.05)
        raise AssertionError("it printed an address and does not answer there")

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        code = self.process.wait(20)
        self._listener.join(5)
        while not self._lines.empty():
            self.said.append(self._lines.get())
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
