# SPDX-License-Identifier: MIT
"""Runs of the program with tests/system/faulty_strategy.cpp, and what may be asked of any."""

import json
import os
import re
import subprocess
import tempfile
import time

PATIENCE = 60
TASKS = 2000
AT = 500  # the task of mid_run


class Bad(Exception):
    """What is wrong with a cell."""


def check(condition, words):
    if not condition:
        raise Bad(words)


class Run:
    """The program, running, with files in a folder of its own."""

    program = strategy = None  # paths, to be set before the first run
    falsify = None  # changes what came of a run that has ended, to see that a check sees it

    def __init__(
        self,
        fault="none",
        moment="mid_run",
        options=(),
        limit=None,
        shared=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None,
    ):
        self.folder = tempfile.TemporaryDirectory()
        if shared:  # with another user, who runs the program
            os.chmod(self.folder.name, 0o777)
        self.trigger = self.path("trigger")
        without_end = moment in ("job", "thread", "triggered")
        given = (
            f"--strategy={self.strategy}",
            f"--strategy-opt=fault={fault}",
            f"--strategy-opt=moment={moment}",
            f"--strategy-opt=at={AT}",
            f"--strategy-opt=trigger={self.trigger}",
            f"--tasks={0 if without_end else TASKS}",
            "--workers=2",
            "--duration=0",
            "--report=json",
            *options,
        )
        for usual in (f"--timeline={self.path('timeline.csv')}", "--listen=none"):
            if not any(option.startswith(usual.split("=")[0]) for option in options):
                given += (usual,)
        self.errors = self.path("stderr")
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(
                [self.program, *given],
                stdin=stdin,
                stdout=stdout,
                stderr=stderr or errors,
                cwd=self.folder.name,
                preexec_fn=limit,
            )

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def pull_trigger(self):
        with open(self.trigger, "w", encoding="ascii"):
            pass

    def said(self):
        with open(self.errors, encoding="utf-8") as file:
            return file.read()

    def wait_for(self, condition, words):
        """Looks again and again, for as long as the process lives."""
        while not condition():
            time.sleep(0.001)
            if self.process.poll() is not None:
                raise Bad(f"ended with {self.process.returncode} before {words}: {self.said()}")

    def has_signal(self, kind, number):
        """Of a line of proc_pid_status(5)."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            signals = re.search(rf"{kind}:\s*([0-9a-f]+)", file.read())
        return signals and int(signals.group(1), 16) >> (number - 1) & 1 == 1

    def wait_until_it_hears(self, number):
        self.wait_for(lambda: self.has_signal("SigCgt", number), "it heard signals")

    def wait_until_it_has_heard(self, number):
        self.wait_for(lambda: not self.has_signal("ShdPnd", number), "it heard the signal")

    def wait_until_it_works(self):
        self.wait_for(lambda: len(self.timeline()) > 1, "the first tick")

    def timeline(self):
        try:
            with open(self.path("timeline.csv"), encoding="ascii") as file:
                return file.read().splitlines(keepends=True)
        except FileNotFoundError:
            return []

    def url(self, path):
        address = None

        def announced():
            nonlocal address
            address = re.search(r"http://127\.0\.0\.1:\d+", self.said())
            return address

        self.wait_for(announced, "it told its address")
        return address.group(0) + path

    def finish(self):
        try:
            out, _ = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise Bad(f"it did not end in {PATIENCE} s") from None
        self.status = self.process.returncode
        self.err = self.said()
        self.out = (out or b"").decode()
        if Run.falsify:
            Run.falsify(self)
        return self

    # ---- What every cell may ask ----------------------------------------------------

    def check_status(self, wanted):
        check(self.status == wanted, f"status {self.status}, not {wanted}: {self.err[-300:]}")

    def check_said(self, pattern):
        check(re.search(pattern, self.err), f"does not say {pattern!r}, but {self.err[:600]!r}")

    def check_timeline(self):
        for line in self.timeline():
            check(line.count(",") == 4 and line.endswith("\n"), f"a half line in the CSV: {line!r}")

    def report(self, end):
        """The report, whose tasks are all accounted for."""
        try:
            report = json.loads(self.out)
        except json.JSONDecodeError:
            raise Bad(f"no report: {self.out[:100]!r}; it said {self.err[-300:]!r}") from None
        tasks = report["tasks"]
        parts = [tasks[part] for part in ("processed", "failed", "drained", "abandoned")]
        check(tasks["generated"] == sum(parts), f"{tasks['generated']} generated, parts {parts}")
        check(report["end"] == end, f"ended by {report['end']}, not {end}")
        wanted = self.status if self.status >= 0 else 128 - self.status
        check(report["exit_code"] == wanted, f"exit_code {report['exit_code']}, not {wanted}")
        return report


COUNTS = re.compile(
    r"\ntaskworker: tasks: (\d+) generated = (\d+) processed \+ (\d+) failed \+ "
    r"(\d+) drained \+ (\d+) abandoned\n"
)


def counts_in_words(run):
    """Of the line that stands in for a report."""
    line = COUNTS.search(run.err)
    check(line, f"no counts: {run.err[-300:]}")
    generated, *parts = (int(number) for number in line.groups())
    check(generated == sum(parts), f"{generated} generated, parts {parts}")
    return f"{generated} = " + " + ".join(str(part) for part in parts)


def tasks_in_words(report):
    tasks = report["tasks"]
    return (
        f"{tasks['generated']} = {tasks['processed']} + {tasks['failed']} + {tasks['drained']}"
        f" + {tasks['abandoned']}"
    )


# ---- False outcomes ---------------------------------------------------------------------


def with_other_status(run):
    run.status = 99


def with_a_task_lost(run):
    """One task more was taken than is accounted for."""
    line = COUNTS.search(run.err)
    if line:
        at, end = line.span(1)
        run.err = run.err[:at] + str(int(line.group(1)) + 1) + run.err[end:]
    if run.out:
        report = json.loads(run.out)
        report["tasks"]["generated"] += 1
        run.out = json.dumps(report)
