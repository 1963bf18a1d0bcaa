#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill_matrix.py [--self-test] TASKWORKER FAULTY_STRATEGY [WORD...]: fault x moment x outcome.

Each cell is a run in which one thing goes wrong at one moment. It is good when the process ends
as it should, says what it should, and accounts for every task. Prints the cells as a table, with
what is wrong with each bad one; exits with 1 when there is any. With words, only cells whose name
has one of them.

With --self-test each cell is also shown false outcomes, another exit status and a task that got
lost, and is bad when it takes one for good.
"""

import contextlib
import fcntl
import http.client
import os
import re
import resource
import signal
import struct
import sys
import tempfile
import termios
import threading
import urllib.request

from faulty_run import (
    AT,
    PATIENCE,
    TASKS,
    Bad,
    Run,
    check,
    counts_in_words,
    tasks_in_words,
    with_a_task_lost,
    with_other_status,
)
from scarcity import Unavailable, memory_limit, small_disk, thread_limit

LIMIT = 200  # ms; how long a thing that hangs may

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
        check(found == said, f"{found} results in the file, not {said}")
        # Beside its first task there may be no time for any other.
        check(found > 0 or moment == "first_task", "no results, though many tasks were done")
    return tasks_in_words(report)


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


# A child that a strategy makes may exit, and crash.
def forks():
    run = Run("fork").finish()
    run.check_status(0)
    check("the stack, innermost first" not in run.err, f"it tells of a child: {run.err[:300]}")
    return tasks_in_words(run.report("tasks_done"))


def check_stuck(report, fault="loop"):
    stuck = report["stuck"]
    check(stuck, "nobody is stuck")
    stacks = [line for each in stuck for line in each["stack"]]
    check(any(f"fault_{fault}" in line for line in stacks), f"fault_{fault} is not in {stacks}")
    return stuck


# The stream's lock is held by who waits for its next line.
def reads():
    reading, writing = os.pipe()
    with open(reading, "rb") as pipe, open(writing, "wb"):
        run = Run("read", options=[f"--grace={LIMIT}ms"], stdin=pipe)
        run.wait_until_it_works()
        run.process.send_signal(signal.SIGTERM)
        run.finish()
    run.check_status(6)
    report = run.report("grace_over")
    check_stuck(report, "read")
    return tasks_in_words(report)


def hangs(moment):
    run = Run("loop", moment, [f"--grace={LIMIT}ms"])
    run.wait_until_it_hears(signal.SIGTERM)
    if moment not in BEFORE_TASKS:
        run.wait_until_it_works()
    run.process.send_signal(signal.SIGTERM)
    run.finish().check_status(6)
    run.check_timeline()
    report = run.report("grace_over")
    stuck = check_stuck(report)
    if moment in ("first_task", "mid_run"):
        task = 0 if moment == "first_task" else AT
        check((stuck[0]["task"], stuck[0]["operation"]) == (task, "sum"), f"stuck: {stuck[0]}")
        check(stuck[0]["seconds"] >= LIMIT / 2000, f"stuck for {stuck[0]['seconds']} s")
        check(report["tasks"]["abandoned"] > 0, "the stuck task is not abandoned")
    return tasks_in_words(report)


def never_starts(moment):
    # To be opened takes a busy machine a while, too.
    run = Run("loop", moment, ["--start-timeout=1s"]).finish()
    run.check_status(6)
    run.check_timeline()
    report = run.report("start_overdue")
    check_stuck(report)
    check_tasks(report, moment)
    return tasks_in_words(report)


def killed():
    run = Run(moment="triggered")
    run.wait_until_it_works()
    run.process.kill()
    run.finish().check_status(-signal.SIGKILL)
    run.check_timeline()
    check(run.out == "", f"a part of a report: {run.out[:80]!r}")
    return "-"


def stopped(number):
    # Which is ignored where this runs under nohup.
    run = Run(moment="triggered", limit=lambda: signal.signal(number, signal.SIG_DFL))
    run.wait_until_it_works()
    run.process.send_signal(number)
    run.finish().check_status(0)
    run.check_timeline()
    return tasks_in_words(run.report("stop_signal"))


def hangup_ignored():
    run = Run(moment="triggered", limit=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    run.wait_until_it_works()
    check(run.has_signal("SigIgn", signal.SIGHUP), "it hears SIGHUP")
    run.process.send_signal(signal.SIGTERM)
    run.finish().check_status(0)
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


def messages_unread():
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as pipe:
        run = Run(options=["--listen=127.0.0.1:0"], stderr=pipe).finish()
    run.check_status(0)
    return tasks_in_words(run.report("tasks_done"))


@contextlib.contextmanager
def run_with_reader(*options):
    """A run that writes its results to a pipe, and the pipe's other end."""
    with tempfile.TemporaryDirectory() as folder:
        fifo = os.path.join(folder, "results")
        os.mkfifo(fifo)
        with open(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
            given = [f"--results={fifo}", "--verify=all", "--data-size=1000", *options]
            yield Run(moment="triggered", options=given), reader


def reader_gone():
    with run_with_reader() as (run, reader):
        run.wait_until_it_works()
        reader.close()
        run.process.send_signal(signal.SIGTERM)
        run.finish()
    run.check_status(4)
    run.check_said("cannot write the results to '.*': Broken pipe\n")
    return tasks_in_words(run.report("stop_signal"))


# Workers that want to write wait, in no task.
def reader_asleep(end):
    is_second = end == "second_signal"
    with run_with_reader(f"--grace={'1h' if is_second else f'{LIMIT}ms'}") as (run, reader):
        run.wait_for(lambda: is_full(reader), "its results filled the pipe")
        run.process.send_signal(signal.SIGTERM)
        if is_second:
            run.wait_until_it_has_heard(signal.SIGTERM)
            run.process.send_signal(signal.SIGTERM)
        run.finish()
    run.check_status(128 + signal.SIGTERM if is_second else 6)
    run.check_said("the results in '.*' are cut off after 0\n")
    return tasks_in_words(run.report(end))


def is_full(pipe):
    held = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]
    return held == fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)


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


