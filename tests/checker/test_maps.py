"""Memory that a process shares is seen from outside, on kernels old and new."""

import errno
import mmap
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.stage.inside import maps

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of mappings")
SYSTEM = Path("/usr/bin/env")


def anonymous(_: Path) -> mmap.mmap:
    return mmap.mmap(-1, 4096)


def of_a_file(folder: Path) -> mmap.mmap:
    (folder / "file").write_bytes(b"x" * 4096)
    with (folder / "file").open("r+b") as file:
        return mmap.mmap(file.fileno(), 4096)


def named_like_a_library(folder: Path) -> mmap.mmap:
    (folder / " /usr/lib").mkdir(parents=True)
    return of_a_file(folder / " /usr/lib")


@pytest.fixture(params=["new kernel", "old kernel"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that can be asked, if this is one, and one that cannot."""

    def unknown(_: int) -> bool:
        raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))

    if request.param == "old kernel":
        monkeypatch.setattr(maps, "_asked", unknown)


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("share", [anonymous, of_a_file, named_like_a_library])
def test_shared_memory_is_seen(share: Callable[[Path], mmap.mmap], tmp_path: Path) -> None:
    assert not maps.shares_memory(os.getpid())
    with share(tmp_path):
        assert maps.shares_memory(os.getpid())
    assert not maps.shares_memory(os.getpid())


@pytest.mark.usefixtures("kernel")
def test_private_memory_and_files_of_the_system_are_nobodys(tmp_path: Path) -> None:
    with SYSTEM.open("rb") as file, mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ):
        private = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        assert not maps.shares_memory(os.getpid())
        private.close()


@pytest.mark.usefixtures("kernel")
def test_a_process_that_is_gone_cannot_be_looked_at() -> None:
    with pytest.raises(OSError, match="No such"):
        maps.shares_memory(2**22 + 1)
