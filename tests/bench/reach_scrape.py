# SPDX-License-Identifier: MIT
"""What GET /metrics takes while all cores are busy, and what it costs the tasks."""

import contextlib
import pathlib
import socket
import subprocess
import threading
import time

from reach_bench import CPUS, WORKERS, row
from whole_process import Failure, figures_of, ratios, run, spread_of, take_turns

SCRAPE_PAUSE = 0.004
SCRAPE_PERIOD = 0.1


class Server:
    """taskworker without end, with its endpoints. A context: it is stopped at its end."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        if self.process.wait(timeout=30) not in (0, 143):
            raise Failure(f"{self.process.args}: status {self.process.returncode}")

    def cpu_ns_of(self, thread_name):
        threads = pathlib.Path(f"/proc/{self.process.pid}/task")
        for thread in threads.iterdir():
            if (thread / "comm").read_text().strip() == thread_name:
                return int((thread / "schedstat").read_text().split()[0])
        raise Failure(f"no thread {thread_name}")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Scraper:
    """GET /metrics on one connection that is kept."""

    REQUEST = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def scrape(self):
        """How long the whole answer took, in nanoseconds."""
        began = time.perf_counter_ns()
        self.socket.sendall(self.REQUEST)
        head, _, body = self.receive_head().partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        left = length - len(body)
        while left > 0:
            left -= len(self.receive())
        took = time.perf_counter_ns() - began
        if not head.startswith(b"HTTP/1.1 200 "):
            raise Failure(f"/metrics: {head!r}")
        return took

    def receive_head(self):
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.receive()
        return received

    def receive(self):
        received = self.socket.recv(1 << 16)
        if not received:
            raise ConnectionError("closed")
        return received


def connected_scraper(port, ended=None):
    """Once somebody listens; None when `ended` is set before."""
    deadline = time.monotonic() + 10
    while ended is None or not ended.is_set():
        try:
            return Scraper(port)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.002)
    return None


def scrape_round(bench):
    """Scrapes, some ms apart, while the workers take all cores."""
    port = free_port()
    command = bench.command(
        "optimized",
        "--tasks=0",
        f"--workers={WORKERS}",
        "--worker-nice=10",
        f"--listen=127.0.0.1:{port}",
        "--report=none",
    )
    took = []
    with Server(command) as server:
        scraper = connected_scraper(port)
        scraper.scrape()
        time.sleep(0.2)
        cpu = server.cpu_ns_of("tw-http")
        for _ in range(bench.scale.scrapes):
            time.sleep(SCRAPE_PAUSE)
            took.append(scraper.scrape())
        cpu = server.cpu_ns_of("tw-http") - cpu
    took.sort()
    return {
        "p50_us": took[len(took) // 2] / 1e3,
        "p99_us": took[-(-len(took) * 99 // 100) - 1] / 1e3,
        "cpu_us": cpu / len(took) / 1e3,
    }


@contextlib.contextmanager
def scraped(port, counts):
    """Ten scrapes a second, for as long as somebody listens; `counts` gets how many."""
    ended = threading.Event()
    done = []

    def scrape_on():
        scraper = connected_scraper(port, ended)
        with contextlib.suppress(ConnectionError):  # the run is over
            while scraper and not ended.is_set():
                scraper.scrape()
                done.append(True)
                ended.wait(SCRAPE_PERIOD)

    thread = threading.Thread(target=scrape_on)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        counts.append(len(done))


def run_of_null(bench, is_scraped):
    port, counts = free_port(), []
    command = bench.command(
        bench.null,
        f"--tasks={bench.scale.scraped_tasks}",
        f"--workers={WORKERS}",
        f"--listen=127.0.0.1:{port}",
        "--report=none",
    )
    with scraped(port, counts) if is_scraped else contextlib.nullcontext():
        ended = run(command)
    if is_scraped and counts[0] == 0:
        raise Failure("the run was over before the first scrape")
    return {"cpu_ns": ended.cpu_ns / bench.scale.scraped_tasks, "scrapes": sum(counts)}


def measure_scrape(bench):
    """GET /metrics with all cores busy: how long it takes, and what it costs the tasks."""
    answers, foreign = take_turns({"answers": lambda: scrape_round(bench)}, bench.scale.rounds)
    pairs, taken = take_turns(
        {"without": lambda: run_of_null(bench, False), "with": lambda: run_of_null(bench, True)},
        bench.scale.scrape_rounds,
    )
    p99 = spread_of(figures_of(answers["answers"], "p99_us"))
    cpu = spread_of(figures_of(answers["answers"], "cpu_us"))
    cost = ratios(pairs["without"], pairs["with"], "cpu_ns")
    share = 1 + cpu.median / 1e6 / SCRAPE_PERIOD / CPUS
    rows = [
        row(
            "scrape/p99",
            f"GET /metrics, p99 of {bench.scale.scrapes}, {WORKERS} workers at nice 10",
            p99.text(".0f", " us"),
            p99.median,
            at_most=500,
            reach="at most 500 us",
        ),
        row(
            "scrape/cost",
            "CPU per task of null with 10 scrapes a second, against none",
            cost.text(".3f", " times"),
            cost.median,
            at_most=1.01,
            reach="at most 1.01 times",
        ),
        row(
            "scrape/share",
            "the same by the CPU of the thread that answers",
            f"{cpu.text('.0f', ' us a scrape')}: {share:.4f} times",
            share,
            at_most=1.01,
            reach="at most 1.01 times",
        ),
    ]
    return rows, answers | pairs, foreign + taken