def at_most(kind, amount, before=lambda: None):
    """What holds a process to its limit (getrlimit(2))."""

    def limit():
        before()
        resource.setrlimit(kind, (amount, amount))

    return contextlib.nullcontext(limit)


def few(amounts, limited_to, words):
    """With so little that it does not start, and with more until all goes well."""
    said = 0
    for amount in amounts:
        with limited_to(amount) as limit:
            run = Run(options=OUTPUTS, limit=limit, shared=True).finish()
        if is_accounted_for(run):
            check(said > 0, f"{amount} are no shortage")
            return f"{said} runs that had too little, {amount} are enough"
        said += re.search(words, run.err) is not None
    raise Bad(f"{max(amounts)} are not enough: {run.err[-300:]}")


def few_descriptors():
    # The loader, which is not ours, takes one.
    return few(
        range(4, 200), lambda amount: at_most(resource.RLIMIT_NOFILE, amount), "Too many open files"
    )


NO_THREADS = r"no more threads can be had: .*pids\.max"


def few_threads():
    nobody = 65534

    def become_nobody():
        if os.getuid() == 0:  # who has no limit
            os.setgid(nobody)
            os.setuid(nobody)

    return few(
        range(1, 2000),
        lambda amount: at_most(resource.RLIMIT_NPROC, amount, become_nobody),
        NO_THREADS,
    )


def few_threads_in_group():
    return few(range(1, 200), thread_limit, NO_THREADS)


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


# Of a death by the kernel nothing can be told afterwards: it is foreseen.
def memory_of_group():
    mebibytes = 96
    with memory_limit(mebibytes << 20) as limit:
        run = Run("eat", "first_task", [f"--strategy-opt=at={mebibytes * 95 // 100}"], limit=limit)
        run.wait_for(
            lambda: re.search(r"the process has [\d.]+ MiB of the 96\.0 MiB of memory", run.said()),
            "it foresaw its end",
        )
        run.pull_trigger()
        run.finish().check_status(-signal.SIGKILL)
        run.check_timeline()
    return "-"


