#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""panels.py TASKWORKER [DASHBOARD.json...]: every panel and rule shows something.

The workers bad and optimized run under the load of the demo stack, and a Prometheus with its
configuration scrapes them for a minute. Then each expression of each panel, rule and variable
is asked for, each link of a panel is followed, and what they tell is looked at: threads, jobs
and memory of bad rise, those of optimized do not.
"""

import contextlib
import glob
import json
import math
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import dashboard_lint as lint

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PROMETHEUS_FILES = os.path.join(SOURCE, "deploy", "prometheus")
LOAD = ["--tasks=0", "--duration=0", "--workers=4", "--rate=50", "--report=none"]
STRATEGIES = {
    "bad": "bad:thread-every=100:leak-limit-jobs=100000:leak-limit-threads=1000",
    "optimized": "optimized",
}
SCRAPE_SECONDS = 1
SAMPLES = 60
PATIENCE_SECONDS = 180
WARM_UP_SECONDS = 5  # left out of the story
TOLD = {
    "threads": "worker_active_threads",
    "jobs": "worker_active_jobs",
    "memory": "worker_allocated_memory_bytes",
}
# What a single figure has to be, by the title of its panel: from, to.
FIGURES = {
    "Workers up": (2, 2),
    "Workers down": (0, 0),
    "Alerts": (0, 0),
    "Strategies": (2, 2),
    "Builds": (1, 1),
    "Failed": (0, 0),
    "Tasks per second": (80, 110),
    "Rate ratio": (0.8, 1.25),
    "Threads ratio": (0.01, 0.8),
    "Jobs ratio": (0.0001, 0.05),
    "Memory ratio": (0.1, 0.95),
    "Allocations ratio": (0.01, 0.8),
    "CPU ratio": (0.01, 0.95),
}

# --- what is expected, as functions of values alone --------------------------------------------


def thirds(values):
    """The first and the last third."""
    count = len(values) // 3
    return values[:count], values[-count:]


def rises(values):
    first, last = thirds(values)
    return min(last) > max(first)


def rises_mostly(values):
    """For memory, which has peaks: the middle values count."""
    first, last = thirds(values)
    return statistics.median(last) > 1.1 * statistics.median(first)


def stays(values):
    first, last = thirds(values)
    return statistics.median(last) <= 1.1 * statistics.median(first)


def story_faults(told):
    """What is not as it should be in {worker_type: {threads, jobs, memory: [value...]}}."""
    expected = {
        "bad": {"threads": rises, "jobs": rises, "memory": rises_mostly},
        "optimized": {"threads": stays, "jobs": stays, "memory": stays},
    }
    faults = []
    for worker, checks in expected.items():
        for name, check in checks.items():
            values = told.get(worker, {}).get(name, [])
            if len(values) < 6:
                faults.append(f"{name} of {worker}: {len(values)} values are too few")
            elif not check(values):
                faults.append(f"{name} of {worker}: {check.__name__} is not true of {values}")
    return faults


def answer_fault(result, worker_types=(), figure=None):
    """What is wrong with the answer to a query, or None.

    Each of the types must be in it; a figure is the least and the most that one value may be.
    """
    finite = [each for each in result if math.isfinite(float(each["value"][1]))]
    if not result:
        return "no series"
    if not finite:
        return f"{len(result)} series without a number: {result[0]}"
    value = float(finite[0]["value"][1])
    if figure and (len(finite) > 1 or not figure[0] <= value <= figure[1]):
        return f"{len(finite)} values, {value}: not one from {figure[0]} to {figure[1]}"
    missing = set(worker_types) - {each["metric"].get("worker_type") for each in finite}
    return f"no number for {', '.join(sorted(missing))}" if missing else None


def self_test():
    """The checks can fail."""
    up = {"threads": list(range(12, 42)), "jobs": list(range(4, 1504, 50))}
    up["memory"] = [4e6 + 1e5 * i + (9e6 if i == 3 else 0) for i in range(30)]
    flat = {"threads": [12] * 30, "jobs": [4] * 30, "memory": [3e6, 3.1e6, 2.9e6] * 10}
    assert story_faults({"bad": up, "optimized": flat}) == []
    assert len(story_faults({"bad": flat, "optimized": up})) == 6
    assert len(story_faults({"bad": up})) == 3
    late = dict(up, threads=[12] * 20 + [13] * 10)
    assert story_faults({"bad": late, "optimized": flat}) == []
    assert len(story_faults({"bad": dict(up, jobs=[4] * 29 + [5]), "optimized": flat})) == 1

    def series(worker, value):
        return {"metric": {"worker_type": worker}, "value": [0, value]}

    good = [series("bad", "1"), series("optimized", "0")]
    assert answer_fault(good, STRATEGIES) is None
    assert answer_fault([]) and answer_fault([series("bad", "NaN")])
    assert answer_fault(good[:1], figure=(1, 1)) is None
    assert answer_fault(good[:1], figure=(2, 3)) and answer_fault(good, figure=(0, 2))
    assert answer_fault(good[:1], STRATEGIES)
    assert answer_fault([good[0], series("optimized", "+Inf")], STRATEGIES)
    lint.check_parser()


# --- the parts that run --------------------------------------------------------------------------


class Process:
    """A program whose output is in a file; stopped at the end, whatever happens."""

    def __init__(self, folder, name, command):
        self.name = name
        self.log = os.path.join(folder, name + ".log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def text(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def wait_for(self, what, probe):
        """Until probe() is true, while the process lives."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not (found := probe()):
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended with {self.process.returncode}: {what}")
            if time.monotonic() > end:
                raise SystemExit(f"{self.name}: not within {PATIENCE_SECONDS} s: {what}")
            time.sleep(0.2)
        return found


