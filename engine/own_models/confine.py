"""What a process that runs a stranger's model takes from itself before it does."""

import contextlib
import ctypes
import os
import time

try:
    import resource
except ImportError:  # no Unix: the parent's clock is then the only limit
    resource = None

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # of unshare(2)
POLITE = 5  # steps of niceness: the pages of other viewers come first


def step_back() -> None:
    """Behind other processes, and into a network with nobody in it where the system lets it.

    To be called before there is a second thread.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        os.nice(POLITE)
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)


def close_doors(memory: int) -> None:
    """From now on no file and no connection can be opened, and no more memory be had than that.

    ``memory`` is in bytes of address space, beside what this process has already. Nothing can be
    written to disk, and no core is left.
    """
    if resource is None:
        return
    _limit("RLIMIT_AS", _address_space() + memory)
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_NOFILE", os.dup(0))  # the lowest number that is free: none beyond is given


def allow(seconds: int) -> None:
    """That many seconds of processor time from now, of all threads together; then it is killed."""
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = int(time.process_time()) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _limit(name: str, value: int) -> None:
    with contextlib.suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(getattr(resource, name), (value, value))


def _address_space() -> int:
    """Bytes of address space this process has; a guess where the system does not say."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 400_000_000
