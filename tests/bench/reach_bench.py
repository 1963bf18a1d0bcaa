# SPDX-License-Identifier: MIT
"""What the sections of reach.py share: how much, rows of the table, runs of taskworker."""

import json
import os
import pathlib

from whole_process import LONGEST_WAIT, run

CPUS = 2
WORKERS = 2
WARM_TASKS = 5000  # for each worker: they touch all of its queue of 4096


class Scale:
    """How much is measured."""

    def __init__(self, quick):
        self.rounds = 2 if quick else 7
        self.scrape_rounds = 2 if quick else 15
        self.starts = 5 if quick else 31
        self.longest_wait = 0 if quick else LONGEST_WAIT
        self.go_tasks = 5_000 if quick else 100_000
        self.task_counts = [10**5, 10**6] if quick else [10**5, 10**6, 10**7, 10**8]
        self.worker_counts = [1, 64] if quick else [1, 2, 4, 8, 16, 32, 64]
        self.tasks = 500_000 if quick else 5_000_000
        self.least_tasks = 10**5 if quick else 2 * 10**6  # of short runs, together
        self.scrapes = 30 if quick else 300
        self.paced_seconds = 0.3 if quick else 3
        self.scraped_tasks = 10**7 if quick else 6 * 10**7


def row(name, what, measured, value, at_most=None, at_least=None, reach=""):
    """One line of the table; without a limit it only tells."""
    reached = None
    if value is not None and at_most is not None:
        reached = value <= at_most
    elif value is not None and at_least is not None:
        reached = value >= at_least
    return {
        "name": name,
        "what": what,
        "measured": measured,
        "value": value,
        "reach": reach,
        "reached": reached,
    }


class Bench:
    """The programs, and how they are run."""

    def __init__(self, arguments):
        self.taskworker = os.path.abspath(arguments.taskworker)
        self.null = os.path.abspath(arguments.null_strategy)
        self.first_task = str(pathlib.Path(self.null).with_name("first_task_strategy.so"))
        self.scale = Scale(arguments.quick)
        self.common = ["--duration=0", "--quiet"]
        if arguments.strategy_dir:
            self.common.append(f"--strategy-dir={os.path.abspath(arguments.strategy_dir)}")

    def command(self, strategy, *options):
        # The results of a strategy that does nothing are wrong.
        verify = ["--verify=none"] if strategy in (self.null, self.first_task) else []
        return [self.taskworker, f"--strategy={strategy}", *self.common, *verify, *options]

    def run(self, strategy, *options):
        return run(self.command(strategy, "--listen=none", *options))

    def report(self, strategy, *options):
        """One run, from outside and by its own report."""
        ended = self.run(strategy, "--report=json", *options)
        report = json.loads(ended.output)
        peak = report["resources"]["peak"]
        return {
            "cpu_ns": ended.cpu_ns,
            "wall_ns": ended.wall_ns,
            "tasks_cpu_ns": report["process"]["cpu_seconds"] * 1e9,
            "tasks_wall_ns": report["busy_seconds"] * 1e9,
            "resident_bytes": report["process"]["peak_resident_bytes"],
            "threads": peak["threads"],
            "jobs": peak["jobs"],
        }

    def slope(self, strategy, few, many, workers=WORKERS, times=1):
        """What one more task takes: a long run less a short one, which starts and ends as well."""
        more = dict.fromkeys(("cpu_ns", "wall_ns", "resident_bytes", "threads", "jobs"), 0.0)
        for _ in range(times):
            runs = [
                self.report(strategy, f"--workers={workers}", f"--tasks={tasks}")
                for tasks in (few, many)
            ]
            for name in more:
                more[name] += (runs[1][name] - runs[0][name]) / (many - few) / times
        return more | {"peak_resident_bytes": runs[1]["resident_bytes"]}
