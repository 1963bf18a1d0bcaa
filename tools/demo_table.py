# SPDX-License-Identifier: MIT
"""Prints reports of taskworker side by side: demo_table.py REPORT.JSON...

Each report is what `taskworker --report=json` prints. At most 80 columns for
two reports.
"""

import json
import sys

LABEL_WIDTH = 34
COLUMN_WIDTH = 20


def scaled(value, step, units):
    for unit in units[:-1]:
        if value < step:
            break
        value /= step
    else:
        unit = units[-1]
    return f"{value:.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"


def in_bytes(value):
    return scaled(value, 1024, ["B", "KiB", "MiB", "GiB"])


def in_time(seconds):
    return scaled(seconds * 1e9, 1000, ["ns", "us", "ms", "s"])


def number(value):
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2g}"


# What a row is called, where the report has its figure, and how it is written.
ROWS = [
    ("tasks processed", ["tasks", "processed"], number),
    ("tasks failed", ["tasks", "failed"], number),
    ("tasks per second", ["tasks_per_second"], number),
    ("time of a task, median", ["processing_seconds", "p50"], in_time),
    ("time of a task, 99 of 100 below", ["processing_seconds", "p99"], in_time),
    ("memory allocated for a task", ["bytes_per_task"], in_bytes),
    ("allocations for a task", ["allocations_per_task"], number),
    ("memory in use at the end", ["resources", "end", "allocated_bytes"], in_bytes),
    ("memory resident at the end", ["resources", "end", "resident_bytes"], in_bytes),
    ("most threads at once", ["resources", "peak", "threads"], number),
    ("threads left behind", ["leaked", "threads"], number),
    ("jobs left behind", ["leaked", "jobs"], number),
]


def figure(report, keys, written):
    value = report
    for key in keys:
        value = value[key] if value is not None else None
    return "not known" if value is None else written(value)


def line(label, cells):
    return label.ljust(LABEL_WIDTH) + "".join(cell.rjust(COLUMN_WIDTH) for cell in cells)


def main(paths):
    reports = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            reports.append(json.load(file))
    print(line("", [report["strategy"]["name"] for report in reports]))
    for label, keys, written in ROWS:
        print(line(label, [figure(report, keys, written) for report in reports]))
    for report in reports:
        for place in report["leaked"]["places"][:1]:
            name, kind = report["strategy"]["name"], place["kind"]
            print(f"\nMost of what {name} left are {kind}s started at\n  {place['place']}")


if __name__ == "__main__":
    main(sys.argv[1:])
