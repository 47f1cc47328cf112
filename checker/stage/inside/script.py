"""The learner's script as a process: an interpreter with a terminal, limits and walls."""

from __future__ import annotations

import fcntl
import os
import pty
import termios
import threading
from collections.abc import Callable

from . import scratch, walls
from .child import Child

MAX_TEXT = 200_000


class Script(Child):
    """One run of the learner's script."""

    def __init__(
        self,
        folder: str,
        output: int,
        walled: bool,
        *,
        files: dict[str, str],
        command: list[str],
        env: dict[str, str],
        separate: bool,
        memory: int = 1024,
        cpu: int = 60,
        processes: int = 96,
    ) -> None:
        """Start ``command`` in ``folder``, with a terminal as its standard input."""
        self._buffers: list[bytearray] = [bytearray(), bytearray()]
        self._terminal, slave = pty.openpty()
        pipes = [os.pipe(), os.pipe()] if separate else []
        targets = [writing for _, writing in pipes] or [slave, slave]
        make_plain(slave)
        who = walls.identity() if walled else None
        super().__init__(walls.clone(walls.OWN) if walled else os.fork(), walled)
        if self.pid == 0:
            limits = {"memory": memory, "cpu": cpu, "processes": processes}
            become_script(folder, who, files, command, env, slave, targets, limits)
        os.close(slave)
        self._readers = [self._read_later(number, pipe) for number, pipe in enumerate(pipes)]
        if not separate:
            self._readers.append(_in_background(lambda: self._forward(output)))

    def _forward(self, output: int) -> None:
        """Pass on what the script prints to its terminal, which keeps lines whole."""
        try:
            while chunk := os.read(self._terminal, 65536):
                os.write(output, chunk)
        except OSError:  # the terminal's other end, or the judge, has gone
            return

    def _read_later(self, number: int, pipe: tuple[int, int]) -> threading.Thread:
        reading, writing = pipe
        os.close(writing)

        def read() -> None:
            while chunk := os.read(reading, 65536):
                if len(self._buffers[number]) < MAX_TEXT:
                    self._buffers[number] += chunk

        return _in_background(read)

    def ended(self) -> None:
        """Read what is left in the pipes."""
        for reader in self._readers:
            reader.join(1)

    def text(self, number: int) -> str:
        """What was printed to standard output (0) or error (1), when kept apart."""
        return bytes(self._buffers[number][:MAX_TEXT]).decode("utf-8", "replace")


def _in_background(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def make_plain(terminal: int) -> None:
    """Let a terminal pass text on as it is: no echo, no carriage returns."""
    settings = termios.tcgetattr(terminal)
    settings[1] &= ~termios.OPOST
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, settings)


def become_script(
    folder: str,
    who: tuple[int, int] | None,
    files: dict[str, str],
    command: list[str],
    env: dict[str, str],
    terminal: int,
    targets: list[int],
    limits: dict[str, int],
) -> None:
    """Never returns: the child becomes the learner's interpreter."""
    try:
        walls.die_with_parent()
        walls.hear_all_signals()
        os.setsid()
        if who is not None:
            walls.enclose(who, folder)
        scratch.write_files(folder, files)
        os.chdir(folder)
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        for target, number in zip([terminal, *targets], (0, 1, 2), strict=True):
            os.dup2(target, number)
        walls.close_all_but(set())
        walls.limit(**limits)
        os.execve(command[0], command, env)
    except BaseException as error:
        os.write(2, f"the script could not be started: {error}\n".encode())
    finally:
        os._exit(70)
