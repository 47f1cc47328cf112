"""Whether a process shares memory with others: a look at its mappings (proc(5)).

A kernel from Linux 6.11 on is asked for the shared ones alone, which costs a tenth of reading all
(``PROCMAP_QUERY``, Documentation/filesystems/proc.rst).
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import re

_LINE = re.compile(rb"^\S+ ...s \S+ \S+ \d+\b(?! +/usr/)", re.M)
"""A line of ``maps`` that tells of memory shared with others; what is the system's is fixed. Only
a path that begins so is: an app chooses the rest of its files' names, and those of its memory."""
_SYSTEM = b"/usr/"


class _Query(ctypes.Structure):
    """``struct procmap_query`` of linux/fs.h."""

    _fields_ = [
        *((name, ctypes.c_uint64) for name in ("size", "query_flags", "query_addr")),
        *((name, ctypes.c_uint64) for name in ("vma_start", "vma_end", "vma_flags")),
        *((name, ctypes.c_uint64) for name in ("vma_page_size", "vma_offset", "inode")),
        *((name, ctypes.c_uint32) for name in ("dev_major", "dev_minor")),
        *((name, ctypes.c_uint32) for name in ("vma_name_size", "build_id_size")),
        *((name, ctypes.c_uint64) for name in ("vma_name_addr", "build_id_addr")),
    ]


_ASK = 3 << 30 | ctypes.sizeof(_Query) << 16 | ord("f") << 8 | 17
_SHARED, _OR_NEXT = 0x08, 0x10
_NAME = 4096


def shares_memory(pid: int) -> bool:
    """Whether a process has a mapping that others may have too, but for files of the system.

    Raises OSError when it cannot be looked at.
    """
    with open(f"/proc/{pid}/maps", "rb", buffering=0) as maps:
        try:
            return _asked(maps.fileno())
        except OSError as error:
            if error.errno not in (errno.ENOTTY, errno.EINVAL):
                raise
        return _LINE.search(maps.readall()) is not None


def _asked(maps: int) -> bool:
    name = ctypes.create_string_buffer(_NAME)
    address = 0
    while True:
        query = _Query(
            size=ctypes.sizeof(_Query),
            query_flags=_SHARED | _OR_NEXT,
            query_addr=address,
            vma_name_size=_NAME,
            vma_name_addr=ctypes.addressof(name),
        )
        try:
            fcntl.ioctl(maps, _ASK, query)
        except FileNotFoundError:
            return False
        if not query.vma_name_size or not name.value.startswith(_SYSTEM):
            return True
        address = query.vma_end
