#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is to be reached, and what is: whole runs of taskworker, measured from outside.

Each section waits for an idle machine, then measures its ways in turn, round after round. The
table shows medians and the least and the most of the rounds; the JSON has every round.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True  # nothing is left in the source tree

from reach_bench import CPUS, WARM_TASKS, WORKERS, Bench, row  # noqa: E402
from reach_go import measure_go  # noqa: E402
from reach_scrape import measure_scrape  # noqa: E402
from whole_process import (  # noqa: E402
    IDLE_CORES,
    Failure,
    figures_of,
    ratios,
    run,
    spread_of,
    take_turns,
    wait_until_idle,
)

RATE = 100_000


# ---- bad --------------------------------------------------------------------------

# Where the limits of the faults are not reached: 1000 threads, one for each fourth task, and
# 256 MiB of results.
FAULTS = {"leak": (400, 3_600), "capacity": (20_000, 200_000), "alloc": (WARM_TASKS * 2, None)}
SLOPES = {  # at least so much for each task is plain to see
    "threads": (0.001, " threads"),
    "jobs": (0.001, " jobs"),
    "resident_bytes": (16, " bytes resident"),
}


def fault_row(name, none, rounds):
    times = ratios(none, rounds, "cpu_ns")
    told = [times.text(".2f", " times the CPU")]
    is_plain = times.median >= 1.5
    for figure, (least, unit) in SLOPES.items():
        slope = spread_of(figures_of(rounds, figure))
        if slope.median >= least:
            is_plain = True
            told.append(f"{slope.median:.3g}{unit} a task")
    return row(
        f"bad/{name}",
        f"bad:problems={name}, against problems=none",
        ", ".join(told),
        int(is_plain),
        at_least=1,
        reach="1.5 times the CPU, or a slope in threads, jobs or memory",
    )


def measure_bad(bench):
    """The example of a bad strategy, and its faults one by one."""
    warm, many = WARM_TASKS * WORKERS, bench.scale.tasks
    ways = {
        "optimized": lambda: bench.slope("optimized", warm, many),
        "none": lambda: bench.slope("bad:problems=none", warm, many),
    }
    for name, (few, enough) in FAULTS.items():
        ways[name] = lambda name=name, few=few, enough=enough: bench.slope(
            f"bad:problems={name}", few, enough or many
        )
    measured, foreign = take_turns(ways, bench.scale.rounds)
    none = ratios(measured["optimized"], measured["none"], "cpu_ns")
    rows = [
        row(
            "bad/none",
            "bad:problems=none, against optimized",
            none.text(".3f", " times the CPU"),
            abs(none.median - 1),
            at_most=0.1,
            reach="within 10 %",
        )
    ]
    rows += [fault_row(name, measured["none"], measured[name]) for name in FAULTS]
    return rows, measured, foreign


# ---- Growth -----------------------------------------------------------------------


def flat_row(name, what, measured, figure, form, unit):
    """Flat when the highest median is at most 15 % above the lowest."""
    spreads = {key: spread_of(figures_of(each, figure)) for key, each in measured.items()}
    told = ", ".join(f"{key}: {each.text(form)}" for key, each in spreads.items())
    medians = [each.median for each in spreads.values()]
    times = max(medians) / min(medians)
    return row(
        name,
        what,
        f"{times:.2f} times; {told}{unit}",
        times,
        at_most=1.15,
        reach="flat within 15 %",
    )


def cost_rows(name, what, measured):
    """CPU is judged; wall depends on how many cores there are, and stands beside it."""
    cpu = flat_row(f"{name}/cpu", f"CPU, {what}", measured, "cpu_ns", ".1f", " ns a task")
    wall = flat_row(f"{name}/wall", f"wall, {what}", measured, "wall_ns", ".1f", " ns a task")
    return [cpu, wall | {"reach": "", "reached": None}]