def started_worker(folder, program, name):
    options = [f"--strategy={STRATEGIES[name]}", "--listen=127.0.0.1:0", *LOAD]
    return Process(folder, "worker-" + name, [program, *options])


def address_of(worker):
    pattern = r"http://(127\.0\.0\.1:\d+)/metrics"
    return worker.wait_for("an address", lambda: re.search(pattern, worker.text()))[1]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def configuration(addresses, own_address):
    """That of the stack, with other targets, and more often."""
    with open(os.path.join(PROMETHEUS_FILES, "prometheus.yml"), encoding="utf-8") as file:
        text = file.read()
    changes = [("scrape_interval: 5s", f"scrape_interval: {SCRAPE_SECONDS}s")]
    changes += [("evaluation_interval: 5s", f"evaluation_interval: {SCRAPE_SECONDS}s")]
    for name, port in (("bad", 9090), ("optimized", 9091)):
        changes += [(f"[worker-{name}:9090]", f"['{addresses[name]}']")]
        changes += [(f"instance: localhost:{port}", f"instance: '{addresses[name]}'")]
    changes += [("targets: [localhost:9090]", f"targets: ['{own_address}']")]
    changes += [("names: [worker-custom]", "names: [worker-custom.invalid]")]  # never there
    for old, new in changes:
        if text.count(old) != 1:
            raise SystemExit(f"prometheus.yml: '{old}' is there {text.count(old)} times, not once")
        text = text.replace(old, new)
    return text


class Prometheus(Process):
    def __init__(self, folder, addresses):
        self.address = f"127.0.0.1:{free_port()}"
        for path in glob.glob(os.path.join(PROMETHEUS_FILES, "*rules*.yml")):
            shutil.copy(path, folder)
        config = os.path.join(folder, "prometheus.yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(configuration(addresses, self.address))
        command = ["prometheus", f"--config.file={config}", "--storage.tsdb.path=data"]
        super().__init__(folder, "prometheus", [*command, f"--web.listen-address={self.address}"])

    def get(self, path, **parameters):
        """The data of an answer of the HTTP API; raises ValueError with what Prometheus says."""
        url = f"http://{self.address}/api/v1/{path}"
        if parameters:
            url += "?" + urllib.parse.urlencode(parameters)
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error)["error"]) from error

    def query(self, expression, **parameters):
        return self.get("query", query=expression, **parameters)["result"]

    def has_samples(self):
        """True once each worker was scraped often enough."""
        try:
            counts = self.query('count_over_time((up{job="taskworker"} == 1)[2m:1s])')
        except OSError:
            return False  # not up yet
        enough = [each for each in counts if float(each["value"][1]) >= SAMPLES]
        return len(enough) == len(STRATEGIES)


