#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the direction of the includes: arrows.py [ROOT]

    main.cpp -> cli, check, compare, endpoints, report -> http, process, worker -> profiling
             -> metrics -> strategy -> include/taskworker

A folder of src/ includes only itself and what MAY_INCLUDE names, which is to
the right of it. Heavy libraries stay in the folders that LIBRARY_USERS names.
Prints each line that breaks a rule and then exits with 1, as it does when it
finds no file to read.
"""

import pathlib
import re
import sys

# What each folder may include beside itself. Written out, so that an arrow is
# added here on purpose or not at all.
MAY_INCLUDE = {
    "src": {"cli", "check", "compare", "endpoints", "http", "report", "worker", "metrics",
            "profiling", "strategy", "taskworker"},
    "src/check": {"process", "worker", "metrics", "profiling", "strategy",
                  "taskworker"},
    "src/cli": {"check", "compare", "http/access.hpp", "http/probe.hpp", "report/terminal.hpp",
                "worker", "metrics", "profiling", "strategy", "taskworker"},
    "src/compare": {"process", "metrics", "profiling", "strategy", "taskworker"},
    "src/endpoints": {"http", "worker", "metrics", "profiling", "strategy", "taskworker"},
    "src/http": set(),
    "src/process": set(),
    "src/report": {"worker", "metrics", "profiling", "strategy", "taskworker"},
    "src/worker": {"metrics", "profiling", "strategy", "taskworker"},
    "src/metrics": {"strategy", "taskworker"},
    "src/profiling": {"metrics", "strategy", "taskworker"},
    "src/strategy": {"taskworker"},
    "include/taskworker": {"taskworker"},
    "strategies": {"taskworker"},
}

# The folders that may include a library that is slow to compile.
LIBRARY_USERS = {
    "boost/asio": {"src/http", "src/worker"},
    "boost/beast": {"src/http"},
    "boost/json": {"src/check", "src/cli", "src/compare", "src/report", "src/worker"},
    "boost/program_options": {"src/cli"},
    "prometheus": {"src/metrics"},
    "protozero": {"src/profiling"},
}

SUFFIXES = {".c", ".cpp", ".h", ".hpp", ".in"}
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def part_of(path):
    """The folder whose rule holds for the file, or None where there is no rule."""
    for folder in path.parents:
        if folder.as_posix() == "src" and folder != path.parent:
            return None  # a folder beside the others needs a rule of its own
        if folder.as_posix() in MAY_INCLUDE:
            return folder.as_posix()
    return None


def broken_rule(part, mark, target):
    """What is wrong with including the target in a file of the part, or None."""
    for library, users in LIBRARY_USERS.items():
        if target.startswith(library + "/") or target == library + ".hpp":
            return None if part in users else f"only {', '.join(sorted(users))} may use {library}"
    first = target.split("/")[0]
    if mark == "<" and first != "taskworker":
        return None  # of the system or of a light library
    if part == "strategies" and f"src/{first}" not in MAY_INCLUDE:
        return None  # its own or a common header
    if mark == '"' and "/" not in target:
        return 'a path starts at src/, as in "worker/pool.hpp"'
    own = {pathlib.PurePosixPath(part).name}
    if not {first, target} & (MAY_INCLUDE[part] | own):
        return f"{part} may include only {', '.join(sorted(MAY_INCLUDE[part] | own))}"
    return None


def broken_lines(root, path):
    part = part_of(path)
    if part is None:
        yield f"{path}: {path.parent} has no rule; give it one in MAY_INCLUDE"
        return
    text = (root / path).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        include = INCLUDE.match(line)
        rule = include and broken_rule(part, *include.groups())
        if rule:
            yield f"{path}:{number}: includes {include[2]}, but {rule}"


def main(root):
    files = sorted(
        path.relative_to(root)
        for folder in ("include", "src", "strategies")
        for path in (root / folder).rglob("*")
        if path.suffix in SUFFIXES
    )
    broken = [line for path in files for line in broken_lines(root, path)]
    for line in broken:
        print(line)
    print(f"{len(files)} files read, {len(broken)} broken rules")
    return 1 if broken or not files else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
