# SPDX-License-Identifier: MIT
"""Machines that have little of something, for one process: control groups and a small disk.
Both take privileges that not every machine gives; Unavailable says which was missing."""

import contextlib
import os
import pathlib
import subprocess
import tempfile


class Unavailable(Exception):
    """Why there cannot be such a machine here."""


def hierarchy(controller):
    """Where the groups of a controller lie (cgroups(7), version 1 and 2)."""
    for folder in (f"/sys/fs/cgroup/{controller}", "/sys/fs/cgroup"):
        path = pathlib.Path(folder)
        if (path / "cgroup.procs").exists():
            return path
    raise Unavailable(f"no control groups of {controller}")


@contextlib.contextmanager
def control_group(controller, limits):
    """A group with limits, of which those of files that are not there do not count. Yields what
    puts the calling process into it."""
    group = hierarchy(controller) / f"taskworker-test-{os.getpid()}"
    try:
        group.mkdir()
    except OSError as error:
        raise Unavailable(f"no control group: {error.strerror}") from None
    try:
        try:
            set_limits(group, limits)
        except OSError as error:
            raise Unavailable(f"no limit of {controller}: {error.strerror}") from None
        yield lambda: (group / "cgroup.procs").write_text(str(os.getpid()))
    finally:
        group.rmdir()


def set_limits(group, limits):
    there = {name: limit for name, limit in limits.items() if (group / name).exists()}
    if not there:
        raise Unavailable(f"{group.parent} has no {' or '.join(limits)} for its groups")
    for name, limit in there.items():
        (group / name).write_text(str(limit))


def thread_limit(most):
    return control_group("pids", {"pids.max": most})


def memory_limit(most):
    """Without a way out into swap."""
    return control_group(
        "memory",
        {
            "memory.max": most,
            "memory.swap.max": 0,
            "memory.limit_in_bytes": most,
            "memory.memsw.limit_in_bytes": most,
        },
    )


@contextlib.contextmanager
def small_disk(size):
    """A folder on a disk of `size` bytes."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
        mounted = subprocess.run(mount, stderr=subprocess.PIPE, text=True, check=False)
        if mounted.returncode != 0:
            raise Unavailable(f"no small disk: {mounted.stderr.strip()}")
        try:
            yield pathlib.Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)