def measure_tasks(bench):
    """The cost of a task, and memory, in runs of more and more tasks."""
    rows, rounds, foreign = [], {}, []
    for name, strategy in (("null", bench.null), ("optimized", "optimized")):
        ways = {
            f"{count:,}": lambda count=count: bench.slope(
                strategy,
                WARM_TASKS * WORKERS,
                count,
                times=max(1, bench.scale.least_tasks // count),
            )
            for count in bench.scale.task_counts
        }
        measured, taken = take_turns(ways, bench.scale.rounds)
        rounds[name] = measured
        foreign += taken
        mib = {
            key: [{"mib": each["peak_resident_bytes"] / 2**20} for each in all_rounds]
            for key, all_rounds in measured.items()
        }
        last = bench.scale.task_counts[-1]
        what = f"{name}, from {bench.scale.task_counts[0]:,} to {last:,} tasks"
        rows += cost_rows(f"tasks/{name}", what, measured)
        rows.append(
            flat_row(f"tasks/{name}/resident", f"peak resident, {what}", mib, "mib", ".1f", " MiB")
        )
    return rows, rounds, foreign


def measure_workers(bench):
    """The cost of a task with more and more workers on two cores."""
    rows, rounds, foreign = [], {}, []
    for name, strategy in (("null", bench.null), ("optimized", "optimized")):
        ways = {
            str(workers): lambda workers=workers: bench.slope(
                strategy, WARM_TASKS * workers, bench.scale.tasks, workers
            )
            for workers in bench.scale.worker_counts
        }
        measured, taken = take_turns(ways, bench.scale.rounds)
        rounds[name] = measured
        foreign += taken
        what = f"{name}, from 1 to {bench.scale.worker_counts[-1]} workers on {CPUS} cores"
        rows += cost_rows(f"workers/{name}", what, measured)
    return rows, rounds, foreign


# ---- Latency ----------------------------------------------------------------------


def paced_run(bench):
    """Waits count from the time that a task was due, whatever became of those before."""
    tasks = round(RATE * bench.scale.paced_seconds)
    ended = bench.run(
        "optimized", "--workers=1", f"--rate={RATE}", f"--tasks={tasks}", "--report=json"
    )
    report = json.loads(ended.output)
    wait, processing = report["queue_wait_seconds"], report["processing_seconds"]
    return {
        "p99_us": (wait["p99"] + processing["p99"]) * 1e6,
        "p99_9_us": (wait["p99_9"] + processing["p99_9"]) * 1e6,
        "max_us": (wait["max"] + processing["max"]) * 1e6,
        "wait_p99_us": wait["p99"] * 1e6,
        "processing_p99_us": processing["p99"] * 1e6,
        "cpu_ns": ended.cpu_ns / tasks,
    }


def measure_latency(bench):
    """From due to done at a fixed rate, one core free."""
    measured, foreign = take_turns({"optimized": lambda: paced_run(bench)}, bench.scale.rounds)
    p99 = spread_of(figures_of(measured["optimized"], "p99_us"))
    bound = spread_of(figures_of(measured["optimized"], "p99_9_us"))
    what = f"optimized at {RATE:,} tasks a second, 1 worker, from due to done"
    rows = [
        row(
            "latency/p99",
            f"{what}: p99 of the wait + p99 of processing",
            p99.text(".1f", " us"),
            p99.median,
            at_most=200,
            reach="under 200 us",
        ),
        row(
            "latency/bound",
            f"{what}: p99.9 + p99.9, which the p99 of the sum cannot exceed",
            bound.text(".1f", " us"),
            bound.median,
        ),
    ]
    return rows, measured, foreign


# ---- Start ------------------------------------------------------------------------


def first_task(bench):
    ended = bench.run(bench.first_task, "--tasks=1", "--report=none")
    return {"ms": (int(ended.output) - ended.started_ns) / 1e6}


def whole_run(bench):
    return {"ms": bench.run("optimized", "--tasks=1", "--report=none").wall_ns / 1e6}


def measure_start(bench):
    """From before there is a process."""
    ways = {"first_task": lambda: first_task(bench), "whole": lambda: whole_run(bench)}
    measured, foreign = take_turns(ways, bench.scale.starts)
    whats = {
        "first_task": ("from process start to first task done", 20),
        "whole": ("optimized --tasks=1 --duration=0 --listen=none, to its end", 40),
    }
    rows = []
    for name, (what, limit) in whats.items():
        ms = spread_of(figures_of(measured[name], "ms"))
        rows.append(
            row(
                f"start/{name}",
                f"{what}, {bench.scale.starts} runs",
                ms.text(".1f", " ms"),
                ms.median,
                at_most=limit,
                reach=f"under {limit} ms",
            )
        )
    return rows, measured, foreign


# ---- All --------------------------------------------------------------------------

SECTIONS = {
    "go": measure_go,
    "bad": measure_bad,
    "tasks": measure_tasks,
    "workers": measure_workers,
    "latency": measure_latency,
    "scrape": measure_scrape,
    "start": measure_start,
}


def measure_section(name, bench):
    found = wait_until_idle(bench.scale.longest_wait)
    if not found["idle"]:
        print(
            f"{name}: not an idle machine: others take {found['foreign_cores']:.2f} cores,"
            f" after {found['waited_seconds']:.0f} s of waiting"
        )
    rows, rounds, foreign = SECTIONS[name](bench)
    disturbed = sum(cores >= IDLE_CORES for cores in foreign)
    if disturbed:
        print(
            f"{name}: others took up to {max(foreign):.2f} cores in {disturbed} of"
            f" {len(foreign)} rounds"
        )
    return {"before": found, "foreign_cores": foreign, "rounds": rounds, "rows": rows}


def print_rows(section):
    verdicts = {True: "reached", False: "NOT REACHED", None: "-"}
    for each in section["rows"]:
        verdict = verdicts[each["reached"]]
        print(f"{each['what']} | {each['measured']} | {each['reach'] or '-'} | {verdict}")
    sys.stdout.flush()


def write_json(path, bench, is_quick, sections):
    document = {
        "schema": "taskworker.reach/1",
        "quick": is_quick,
        "cpus": len(os.sched_getaffinity(0)),
        "kernel": os.uname().release,
        "version": run([bench.taskworker, "--version"]).output.decode().splitlines(),
        "sections": sections,
    }
    pathlib.Path(path).write_text(json.dumps(document, indent=1) + "\n")


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("taskworker")
    parser.add_argument(
        "null_strategy", help="of null_strategy.c, with that of first_task_strategy.c beside it"
    )
    parser.add_argument("--strategy-dir", help="where `optimized` and `bad` are looked for first")
    parser.add_argument("--json", metavar="PATH", help="write all rounds and rows to this file")
    parser.add_argument("--quick", action="store_true", help="little of everything: does it run?")
    parser.add_argument(
        "--only", action="append", choices=SECTIONS, help="this section; may be repeated"
    )
    return parser.parse_args()


def main():
    arguments = parsed_arguments()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CPUS])
    bench = Bench(arguments)
    sections = {}
    print("what | measured | reach | reached or not")
    try:
        for name in arguments.only or SECTIONS:
            sections[name] = measure_section(name, bench)
            print_rows(sections[name])
            if arguments.json:
                write_json(arguments.json, bench, arguments.quick, sections)
    except (Failure, OSError, subprocess.SubprocessError) as failure:
        print(f"reach: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
