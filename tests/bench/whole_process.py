# SPDX-License-Identifier: MIT
"""Measuring whole processes, in turn, on a machine that is not quiet."""

import os
import resource
import statistics
import time
import typing

IDLE_CORES = 0.12  # of CPU that others take: below, the machine counts as idle
LONGEST_WAIT = 60  # seconds
LOOK = 0.5


class Failure(Exception):
    pass


class Ended(typing.NamedTuple):
    cpu_ns: int
    wall_ns: int
    started_ns: int  # CLOCK_MONOTONIC before there was a process
    output: bytes


def run(command):
    """Runs a program to its end, which must be a good one."""
    read_end, write_end = os.pipe()
    started = time.monotonic_ns()
    pid = os.posix_spawnp(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write_end, 1)]
    )
    os.close(write_end)
    with open(read_end, "rb") as pipe:
        output = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic_ns() - started
    if status != 0:
        raise Failure(f"{' '.join(command)}: status {os.waitstatus_to_exitcode(status)}")
    return Ended(round((usage.ru_utime + usage.ru_stime) * 1e9), wall, started, output)


def seconds_of_cpus():
    """What all processes took on the CPUs that this one may use, and what the host kept back."""
    ours = {f"cpu{number}" for number in os.sched_getaffinity(0)}
    ticks = 0
    with open("/proc/stat") as file:
        for fields in map(str.split, file):
            if fields[0] in ours:
                user, nice, system, _, _, irq, softirq, steal = map(int, fields[1:9])
                ticks += user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK")


def own_seconds():
    """Of this process and of the children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


class ForeignCpu:
    """How many cores others take, from now on."""

    def __init__(self):
        self.began = time.monotonic()
        self.others = seconds_of_cpus() - own_seconds()

    def cores(self):
        others = seconds_of_cpus() - own_seconds() - self.others
        return max(0.0, others / (time.monotonic() - self.began))


def wait_until_idle(longest=LONGEST_WAIT):
    """Returns what was found: whether the machine is idle, and how long that took."""
    began = time.monotonic()
    while True:
        foreign = ForeignCpu()
        time.sleep(LOOK)
        cores, waited = foreign.cores(), time.monotonic() - began
        if cores < IDLE_CORES or waited >= longest:
            return {"idle": cores < IDLE_CORES, "foreign_cores": cores, "waited_seconds": waited}


def take_turns(ways, rounds):
    """Measures every way, round after round, each time in the other direction.

    `ways`: functions by name, that return figures by name. Returns the figures of all rounds of
    each way, and how many cores others took in each round.
    """
    measured = {name: [] for name in ways}
    foreign_cores = []
    for number in range(rounds):
        foreign = ForeignCpu()
        for name in list(ways)[:: -1 if number % 2 else 1]:
            measured[name].append(ways[name]())
        foreign_cores.append(foreign.cores())
    return measured, foreign_cores


class Spread(typing.NamedTuple):
    median: float
    least: float
    most: float

    def text(self, form, unit=""):
        median, least, most = (format(value, form) for value in self)
        return f"{median} [{least} - {most}]{unit}"


def spread_of(values):
    return Spread(statistics.median(values), min(values), max(values))


def figures_of(rounds, name):
    return [each[name] for each in rounds]


def ratios(ours, theirs, name):
    """Round by round, so that what disturbs both cancels out."""
    pairs = zip(figures_of(ours, name), figures_of(theirs, name))
    return spread_of([their / our for our, their in pairs])
