#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Instructions that the path of a task takes, against the figure that is stored.

They are counted by valgrind, with all threads, for two numbers of tasks: what starts and ends a
run cancels out. The figures hold for one compiler, one set of options and one C library, those of
the build that `--store` was run with; any other build is skipped.

On purpose slower, or faster for good? Store the new figures, and say why in the commit:

  meson compile -C build store_instructions
"""

import argparse
import json
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

STORED = pathlib.Path(__file__).parent / "instructions.json"
FEW, MANY = 20_000, 120_000  # tasks
ROUNDS = 3
SKIPPED = 77


class Failure(Exception):
    pass


def system_name():
    release = platform.freedesktop_os_release()
    return f"{release['ID']} {release.get('VERSION_ID', '')}"


def count(program, strategy, tasks):
    """The instructions of one run, of all its threads."""
    with tempfile.TemporaryDirectory() as folder:
        counts = pathlib.Path(folder) / "counts"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}"]
        command += [program, strategy, str(tasks)]
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode != 0:
            raise Failure(f"{' '.join(command)}: status {ended.returncode}: {ended.stderr}")
        for line in counts.read_text().splitlines():
            if line.startswith("totals:"):
                return int(line.split()[1])
        raise Failure(f"no totals in what callgrind wrote: {ended.stderr}")


def per_task(program, strategy):
    """The middle of some rounds: a thread that waits once more costs some hundred instructions."""
    return statistics.median(
        (count(program, strategy, MANY) - count(program, strategy, FEW)) / (MANY - FEW)
        for _ in range(ROUNDS)
    )


def difference(name, counted, stored):
    percent = 100 * (counted / stored - 1)
    return f"{name}: {counted:.1f} instructions per task, {stored:.1f} stored: {percent:+.2f} %"


def verdict(name, counted, stored, tolerance):
    """What to say, and whether it is a fault."""
    told = difference(name, counted, stored)
    if counted > stored * (1 + tolerance / 100):
        return f"{told}, and no more than {tolerance:+g} % is allowed", True
    if counted < stored * (1 - tolerance / 100):
        return f"{told}: store the gain, so that it is not lost again unseen", False
    return f"{told}, within {tolerance:g} %", False


def compare(counted, stored):
    tolerance = stored["tolerance_percent"]
    figures = stored["instructions_per_task"]
    slipped = False
    for name, value in counted.items():
        told, is_fault = verdict(name, value, figures[name], tolerance)
        print(told)
        slipped = slipped or is_fault
    if slipped:
        print(
            "The path of a task has become longer. `callgrind_annotate` shows where "
            "(tests/bench/README.md).\nMeant so? Store the new figures and commit them:\n"
            "  meson compile -C build store_instructions"
        )
    return 1 if slipped else 0


def store(counted, built, stored):
    stored["build"] = built
    stored["instructions_per_task"] = {name: round(value, 1) for name, value in counted.items()}
    STORED.write_text(json.dumps(stored, indent=2) + "\n")
    print(f"stored in {STORED.name}: {stored['instructions_per_task']}")
    return 0


def reason_to_skip(built, stored, is_storing):
    if shutil.which("valgrind") is None:
        return "valgrind is not installed; the package valgrind has it"
    if built != stored["build"] and not is_storing:
        return f"the figures are of another build:\n  {stored['build']}\nand this is\n  {built}"
    return None


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task_path", help="the program of task_path.cpp")
    parser.add_argument("strategies", nargs="+", metavar="NAME=STRATEGY.so")
    parser.add_argument("--build", required=True, help="compiler and options, as meson has them")
    parser.add_argument("--store", action="store_true", help="keep what is counted now")
    arguments = parser.parse_args()
    stored = json.loads(STORED.read_text())
    built = f"{system_name()}, {platform.machine()}, {arguments.build}"
    skip = reason_to_skip(built, stored, arguments.store)
    if skip:
        print(f"skipped: {skip}")
        return SKIPPED
    strategies = dict(each.split("=", 1) for each in arguments.strategies)
    try:
        counted = {name: per_task(arguments.task_path, path) for name, path in strategies.items()}
    except Failure as failure:
        print(f"instructions: {failure}", file=sys.stderr)
        return 1
    return store(counted, built, stored) if arguments.store else compare(counted, stored)


if __name__ == "__main__":
    sys.exit(main())