# --- what is asked -------------------------------------------------------------------------------


class Asker:
    """Asks for expressions, all at the same time of Prometheus, and remembers what was wrong."""

    def __init__(self, prometheus):
        self.prometheus = prometheus
        self.now = time.time()
        self.faults = []
        self.asked = 0

    def ask(self, where, expression, worker_types=(), figure=None):
        self.asked += 1
        try:
            result = self.prometheus.query(expression, time=self.now)
            fault = answer_fault(result, worker_types, figure)
        except ValueError as error:
            result, fault = [], str(error)
        print(f"{len(result):4d}  {where}" + (f"  FAULT: {fault}" if fault else ""))
        if fault:
            self.faults.append(f"{where}: {fault}: {expression}")

    def note(self, fault):
        print(f"      FAULT: {fault}")
        self.faults.append(fault)


def chosen_values(dashboard, addresses):
    """The variables as Grafana fills them in: all chosen, and each chosen by name."""
    fixed = {
        "__rate_interval": f"{4 * SCRAPE_SECONDS}s",
        "__interval": f"{SCRAPE_SECONDS}s",
        "__range": f"{SAMPLES}s",
        "__range_s": SAMPLES,
    }
    for each in lint.variables_of(dashboard):
        if not each.get("multi"):
            fixed[each["name"]] = each.get("current", {}).get("value")
    names = "|".join(each.replace(".", r"\\.") for each in addresses.values())
    yield "all", dict(fixed, job=".+", instance=".+")
    yield "chosen", dict(fixed, job="(taskworker)", instance=f"({names})")


def ask_panels(asker, file, dashboard, addresses):
    for panel, target in lint.targets_of(dashboard):
        per_worker = "{{worker_type}}" in target.get("legendFormat", "")
        for how, values in chosen_values(dashboard, addresses):
            where = f"{file}: {panel['title']}: {target['refId']} ({how})"
            expression = lint.expanded(target["expr"], values)
            figure = FIGURES.get(panel["title"])
            asker.ask(where, expression, STRATEGIES if per_worker else (), figure)


def ask_variables(asker, file, dashboard, addresses):
    """As Grafana does: label_values(METRIC{...}, LABEL) asks for the values of a label."""
    values = next(chosen_values(dashboard, addresses))[1]
    for each in lint.variables_of(dashboard, "query"):
        asker.asked += 1
        query = lint.expanded(each["query"], values)
        metric, label = re.fullmatch(r"label_values\((.+), (\w+)\)", query).groups()
        found = asker.prometheus.get(f"label/{label}/values", **{"match[]": metric})
        print(f"{len(found):4d}  {file}: variable {each['name']}: {', '.join(found)}")
        default = each.get("current", {}).get("value")
        if not found or (not each.get("multi") and default not in found):
            asker.note(f"{file}: variable {each['name']}: {default} is not in {found}")


def within_run(expression):
    """An offset of minutes is longer than the run: seconds stand for them."""
    return re.sub(r"\boffset \d+m\b", "offset 10s", expression)


