#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What wrk and slowhttptest cost a run at full rate: python3 tests/bench/http_pressure.py
[--minutes=N] TASKWORKER, from the build folder.

One run of `optimized`; rounds with each kind of pressure in turn, and before and after each a
round without. A well-behaved client scrapes /metrics all the time. CPU per task is that of the
workers: what the HTTP thread does for those who press is its own, and is told apart.
Exits 1 when a scrape failed.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
from pressure import TOOLS, Pressure, Scraper  # noqa: E402
from served_program import ServedProgram  # noqa: E402

LONGEST_ROUND = 10  # seconds


class Figures:
    """CPU time of the workers and of the other threads, and the tasks done, up to now."""

    def __init__(self, served, scraper):
        self.workers = self.others = 0
        for thread in pathlib.Path(f"/proc/{served.process.pid}/task").iterdir():
            try:
                cpu_ns = int((thread / "schedstat").read_text().split()[0])
                is_worker = (thread / "comm").read_text().startswith("tw-worker")
            except OSError:
                continue  # the thread has ended meanwhile
            if is_worker:
                self.workers += cpu_ns
            else:
                self.others += cpu_ns
        self.tasks = scraper.tasks()


def round_of(served, scraper, seconds, kind):
    """(CPU ns of the workers per task, of the other threads per task)."""
    before = Figures(served, scraper)
    if kind is None:
        time.sleep(seconds)
    else:
        with Pressure(kind, served.port, seconds) as pressure:
            pressure.wait()
        if not pressure.has_run:
            sys.exit(f"http_pressure: {kind}: the tool did not run: {pressure.command}")
    after = Figures(served, scraper)
    tasks = after.tasks - before.tasks
    return (after.workers - before.workers) / tasks, (after.others - before.others) / tasks


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("taskworker")
    given = parser.parse_args()
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        sys.exit(f"http_pressure: {', '.join(missing)} not installed; packages have their names")
    pairs = max(len(Pressure.KINDS), round(given.minutes * 60 / LONGEST_ROUND))
    seconds = max(6, round(given.minutes * 60 / pairs))
    ratios = {kind: [] for kind in Pressure.KINDS}
    workers = f"--workers={os.cpu_count()}"
    with ServedProgram(given.taskworker, workers, tasks=0) as served:
        with Scraper(served.port) as scraper:
            alone = round_of(served, scraper, seconds, None)
            for index in range(pairs):
                kind = Pressure.KINDS[index % len(Pressure.KINDS)]
                pressed = round_of(served, scraper, seconds, kind)
                again = round_of(served, scraper, seconds, None)
                ratios[kind].append(pressed[0] / ((alone[0] + again[0]) / 2))
                print(
                    f"{kind:14} workers {pressed[0]:7.1f} ns a task, {alone[0]:7.1f} before, "
                    f"{again[0]:7.1f} after; other threads {pressed[1]:7.1f}, {again[1]:7.1f} without",
                    flush=True,
                )
                alone = again
    for kind, found in [*ratios.items(), ("all", sum(ratios.values(), []))]:
        print(
            f"{kind:14} {statistics.median(found):.3f} of without (median of {len(found)}, "
            f"{min(found):.3f} to {max(found):.3f})"
        )
    print(f"{scraper.count} scrapes, {len(scraper.failures)} failed")
    for failure in scraper.failures[:5]:
        print(failure)
    return bool(scraper.failures)


if __name__ == "__main__":
    sys.exit(main())
