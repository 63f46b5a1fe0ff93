"""How many workers this machine can carry."""

import os
from pathlib import Path

import psutil

WORKER_BYTES = 1_200_000_000  # the most that a job may take: a hearing model with a long episode
RECYCLE_BYTES = 800_000_000  # what a worker may keep between jobs: loaded models take 350 MB
MEMORY_SHARE = 0.7  # the rest is for the window, other programs and the disk cache

_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def default_workers() -> int:
    """One worker a usable core, as far as the memory goes; one at least."""
    return max(1, min(usable_cores(), int(usable_memory() * MEMORY_SHARE) // WORKER_BYTES))


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def usable_memory() -> int:
    """Bytes of memory that this process can have: the machine's, or its container's where that is less."""
    limits = [int(psutil.virtual_memory().total)]
    for path in _CGROUP_LIMITS:
        if path.is_file():
            text = path.read_text("ascii").strip()
            if text.isdigit():  # "max" where there is no limit
                limits.append(int(text))
    return min(limits)
