#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bad_strategies.py [--refusals] TASKWORKER MODULES [NAME...]: what is said of bad strategies.

A folder NAME of tests/bad_strategies holds transcripts, *.txt, as its README.md tells: a
command, the words of its standard output and error, and how it ended. Each command runs
with the module MODULES/NAME.so in the place of FILE, and must say and do just that.
Without a NAME all folders are tried; with --refusals, only what ends with exit 3, which is
the same in a build with sanitizers or without jemalloc.
"""

import concurrent.futures
import os
import pathlib
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import unittest

SOURCES = pathlib.Path(__file__).resolve().parents[1] / "bad_strategies"
ONLY_REFUSALS = "--refusals" in sys.argv
PROGRAM, MODULES, *NAMES = (word for word in sys.argv[1:] if word != "--refusals")
PROGRAM = os.path.abspath(PROGRAM)
MODULES = pathlib.Path(MODULES).resolve()
PATIENCE = 100  # seconds: only a program that hangs reaches it


def run(command, module):
    """What the command prints and how it ends, as a transcript. Nothing of it lives on."""
    words = [PROGRAM if word == "taskworker" else word for word in shlex.split(command)]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [word.replace("FILE", str(module)) for word in words],
            cwd=folder,
            # What a strategy that was refused has allocated is lost.
            env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            output, _ = process.communicate(timeout=PATIENCE)
            end = describe_end(process.returncode)
        except subprocess.TimeoutExpired:
            end = f"still running after {PATIENCE} s"
        finally:
            end_group(process.pid)
        if end.startswith("still"):
            output, _ = process.communicate()
    text = output.decode(errors="replace").replace(str(module), "FILE")
    return f"$ {command}\n{text}{end}\n"


def end_group(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def describe_end(status):
    return f"exit {status}" if status >= 0 else f"died of {signal.Signals(-status).name}"


def matches(said, expected):
    """True for equal words, where `...` stands for any number of words, or within one for any
    text, and NUMBER for a number. Line breaks do not count: they depend on the path of FILE."""
    pattern = ""
    for word in expected.split():
        if word == "...":
            pattern += "(?:.* )?"
        else:
            exact = re.escape(word).replace("NUMBER", r"\d+")
            pattern += exact.replace(re.escape("..."), ".*") + " "
    return re.fullmatch(pattern, " ".join(said.split()) + " ") is not None


def is_wanted(transcript):
    if NAMES and transcript.parent.name not in NAMES:
        return False
    if not ONLY_REFUSALS:
        return True
    # Modules with sanitizers need other libraries.
    is_refused = transcript.read_text().endswith("\nexit 3\n")
    return is_refused and transcript.parent.name != "missing_library"


def folders():
    return sorted(path for path in SOURCES.iterdir() if path.is_dir())


class BadStrategies(unittest.TestCase):
    """One test a transcript, added below."""

    def test_that_no_folder_is_without_words(self):
        silent = [folder.name for folder in folders() if not list(folder.glob("*.txt"))]
        self.assertEqual(silent, [])

    def test_that_a_difference_is_seen(self):
        self.assertTrue(matches("a\nb c\nexit 3\n", "a\n...\nexit 3\n"))
        self.assertTrue(matches("a\nexit 3\n", "a\n...\nexit 3\n"))
        self.assertTrue(matches("took 1.5 s\nexit 3\n", "took ...\ns exit 3\n"))
        self.assertTrue(matches("SIGBUS at 0x1 in it\n", "SIGBUS... in it\n"))
        self.assertTrue(matches("12 passed, 1 failed\n", "NUMBER passed, 1 failed\n"))
        self.assertFalse(matches("12 passed, 1 failed\n", "NUMBER passed, 2 failed\n"))
        self.assertFalse(matches("1 passed, 1 failed\n", "NUMBER failed\n"))
        self.assertFalse(matches("a b\nexit 3\n", "a ...\nexit 0\n"))
        self.assertFalse(matches("a b\nexit 3\n", "a\nexit 3\n"))
        self.assertFalse(matches("a\nexit 3\n", "a b\nexit 3\n"))
        self.assertFalse(matches("axb\nexit 3\n", "a.b\nexit 3\n"))


def try_out(transcript):
    command = transcript.read_text().splitlines()[0].removeprefix("$ ")
    return run(command, MODULES / f"{transcript.parent.name}.so")


def add_test(transcript, said):
    def test(self):
        expected = transcript.read_text()
        if not matches(said, expected):
            self.fail(f"{transcript} does not hold. Expected:\n{expected}Said:\n{said}")

    setattr(BadStrategies, f"test_{transcript.parent.name}_{transcript.stem}", test)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    transcripts = [path for folder in folders() for path in sorted(folder.glob("*.txt"))]
    wanted = list(filter(is_wanted, transcripts))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for transcript, said in zip(wanted, pool.map(try_out, wanted)):
            add_test(transcript, said)
    unittest.main(argv=sys.argv[:1])
