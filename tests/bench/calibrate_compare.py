#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How often `taskworker compare` is right, measured where the truth is known.

A strategy is compared with itself, many times, and with itself made slower by 2, 5 and 10 percent
of its own work. The table says how often each verdict on the primary metric came.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

VERDICTS = ("better", "worse", "no difference", "inconclusive")

# percent planted, most seconds of one comparison, comparisons
FULL = ((0, 5, 200), (2, 20, 40), (5, 20, 40), (10, 20, 40), (5, 60, 20))


class Failure(Exception):
    pass


def compare_once(arguments, percent, seconds, seed):
    """The report of one comparison, as compare writes it."""
    baseline = f"{arguments.slowed}:percent=0"
    candidate = f"{arguments.slowed}:percent={percent}"
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        command = [
            arguments.taskworker,
            "compare",
            baseline,
            candidate,
            "--workers=2",
            "--data-size=1000",
            f"--max-time={seconds}s",
            f"--seed={seed}",
            f"--json={report}",
            "--quiet",
        ]
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode != 0:
            raise Failure(f"{' '.join(command)}: status {ended.returncode}: {ended.stderr.strip()}")
        with open(report) as file:
            return json.load(file)


def told_by(report, percent, seconds):
    """What is kept of one comparison."""
    comparison = report["comparisons"][0]
    primary = comparison["findings"][report["rules"]["primary"]]
    return {
        "percent": percent,
        "seconds": seconds,
        "verdict": comparison["verdict"],
        "ratio": primary["ratio"],
        "low": primary["ratio_low"],
        "high": primary["ratio_high"],
        "samples": len(report["series"][0]["busy_seconds"]),
        "elapsed": report["elapsed_seconds"],
    }


def measure(arguments):
    """Yields what each comparison told. The kinds take turns, so that all see the same machine."""
    kinds = [
        (percent, seconds, max(1, round(times * arguments.share)))
        for percent, seconds, times in FULL
    ]
    order = sorted(
        ((i + 0.5) / times, number, i)
        for number, (_, _, times) in enumerate(kinds)
        for i in range(times)
    )
    for done, (_, number, seed) in enumerate(order):
        percent, seconds, _ = kinds[number]
        if sys.stderr.isatty():
            print(f"\r{done} of {len(order)} comparisons", end="\033[K", file=sys.stderr)
        yield told_by(compare_once(arguments, percent, seconds, seed), percent, seconds)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)


def line_of(kind, all_told):
    percent, seconds = kind
    told = [each for each in all_told if (each["percent"], each["seconds"]) == kind]
    counts = [sum(each["verdict"] == verdict for each in told) for verdict in VERDICTS]
    ratio = statistics.median(each["ratio"] for each in told)
    width = statistics.median(each["high"] - each["low"] for each in told)
    samples = [each["samples"] for each in told]
    elapsed = [each["elapsed"] for each in told]
    return (
        f"| {percent} % | {seconds} s | {len(told)} | "
        + " | ".join(str(count) for count in counts)
        + f" | {100 * (ratio - 1):+.2f} % | {100 * width:.2f} %"
        + f" | {statistics.median(samples):.0f} ({min(samples)} - {max(samples)})"
        + f" | {statistics.median(elapsed):.1f} s ({max(elapsed):.1f}) |"
    )


def table_of(all_told):
    kinds = dict.fromkeys((each["percent"], each["seconds"]) for each in all_told)
    return "\n".join(
        [
            "| planted | at most | times | "
            + " | ".join(VERDICTS)
            + " | found, median | interval's width | samples of each | time, median (most) |",
            "|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        + [line_of(kind, all_told) for kind in sorted(kinds)]
    )


def faults_of(all_told):
    """What a comparison must not do more often than it says."""
    same = [each for each in all_told if each["percent"] == 0]
    false_ones = sum(each["verdict"] in ("better", "worse") for each in same)
    # Up to 5 of 100 are promised; of N so many come by luck in no more than 1 of 1,000 tries.
    allowed = 0.05 * len(same) + 3.1 * (0.05 * 0.95 * len(same)) ** 0.5
    if false_ones > allowed:
        yield f"a difference from itself in {false_ones} of {len(same)} comparisons"
    slower = [each for each in all_told if each["percent"] > 0]
    if any(each["verdict"] == "better" for each in slower):
        yield "what was made slower is called better"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("taskworker")
    parser.add_argument("slowed", help="the module of slowed_strategy.c")
    parser.add_argument(
        "--share", type=float, default=1, help="of the comparisons, as 0.1 for a tenth"
    )
    parser.add_argument("--json", help="write what each comparison told to this file")
    arguments = parser.parse_args()
    all_told = []
    began = time.monotonic()
    try:
        for told in measure(arguments):
            all_told.append(told)
            if arguments.json:
                with open(arguments.json, "w") as file:
                    json.dump(all_told, file, indent=1)
    except (Failure, KeyboardInterrupt) as reason:
        print(f"calibrate_compare: {reason or 'ended early'}", file=sys.stderr)
        return 1
    print(table_of(all_told))
    minutes = (time.monotonic() - began) / 60
    print(f"\n{len(all_told)} comparisons in {minutes:.0f} minutes")
    faults = list(faults_of(all_told))
    for fault in faults:
        print(f"calibrate_compare: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
