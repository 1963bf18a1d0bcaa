# SPDX-License-Identifier: MIT
"""taskworker beside a worker in Go (go_worker/)."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from reach_bench import WORKERS, row
from whole_process import Failure, ratios, run, take_turns

SIZES = (10, 100, 1000)  # elements
GO_WORKER = pathlib.Path(__file__).parent / "go_worker"


def digest_of(tasks, data_size):
    """The sum that main.go prints. The data repeats with every hundredth task."""

    def hash_of(task):
        data = [(k * 7 + task * 3) % 100 for k in range(data_size)]
        scalar, values = 0, []
        if task % 4 == 0:
            scalar = sum(data)
        elif task % 4 == 1:
            scalar = 1
            for value in data:
                scalar = scalar * value % 2**64
        elif task % 4 == 2:
            values = [value * value for value in data]
        else:
            values = [value for value in data if value % 2 == 0]
        for value in values:
            scalar = (scalar * 31 + value + 1) % 2**64
        return scalar

    hashes = [hash_of(task) for task in range(100)]
    return sum((task + 1) * hashes[task % 100] for task in range(tasks)) % 2**64


def build_go_worker(folder):
    program = os.path.join(folder, "go_worker")
    environment = os.environ | {
        "CGO_ENABLED": "0",
        "GOCACHE": os.path.join(folder, "cache"),
        "GOFLAGS": "-mod=mod -buildvcs=false",
        "GOPROXY": "off",
    }
    subprocess.run(["go", "build", "-o", program, "."], cwd=GO_WORKER, env=environment, check=True)
    return program


class GoWorker:
    def __init__(self, program, tasks):
        self.program = program
        self.tasks = tasks

    def run(self, data_size, helpers, *options):
        ended = run(
            [
                self.program,
                f"-tasks={self.tasks}",
                f"-workers={WORKERS}",
                f"-data-size={data_size}",
                f"-helpers={helpers}",
                *options,
            ]
        )
        told = json.loads(ended.output)
        if not told["processed"] == told["observed_durations"] == told["kept"] == self.tasks:
            raise Failure(f"the Go worker lost tasks: {told}")
        return told | {
            "cpu_ns": ended.cpu_ns,
            "wall_ns": ended.wall_ns,
            "tasks_cpu_ns": told["cpu_ns"],
            "tasks_wall_ns": told["wall_ns"],
            "resident_bytes": told["peak_resident_bytes"],
        }

    def check(self, data_size, helpers):
        digest = self.run(data_size, helpers, "-digest")["digest"]
        if int(digest) != digest_of(self.tasks, data_size):
            raise Failure(f"the Go worker's results are wrong with {data_size} elements")


GO_WAYS = {
    "go": "Go, a helper goroutine for each task",
    "go_careful": "Go, a helper goroutine for each worker",
    "optimized": "optimized",
    "kept": "optimized that keeps all results, too",
}
GO_FIGURES = {
    "cpu_ns": "CPU, whole process",
    "wall_ns": "wall, whole process",
    "tasks_cpu_ns": "CPU, the tasks alone",
    "tasks_wall_ns": "wall, the tasks alone",
    "resident_bytes": "peak resident",
}
GO_COMPARED = {  # theirs, ours
    ("go", "optimized"): list(GO_FIGURES),
    ("go", "kept"): ["cpu_ns", "tasks_cpu_ns", "resident_bytes"],
    ("go_careful", "kept"): ["cpu_ns", "tasks_cpu_ns", "tasks_wall_ns", "resident_bytes"],
}


def go_reach(theirs, figure, size):
    """What is asked of the comparison with the Go project at 100 elements."""
    if theirs != "go" or size != 100:
        return {}
    if figure == "resident_bytes":
        return {"at_least": 3, "reach": "3 times"}
    return {"at_least": 20, "reach": "20 times"}


def go_row(size, theirs, ours, figure, measured):
    found = ratios(measured[ours], measured[theirs], figure) if measured else None
    return row(
        f"go/{size}/{theirs}/{ours}/{figure}",
        f"{size} elements, {GO_FIGURES[figure]}: {GO_WAYS[theirs]}, against {GO_WAYS[ours]}",
        found.text(".2f", " times") if found else "not measured: no go",
        found.median if found else None,
        **go_reach(theirs, figure, size),
    )


def go_rows(size, measured):
    return [
        go_row(size, theirs, ours, figure, measured)
        for (theirs, ours), figures in GO_COMPARED.items()
        for figure in figures
    ]


def go_rounds(bench, go, size):
    tasks = bench.scale.go_tasks
    options = (f"--tasks={tasks}", f"--workers={WORKERS}", f"--data-size={size}")
    for helpers in ("task", "worker"):
        go.check(size, helpers)
    ways = {
        "go": lambda: go.run(size, "task"),
        "go_careful": lambda: go.run(size, "worker"),
        "optimized": lambda: bench.report("optimized", *options),
        "kept": lambda: bench.report(f"optimized:keep={tasks}", *options),
    }
    return take_turns(ways, bench.scale.rounds)


def measure_go(bench):
    """Against a worker in Go, 2 workers, a fresh process each time."""
    rows, rounds, foreign = [], {}, []
    if shutil.which("go") is None:
        print("no go here; the package golang-go has it", file=sys.stderr)
        return [each for size in SIZES for each in go_rows(size, None)], rounds, foreign
    with tempfile.TemporaryDirectory() as folder:
        go = GoWorker(build_go_worker(folder), bench.scale.go_tasks)
        for size in SIZES:
            rounds[str(size)], taken = go_rounds(bench, go, size)
            rows += go_rows(size, rounds[str(size)])
            foreign += taken
    return rows, rounds, foreign
