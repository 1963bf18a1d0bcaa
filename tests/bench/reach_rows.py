#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""reach_rows.py REACH ARGUMENT...: reach.py runs to its end, quickly, and every row is there.

What was measured is not looked at: it is somebody's who has a machine for it.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

SIZES = (10, 100, 1000)
GO_ROWS = (
    "go/optimized/cpu_ns",
    "go/optimized/wall_ns",
    "go/optimized/tasks_cpu_ns",
    "go/optimized/tasks_wall_ns",
    "go/optimized/resident_bytes",
    "go/kept/cpu_ns",
    "go/kept/tasks_cpu_ns",
    "go/kept/resident_bytes",
    "go_careful/kept/cpu_ns",
    "go_careful/kept/tasks_cpu_ns",
    "go_careful/kept/tasks_wall_ns",
    "go_careful/kept/resident_bytes",
)
ROWS = {
    "go": {f"go/{size}/{name}" for size in SIZES for name in GO_ROWS},
    "bad": {"bad/none", "bad/leak", "bad/capacity", "bad/alloc"},
    "tasks": {
        f"tasks/{name}/{figure}"
        for name in ("null", "optimized")
        for figure in ("cpu", "wall", "resident")
    },
    "workers": {
        f"workers/{name}/{figure}" for name in ("null", "optimized") for figure in ("cpu", "wall")
    },
    "latency": {"latency/p99", "latency/bound"},
    "scrape": {"scrape/p99", "scrape/cost", "scrape/share"},
    "start": {"start/first_task", "start/whole"},
}
ROUNDS = 2


def check(condition, what):
    if not condition:
        sys.exit(f"reach_rows.py: {what}")


def check_row(row, has_go):
    is_measured = has_go or not row["name"].startswith("go")
    check((row["value"] is not None) == is_measured, f"{row['name']} has the value {row['value']}")
    check(row["measured"] and row["what"], f"{row['name']} says nothing")
    is_judged = row["reach"] != "" and is_measured
    check((row["reached"] is not None) == is_judged, f"{row['name']}: reached or not?")


def check_rounds(name, rounds):
    """Figures of each round, by way; those of some sections by another name first."""
    for way, measured in rounds.items():
        if isinstance(measured, dict):
            check_rounds(f"{name}, {way}", measured)
            continue
        check(len(measured) >= ROUNDS, f"{name}: {way} has {len(measured)} rounds")
        are_figures = all(isinstance(each, dict) and each for each in measured)
        check(are_figures, f"{name}: {way} has a round without figures")


def check_section(name, section, has_go):
    names = [row["name"] for row in section["rows"]]
    check(len(names) == len(set(names)), f"{name}: two rows of one name")
    check(set(names) == ROWS[name], f"{name}: other rows: {sorted(set(names) ^ ROWS[name])}")
    for row in section["rows"]:
        check_row(row, has_go)
    check_rounds(name, section["rounds"])


def main():
    has_go = shutil.which("go") is not None
    with tempfile.TemporaryDirectory() as folder:
        written = pathlib.Path(folder) / "reach.json"
        ended = subprocess.run([*sys.argv[1:], "--quick", f"--json={written}"])
        check(ended.returncode == 0, f"status {ended.returncode}")
        document = json.loads(written.read_text())
    check(document["schema"] == "taskworker.reach/1", "another schema")
    check(document["sections"].keys() == ROWS.keys(), f"sections: {list(document['sections'])}")
    for name, section in document["sections"].items():
        check_section(name, section, has_go)


if __name__ == "__main__":
    main()