def small_disk_full(option, what, pages, status=4):
    """The disk is full when a part of the file is written, of which nothing is left."""
    with small_disk(pages * os.sysconf("SC_PAGE_SIZE")) as disk:
        run = Run(options=[f"--{option}={disk}/file", "--verify=all", "--heap-sample=4096"])
        run.finish().check_status(status)
        run.check_said(f"cannot write the {what} to '{disk}/file': {FULL}\n")
        check(not (disk / "file").exists(), "a part of the file is left")
    report = run.report("tasks_done")
    check(report["tasks"]["processed"] == TASKS, f"{report['tasks']['processed']} processed")
    return tasks_in_words(report)


def cells():
    for fault in CRASHES:
        for moment in MOMENTS:
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
    yield "read", "mid_run", reads
    yield "fork", "mid_run", forks
    for moment in BEFORE_TASKS:
        yield "never starts", moment, lambda moment=moment: never_starts(moment)
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
    for option, what, pages in (
        ("results", "results", 8),
        ("memprofile", "heap profile", 1),
    ):
        yield (
            "small disk",
            option,
            lambda option=option, what=what, pages=pages: small_disk_full(option, what, pages),
        )
    yield "reader gone", "messages", messages_unread
    yield "reader gone", "results", reader_gone
    for end in ("grace_over", "second_signal"):
        yield "reader asleep", end, lambda end=end: reader_asleep(end)
    for option in ("results", "cpuprofile", "memprofile", "timeline"):
        yield "no folder", option, lambda option=option: no_folder(option)
    yield "few", "descriptors", few_descriptors
    yield "few", "threads", few_threads
    yield "few in group", "threads", few_threads_in_group
    yield "little", "memory", little_memory
    yield "group's end", "memory", memory_of_group
    yield "SIGKILL", "mid_run", killed
    for number in (signal.SIGTERM, signal.SIGHUP):
        yield number.name, "mid_run", lambda number=number: stopped(number)
    yield "nohup", "mid_run", hangup_ignored
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


def takes_for_good(run_cell, falsify):
    Run.falsify = falsify
    try:
        run_cell()
    except Bad:
        return False
    finally:
        Run.falsify = None
    return True


def try_cell(run_cell, is_self_test):
    """The words for it, when it is good."""
    words = run_cell()
    if is_self_test:
        check(not takes_for_good(run_cell, with_other_status), "takes any exit status")
        has_tasks = words != "-"
        check(
            not has_tasks or not takes_for_good(run_cell, with_a_task_lost), "sees no task get lost"
        )
    return words


def main():
    arguments = sys.argv[1:]
    is_self_test = arguments[0] == "--self-test"
    program, strategy, *chosen = arguments[is_self_test:]
    Run.program, Run.strategy = os.path.abspath(program), os.path.abspath(strategy)
    counts = {"good": 0, "BAD": 0, "skipped": 0}
    bad = []
    print(f"{'fault':<14}{'moment':<14}{'':<9}generated = processed + failed + drained + abandoned")
    for fault, moment, run_cell in cells():
        if chosen and not any(word in f"{fault} {moment}" for word in chosen):
            continue
        try:
            verdict, words = "good", try_cell(run_cell, is_self_test)
        except Bad as error:
            verdict, words = "BAD", str(error)
        except Unavailable as error:
            verdict, words = "skipped", str(error)
        counts[verdict] += 1
        line = f"{fault:<14}{moment:<14}{verdict:<9}{words}"
        print(line, flush=True)
        if verdict == "BAD":
            bad.append(line)
    print(*bad, sep="\n", end="\n" if bad else "")  # where the end of a log is all there is
    print(f"{sum(counts.values())} cells, {counts['BAD']} bad, {counts['skipped']} skipped")
    return 0 if counts["good"] and not counts["BAD"] else 1


if __name__ == "__main__":
    sys.exit(main())
