"""A seccomp filter: kernel calls that no Flask app needs, and that attacks begin with.

It narrows what a learner's code can reach of the kernel; the namespaces do the rest. Where the
machine is none of those below, or the kernel has no seccomp, there is no filter.
See seccomp(2) and Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_DENIED = {
    "x86_64": (
        29,  # shmget: what is shared so outlives a process
        64,  # semget
        68,  # msgget
        240,  # mq_open
        319,  # memfd_create: memory that no limit of a process counts
        447,  # memfd_secret
        103,  # syslog: what the kernel says of this machine
        101,  # ptrace
        310,  # process_vm_readv
        311,  # process_vm_writev
        155,  # pivot_root
        161,  # chroot
        141,  # setpriority: a note that a copy of an app would leave with its parent
        142,  # sched_setparam
        144,  # sched_setscheduler
        203,  # sched_setaffinity
        251,  # ioprio_set
        314,  # sched_setattr
        165,  # mount
        166,  # umount2
        167,  # swapon
        168,  # swapoff
        169,  # reboot
        175,  # init_module
        176,  # delete_module
        246,  # kexec_load
        248,  # add_key
        249,  # request_key
        250,  # keyctl
        272,  # unshare
        298,  # perf_event_open
        303,  # name_to_handle_at
        304,  # open_by_handle_at
        308,  # setns
        312,  # kcmp
        313,  # finit_module
        320,  # kexec_file_load
        321,  # bpf
        323,  # userfaultfd
        425,  # io_uring_setup
        426,  # io_uring_enter
        427,  # io_uring_register
        428,  # open_tree
        429,  # move_mount
        430,  # fsopen
        431,  # fsconfig
        432,  # fsmount
        433,  # fspick
        438,  # pidfd_getfd
        442,  # mount_setattr
    ),
    "aarch64": (
        *(
            194,
            190,
            186,
            180,
            117,
            270,
            271,
            41,
            51,
            40,
            39,
            224,
            225,
            142,
            105,
            106,
            104,
            217,
            218,
            219,
            97,
            241,
        ),
        *(264, 265, 268, 272, 273, 294, 280, 282, 425, 426, 427, 428, 429, 430, 431, 432, 433),
        *(438, 442),
        *(140, 118, 119, 122, 30, 274),  # setpriority to sched_setattr, as above
        *(279, 447, 116),  # memfd_create to syslog
    ),
}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_SOCKET = {"x86_64": 41, "aarch64": 198}
_PRLIMIT = {"x86_64": 302, "aarch64": 261}
_NEW_NAMESPACES = 0x7E020000 | 0x80
_FAMILIES = (1, 2, 10)
"""AF_UNIX, AF_INET, AF_INET6."""
_LOAD, _EQUAL, _ANY_BIT, _ATLEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_X32 = 0x40000000


def program(machine: str) -> bytes:
    """Assemble the filter for a machine as ``struct sock_filter`` records."""
    steps = [
        _step(_LOAD, 4),
        _step(_EQUAL, _ARCHITECTURE[machine], 1, 0),
        _refuse(errno.EPERM),
        _step(_LOAD, 0),
        _step(_ATLEAST, _X32, 0, 1),
        _refuse(errno.ENOSYS),
        # glibc falls back to clone, whose flags can be read.
        *_if_equal(_CLONE3, [_refuse(errno.ENOSYS)]),
        *_if_equal(
            _CLONE[machine],
            [
                _step(_LOAD, 16),
                _step(_ANY_BIT, _NEW_NAMESPACES, 0, 1),
                _refuse(errno.EPERM),
                _step(_RETURN, _ALLOW),
            ],
        ),
        *_if_equal(_SOCKET[machine], _only_families()),
        *_if_equal(_PRLIMIT[machine], _only_itself()),
    ]
    for number in _DENIED[machine]:
        steps += _if_equal(number, [_refuse(errno.EPERM)])
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def install() -> bool:
    """Put the filter over this process and all that it starts; say whether that worked.

    ``no_new_privs`` must be set already.
    """
    machine = platform.machine()
    if machine not in _DENIED:
        return False
    code = program(machine)

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    filled = Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filled), 0, 0) == 0)


def _only_families() -> list[bytes]:
    steps = [_step(_LOAD, 16)]
    for family in _FAMILIES:
        steps += [_step(_EQUAL, family, 0, 1), _step(_RETURN, _ALLOW)]
    return [*steps, _refuse(errno.EAFNOSUPPORT)]


def _only_itself() -> list[bytes]:
    """A process may look at its own limits and lower them: its number is 0 then."""
    return [
        _step(_LOAD, 16),
        _step(_EQUAL, 0, 0, 1),
        _step(_RETURN, _ALLOW),
        _refuse(errno.EPERM),
    ]


def _if_equal(number: int, then: list[bytes]) -> list[bytes]:
    return [_step(_EQUAL, number, 0, len(then)), *then]


def _refuse(code: int) -> bytes:
    return _step(_RETURN, _ERRNO | code)


def _step(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, value)
