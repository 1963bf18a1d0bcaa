# SPDX-License-Identifier: MIT
"""Clients that misbehave, by slowhttptest and wrk, and one that behaves well."""

import http.client
import re
import subprocess
import threading

TOOLS = ("slowhttptest", "wrk")
CONNECTIONS = 200  # of each tool: far more than the server has places for
PATIENCE = 10  # seconds that a scrape may take, as with Prometheus


class Scraper:
    """Scrapes /metrics, one time after the other, until the end of `with`."""

    def __init__(self, port, pause=0.02, patience=PATIENCE):
        self.port = port
        self.pause = pause  # seconds from one to the next
        self.patience = patience
        self.count = 0
        self.failures = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def run(self):
        while not self.over.wait(self.pause):
            self.count += 1
            try:
                self.tasks()
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.failures.append(f"scrape {self.count}: {error!r}")

    def tasks(self):
        """How many are done. Raises OSError and what http.client raises."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            connection.request("GET", "/metrics", headers={"Connection": "close"})
            answer = connection.getresponse()
            text = answer.read().decode()
            counts = re.findall(r"^worker_tasks_processed_total\{\S+ (\S+)$", text, re.M)
            if answer.status != 200 or not counts:
                raise ValueError(f"{answer.status} {text[:80]!r}")
            return sum(map(float, counts))
        finally:
            connection.close()


class Pressure:
    """One kind of pressure for so many seconds, on its own processes."""

    # What slowhttptest does: heads that never end, bodies that never end, answers that are
    # read a few bytes at a time.
    SLOW = {
        "slow heads": ["-H", "-i", "1"],
        "slow bodies": ["-B", "-i", "1", "-s", "200000", "-t", "POST"],
        "slow readers": ["-X", "-w", "1", "-y", "16", "-n", "1", "-z", "8", "-k", "3"],
    }
    KINDS = (*SLOW, "many requests")

    def __init__(self, kind, port, seconds):
        url = f"http://127.0.0.1:{port}/"
        if kind in self.SLOW:
            path = "pprof/symbol" if kind == "slow bodies" else "metrics"
            self.command = ["slowhttptest", *self.SLOW[kind], "-c", str(CONNECTIONS)]
            self.command += ["-r", str(CONNECTIONS), "-l", str(seconds), "-p", "1", "-u", url + path]
        else:
            self.command = ["wrk", "-t", "2", "-c", str(CONNECTIONS), "-d", f"{seconds}s"]
            self.command.append(url + "metrics")
        self.said = ""
        self.has_run = False

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def wait(self):
        """Until it ends by itself; `said` is then what it counted, in one line."""
        output = re.sub(r"\x1b\[[0-9;]*m", "", self.process.communicate()[0])
        most = {}  # slowhttptest says each second how many it has of each kind
        for name, count in re.findall(r"^(connected|closed|error): +(\d+)", output, re.M):
            most[name] = max(most.get(name, 0), int(count))
        rate = re.search(r"Requests/sec: +(\S+)", output)
        if rate:
            most["requests per second"] = float(rate[1])
        self.said = ", ".join(f"{name} {count}" for name, count in most.items())
        self.has_run = self.process.returncode == 0 and any(most.values())
