#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill_matrix.py TASKWORKER FAULTY_STRATEGY [WORD...]: fault x moment x outcome.

Each cell is a run in which one thing goes wrong at one moment. It is good when the process ends
as it should, says what it should, and accounts for every task. Prints the cells as a table, with
what is wrong with each bad one; exits with 1 when there is any. With words, only cells whose name
has one of them.
"""

import http.client
import json
import os
import re
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

PROGRAM, STRATEGY = (os.path.abspath(path) for path in sys.argv[1:3])
CHOSEN = sys.argv[3:]
PATIENCE = 60
TASKS = 2000
AT = 500  # the task of mid_run
GRACE = 0.2

CRASHES = {
    "segv": signal.SIGSEGV,
    "ill": signal.SIGILL,
    "fpe": signal.SIGFPE,
    "abort": signal.SIGABRT,
    "overflow": signal.SIGSEGV,
    "terminate": signal.SIGABRT,
}
CONTROL = "in no task, on the thread tw-control"
MOMENTS = {  # where the fault is said to be
    "create": CONTROL,
    "init": CONTROL,
    "start": CONTROL,
    "first_task": r"worker \d+, task 0 \(sum\)",
    "mid_run": rf"worker \d+, task {AT} \(sum\)",
    "job": "in no task, on the thread tw-jobs",
    "thread": CONTROL,  # whose name the strategy's thread has taken over
    "stop": CONTROL,
    "destroy": CONTROL,
}
AFTER_TASKS = ("stop", "destroy")
BEFORE_TASKS = ("create", "init", "start")


class Bad(Exception):
    """What is wrong with a cell."""


def check(condition, words):
    if not condition:
        raise Bad(words)


class Run:
    """The program, running, with files in a folder of its own."""

    def __init__(
        self, fault="none", moment="mid_run", options=(), limit=None, stdout=None, shared=False
    ):
        self.folder = tempfile.TemporaryDirectory()
        if shared:  # with another user, who runs the program
            os.chmod(self.folder.name, 0o777)
        self.trigger = self.path("trigger")
        without_end = moment in ("job", "thread", "triggered")
        given = (
            f"--strategy={STRATEGY}",
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
        with open(self.errors, "wb") as stderr:
            self.process = subprocess.Popen(
                [PROGRAM, *given],
                stdin=subprocess.DEVNULL,
                stdout=stdout or subprocess.PIPE,
                stderr=stderr,
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


def counts_in_words(run):
    """Of the line that stands in for a report."""
    line = re.search(
        r"\ntaskworker: tasks: (\d+) generated = (\d+) processed \+ (\d+) failed \+ "
        r"(\d+) drained \+ (\d+) abandoned\n",
        run.err,
    )
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


# ---- The kinds of cells: each returns what it saw of the tasks -------------------------


def check_place(run, name, fault, place):
    where = r"( at 0x[0-9a-f]+)?" + (r" \(stack overflow\)" if fault == "overflow" else "")
    run.check_said(
        rf"taskworker: {re.escape(name)}{where} with the strategy faulty, {place}; "
        r"the stack, innermost first:\n"
    )
    run.check_said(rf"\n  faulty_strategy\.cpp:\d+ \(.*fault_{fault}\b.*\)\n")


def check_tasks(report, moment):
    tasks = report["tasks"]
    if moment in BEFORE_TASKS:
        check(tasks["generated"] == 0, f"{tasks['generated']} tasks before the start")
    elif moment in AFTER_TASKS:
        check(tasks["processed"] == TASKS, f"{tasks['processed']} processed of {TASKS}")
    elif moment in ("first_task", "mid_run"):
        check(tasks["abandoned"] > 0, "the task that went wrong is not abandoned")
    else:
        check(tasks["processed"] >= AT, f"{tasks['processed']} processed, not {AT} or more")


def count_results(path):
    """As src/worker/results_file.hpp says; the head is one block."""
    with open(path, "rb") as file:
        text = file.read()
    at, count = 64, 0
    while at < len(text):
        data, operation = struct.unpack_from("<QI", text, at + 16)
        check(operation < 4, f"no result but operation {operation}")
        at += 64 + (data + 63) // 64 * 64
        count += 1
    check(at == len(text), "half a result at the end")
    return count


def crash(fault, moment):
    number = CRASHES[fault]
    run = Run(fault, moment, ["--results=results", "--verify=all"]).finish()
    run.check_status(-number)
    check_place(run, number.name, fault, MOMENTS[moment])
    run.check_timeline()
    report = run.report("crash")
    check(report["verdict"].startswith(f"crashed: {number.name} "), report["verdict"])
    check_tasks(report, moment)
    if moment not in BEFORE_TASKS + AFTER_TASKS:
        run.check_said(r"the results in 'results' are cut off after \d+\n")
        said = int(re.search(r"are cut off after (\d+)\n", run.err).group(1))
        found = count_results(run.path("results"))
        check(found == said > 0, f"{found} results in the file, not {said}")
    return tasks_in_words(report)


# A thread of the strategy has no alternate stack: nobody can tell, and nobody hangs.
def overflow_in_own_thread():
    run = Run("overflow", "thread").finish()
    run.check_status(-signal.SIGSEGV)
    run.check_timeline()
    return "-"


# Nobody finds names: what the handler has is printed after 2 s.
def crash_unnamed(moment):
    run = Run("unnamed", moment).finish()
    run.check_status(-signal.SIGSEGV)
    run.check_said(
        rf"taskworker: SIGSEGV at 0x10 with the strategy faulty, {MOMENTS[moment]}; "
        r"the stack, innermost first:\n  /.*/faulty_strategy\.so\+0x[0-9a-f]+\n"
    )
    run.check_timeline()
    return counts_in_words(run)


def crash_of_teller(moment):
    run = Run("teller", moment).finish()
    run.check_status(-signal.SIGSEGV)
    run.check_said(
        "taskworker: SIGSEGV with the strategy faulty, in no task, on the thread tw-crash; "
        r"the stack, innermost first:\n  /.*/libc\.so\.6\+0x[0-9a-f]+\n"
    )
    run.check_timeline()
    return counts_in_words(run)


def crash_twice(moment):
    run = Run("twice", moment).finish()
    run.check_status(-signal.SIGSEGV)
    heads = run.err.count("; the stack, innermost first:")
    check(heads == 1, f"{heads} crashes are told of")
    run.check_timeline()
    return tasks_in_words(run.report("crash"))


def exits(moment):
    run = Run("exit", moment).finish()
    run.check_status(3)
    check_place(run, "exit()", "exit", MOMENTS[moment])
    run.check_timeline()
    report = run.report("crash")
    check_tasks(report, moment)
    return tasks_in_words(report)


def hangs(moment):
    run = Run("loop", moment, [f"--grace={round(GRACE * 1000)}ms"])
    run.wait_until_it_hears(signal.SIGTERM)
    if moment not in BEFORE_TASKS:
        run.wait_until_it_works()
    run.process.send_signal(signal.SIGTERM)
    run.finish().check_status(6)
    run.check_timeline()
    report = run.report("grace_over")
    stuck = report["stuck"]
    check(stuck, "nobody is stuck")
    stacks = [line for each in stuck for line in each["stack"]]
    check(any("fault_loop" in line for line in stacks), f"the loop is not in {stacks}")
    if moment in ("first_task", "mid_run"):
        task = 0 if moment == "first_task" else AT
        check((stuck[0]["task"], stuck[0]["operation"]) == (task, "sum"), f"stuck: {stuck[0]}")
        check(stuck[0]["seconds"] >= GRACE / 2, f"stuck for {stuck[0]['seconds']} s")
        check(report["tasks"]["abandoned"] > 0, "the stuck task is not abandoned")
    return tasks_in_words(report)


def killed():
    run = Run(moment="triggered")
    run.wait_until_it_works()
    run.process.kill()
    run.finish().check_status(-signal.SIGKILL)
    run.check_timeline()
    check(run.out == "", f"a part of a report: {run.out[:80]!r}")
    return "-"


def stopped():
    run = Run(moment="triggered")
    run.wait_until_it_works()
    run.process.send_signal(signal.SIGTERM)
    run.finish().check_status(0)
    run.check_timeline()
    return tasks_in_words(run.report("stop_signal"))


def stopped_twice(number, moment):
    run = Run("loop", moment, ["--grace=1h"])
    run.wait_until_it_hears(number)
    if moment not in BEFORE_TASKS:
        run.wait_until_it_works()
    run.process.send_signal(number)
    run.wait_until_it_has_heard(number)
    run.process.send_signal(number)
    run.finish().check_status(128 + number)
    run.check_timeline()
    return tasks_in_words(run.report("second_signal"))


def while_read(fault, path):
    """Crashes while somebody reads `path` of the endpoints again and again."""
    number = CRASHES[fault]
    run = Run(fault, "triggered", ["--listen=127.0.0.1:0", "--cpuprofile=cpu.pb.gz"])
    url = run.url(path)
    reading = threading.Event()

    def read():
        try:
            while True:
                with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                    reading.set()
                    answer.read()
        except (OSError, http.client.HTTPException):
            reading.set()  # the process is gone

    reader = threading.Thread(target=read)
    reader.start()
    if "seconds" not in path:
        reading.wait(PATIENCE)
    run.wait_until_it_works()
    run.pull_trigger()
    run.finish()
    reader.join()
    run.check_status(-number)
    check_place(run, number.name, fault, r"worker \d+, task \d+ \(\w+\)")
    check(os.path.getsize(run.path("cpu.pb.gz")) > 0, "no CPU profile of the run")
    return tasks_in_words(run.report("crash"))


FULL = "No space left on device"


def disk_full(option, words):
    """One output goes to a device that is always full."""
    run = Run(options=[option, "--verify=all"]).finish()
    run.check_status(4)
    run.check_said(words)
    report = run.report("tasks_done") if run.out else None
    check(report, "no report")
    check(report["tasks"]["processed"] == TASKS, f"{report['tasks']['processed']} processed")
    return tasks_in_words(report)


def disk_full_at_report(fault, status):
    with open("/dev/full", "wb") as full:
        run = Run(fault, stdout=full).finish()
    run.check_status(status)
    run.check_said(rf"cannot write to standard output: {FULL}\n")
    run.check_timeline()
    return "-"


def no_folder(option):
    run = Run(options=[f"--{option}=/no/such/folder/file"]).finish()
    run.check_status(4)
    run.check_said(rf"--{option}: cannot write /no/such/folder/file: there is no folder ")
    check(run.out == "", "a report of a run that should not have begun")
    return "-"


def is_accounted_for(run):
    """Of a run that got too little of something: it says so, or it is done."""
    check(run.status in (0, 3, 4), f"status {run.status}: {run.err[-300:]}")
    if run.status == 0:
        report = run.report("tasks_done")
        check(report["tasks"]["processed"] == TASKS, "tasks are missing")
        return True
    lines = [line for line in run.err.splitlines() if " at http://" not in line]
    check(lines, "it says nothing")
    check(not any("internal error" in line for line in lines), str(lines))
    if run.out:
        run.report("tasks_done")
    return False


OUTPUTS = ("--results=results", "--cpuprofile=cpu.pb.gz", "--task-timeout=1s",
           "--listen=127.0.0.1:0")


def few(kind, amounts, words, before=lambda: None):
    """With so little of `kind` that it does not start, and with more until all goes well."""
    said = 0
    for amount in amounts:

        def limit(amount=amount):
            before()
            resource.setrlimit(kind, (amount, amount))

        run = Run(options=OUTPUTS, limit=limit, shared=True).finish()
        if is_accounted_for(run):
            check(said > 0, f"{amount} are no shortage")
            return f"{said} runs that had too little, {amount} are enough"
        said += re.search(words, run.err) is not None
    raise Bad(f"{max(amounts)} are not enough: {run.err[-300:]}")


def few_descriptors():
    # The loader, which is not ours, takes one.
    return few(resource.RLIMIT_NOFILE, range(4, 200), "Too many open files")


def few_threads():
    nobody = 65534

    def become_nobody():
        if os.getuid() == 0:  # who has no limit
            os.setgid(nobody)
            os.setuid(nobody)

    return few(
        resource.RLIMIT_NPROC, range(1, 2000), r"no more threads can be had: .*ulimit -u", become_nobody
    )


# Where even words take memory the process dies, but not untold, and not before its counts.
def little_memory():
    told = 0
    for mebibytes in range(40, 1000, 8):
        size = mebibytes << 20
        run = Run(
            options=OUTPUTS, limit=lambda size=size: resource.setrlimit(resource.RLIMIT_AS, (size, size))
        ).finish()
        if run.status == 0:
            check(is_accounted_for(run) and told > 0, f"{mebibytes} MiB are no shortage")
            return f"{told} runs that had too little, {mebibytes} MiB are enough"
        if run.status < 0:
            check("; the stack, innermost first:" in run.err, f"dies untold of {-run.status}")
            check(run.out or counts_in_words(run), "no counts")
        else:
            is_accounted_for(run)
        told += 1
    raise Bad("no size is enough")


def cells():
    for fault in CRASHES:
        for moment in MOMENTS:
            if (fault, moment) == ("overflow", "thread"):
                yield "overflow", "thread", overflow_in_own_thread
            else:
                yield fault, moment, lambda fault=fault, moment=moment: crash(fault, moment)
    for moment in ("start", "mid_run", "job"):
        yield "unnamed", moment, lambda moment=moment: crash_unnamed(moment)
        yield "teller", moment, lambda moment=moment: crash_of_teller(moment)
        yield "twice", moment, lambda moment=moment: crash_twice(moment)
    for moment in MOMENTS:
        yield "exit", moment, lambda moment=moment: exits(moment)
    for moment in MOMENTS:
        if moment != "thread":  # a thread that hangs holds nobody up
            yield "loop", moment, lambda moment=moment: hangs(moment)
    yield "disk full", "results", lambda: disk_full(
        "--results=/dev/full", f"cannot write the results to '/dev/full': {FULL}\n"
    )
    yield "disk full", "cpuprofile", lambda: disk_full(
        "--cpuprofile=/dev/full", f"cannot write the CPU profile to '/dev/full': {FULL}\n"
    )
    yield "disk full", "memprofile", lambda: disk_full("--memprofile=/dev/full", f": {FULL}\n")
    yield "disk full", "timeline", lambda: disk_full(
        "--timeline=/dev/full", f"cannot write the timeline to '/dev/full': {FULL}\n"
    )
    yield "disk full", "report", lambda: disk_full_at_report("none", 4)
    yield "disk full", "segv", lambda: disk_full_at_report("segv", -signal.SIGSEGV)
    for option in ("results", "cpuprofile", "memprofile", "timeline"):
        yield "no folder", option, lambda option=option: no_folder(option)
    yield "few", "descriptors", few_descriptors
    yield "few", "threads", few_threads
    yield "little", "memory", little_memory
    yield "SIGKILL", "mid_run", killed
    yield "SIGTERM", "mid_run", stopped
    for number in (signal.SIGINT, signal.SIGTERM):
        for moment in ("start", "first_task", "stop"):
            name = f"{number.name} twice"
            yield name, moment, lambda number=number, moment=moment: stopped_twice(number, moment)
    for fault in CRASHES:
        yield fault, "scraped", lambda fault=fault: while_read(fault, "/metrics")
        yield (
            fault,
            "profiled",
            lambda fault=fault: while_read(fault, "/debug/pprof/profile?seconds=30"),
        )


def main():
    bad = 0
    total = 0
    print(f"{'fault':<14}{'moment':<14}{'':<6}generated = processed + failed + drained + abandoned")
    for fault, moment, run_cell in cells():
        if CHOSEN and not any(word in f"{fault} {moment}" for word in CHOSEN):
            continue
        total += 1
        try:
            verdict, words = "good", run_cell()
        except Bad as error:
            verdict, words = "BAD", str(error)
            bad += 1
        print(f"{fault:<14}{moment:<14}{verdict:<6}{words}", flush=True)
    print(f"{total} cells, {bad} bad")
    return 1 if bad or not total else 0


if __name__ == "__main__":
    sys.exit(main())