def ask_rules(asker):
    """Every rule is healthy, and what it looks at is there."""
    groups = asker.prometheus.get("rules")["groups"]
    rules = [each for group in groups for each in group["rules"]]
    written = 0
    for path in glob.glob(os.path.join(PROMETHEUS_FILES, "*rules*.yml")):
        with open(path, encoding="utf-8") as file:
            written += len(re.findall(r"^ *- (?:record|alert):", file.read(), re.MULTILINE))
    if len(rules) != written:
        asker.note(f"rules: {written} are written and {len(rules)} are loaded")
    for rule in rules:
        if rule["health"] != "ok":
            asker.note(f"rule {rule['name']}: {rule['health']} {rule.get('lastError', '')}")
        if rule["type"] == "recording":
            asker.ask(f"rule {rule['name']}", rule["query"])
            asker.ask(f"rule {rule['name']}: recorded", rule["name"])
            continue
        for operand in lint.operands_of(rule["query"]):
            expression = within_run(lint.without_comparison(operand))
            asker.ask(f"alert {rule['name']}: {' '.join(expression.split())[:60]}", expression)


def follow_links(asker, dashboards, addresses):
    """Each link of a panel, at each worker."""
    panels = [panel for each in dashboards.values() for panel in lint.panels_of(each)]
    urls = {link["url"] for panel in panels for link in lint.links_of(panel)}
    for page in sorted({lint.WORKER_HOST.sub("", url) for url in urls}):
        sizes = []
        for name, address in addresses.items():
            try:
                with urllib.request.urlopen(f"http://{address}{page}", timeout=60) as answer:
                    sizes.append(len(answer.read()))
            except OSError as error:
                asker.note(f"link {page} of {name}: {error}")
        print(f"      link {page}: {' and '.join(map(str, sizes))} bytes")


def told_by(prometheus, now):
    """The values of the last minute, by worker and by what they are of."""
    told = {name: {} for name in STRATEGIES}
    span = {"start": now - SAMPLES + WARM_UP_SECONDS, "end": now, "step": SCRAPE_SECONDS}
    for what, metric in TOLD.items():
        query = f'{metric}{{job="taskworker"}}'
        for each in prometheus.get("query_range", query=query, **span)["result"]:
            values = [float(value) for _, value in each["values"]]
            told[each["metric"]["worker_type"]][what] = values
    return told


def read_dashboards(paths):
    dashboards = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            dashboards[os.path.basename(path)] = json.load(file)
    return dashboards


def examine(prometheus, dashboards, addresses):
    """All questions; returns what was wrong."""
    asker = Asker(prometheus)
    print("series")
    for file, dashboard in dashboards.items():
        ask_variables(asker, file, dashboard, addresses)
        ask_panels(asker, file, dashboard, addresses)
    ask_rules(asker)
    follow_links(asker, dashboards, addresses)
    told = told_by(prometheus, asker.now)
    for worker, values in told.items():
        ends = [f"{name} {line[0]:,.0f} to {line[-1]:,.0f}" for name, line in values.items()]
        print(f"      {worker}: {', '.join(ends)}")
    for fault in story_faults(told):
        asker.note(fault)
    print(f"{asker.asked} questions, {len(asker.faults)} faults")
    return asker.faults


def run(program, dashboards):
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        parts = []
        try:
            for name in STRATEGIES:
                parts.append(stack.enter_context(started_worker(folder, program, name)))
            addresses = dict(zip(STRATEGIES, map(address_of, parts)))
            prometheus = stack.enter_context(Prometheus(folder, addresses))
            parts.append(prometheus)
            prometheus.wait_for(f"{SAMPLES} samples of each worker", prometheus.has_samples)
            faults = examine(prometheus, dashboards, addresses)
            is_good = not faults
            for fault in faults:
                print(f"fault: {fault}")
            return 0 if is_good else 1
        except BaseException:
            is_good = False
            raise
        finally:
            for part in [] if is_good else parts:
                print(f"--- the end of what {part.name} printed\n{part.text()[-3000:]}")


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    self_test()
    if not shutil.which("prometheus"):
        print("prometheus is not installed; Debian's package prometheus has it")
        return 77
    # A test that is stopped from outside stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    paths = arguments[1:] or sorted(glob.glob(os.path.join(SOURCE, "dashboards", "*.json")))
    return run(os.path.abspath(arguments[0]), read_dashboards(paths))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
