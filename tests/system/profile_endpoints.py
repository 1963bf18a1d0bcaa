#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""profile_endpoints.py TASKWORKER: every profile endpoint of a running program.

Profiles are decoded by pprof_profile.py, which shares nothing with the program,
and checked against the rules of those who read them.
"""

import concurrent.futures
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from pprof_profile import Profile

PROGRAM = os.path.abspath(sys.argv.pop(1))
GO_TYPES = {
    "profile": ([("samples", "count"), ("cpu", "nanoseconds")], ("cpu", "nanoseconds")),
    "wall": ([("samples", "count"), ("time", "nanoseconds")], ("wallclock", "nanoseconds")),
    "heap": (
        [
            ("alloc_objects", "count"),
            ("alloc_space", "bytes"),
            ("inuse_objects", "count"),
            ("inuse_space", "bytes"),
        ],
        ("space", "bytes"),
    ),
    "goroutine": ([("goroutine", "count")], ("goroutine", "count")),
    "threadcreate": ([("threadcreate", "count")], ("threadcreate", "count")),
    "mutex": ([("contentions", "count"), ("delay", "nanoseconds")], ("contentions", "count")),
}
GO_TYPES["allocs"] = GO_TYPES["heap"]
GO_TYPES["threads"] = GO_TYPES["jobs"] = GO_TYPES["goroutine"]
GO_TYPES["block"] = GO_TYPES["mutex"]
OF_TIME = ("profile", "wall")
TASKS = 20_000


class Worker:
    """The program, running, with its endpoints on a free port."""

    def __init__(self, strategy, *options):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [PROGRAM, f"--strategy={strategy}", "--listen=127.0.0.1:0", "--report=none", *options],
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder.name,
        )
        self.lines = []
        self.changed = threading.Condition()
        threading.Thread(target=self.read_lines, daemon=True).start()
        self.port = int(self.wait_for(r"http://127\.0\.0\.1:(\d+)/metrics")[1])

    def read_lines(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line)
                self.changed.notify_all()

    def wait_for(self, pattern):
        """The match of a line of standard error, once it is there."""
        with self.changed:
            found = self.changed.wait_for(
                lambda: next(filter(None, (re.search(pattern, each) for each in self.lines)), None),
                timeout=60,
            )
        assert found, f"no line with {pattern} in {self.lines}"
        return found

    def request(self, path, method="GET", body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def get(self, name):
        answer, body = self.request("/debug/pprof/" + name)
        assert answer.status == 200, f"{name}: {answer.status} {body[:200]!r}"
        return body

    def profile(self, name):
        return Profile(self.get(name))

    def metric(self, name):
        text = self.request("/metrics")[1].decode()
        return float(re.search(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)[1])

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=120)
        self.folder.cleanup()
        return status


class EndpointsOfBad(unittest.TestCase):
    """One run of bad that has done its tasks and stays up."""

    @classmethod
    def setUpClass(cls):
        cls.worker = Worker(
            "bad", f"--tasks={TASKS}", "--duration=10m", "--heap-sample=4096", "--workers=2"
        )
        cls.worker.wait_for("tasks done")

    @classmethod
    def tearDownClass(cls):
        status = cls.worker.stop()
        assert status == 0, f"the program ended with {status}"

    def test_each_profile_has_the_types_that_its_readers_know(self):
        for name, (sample_types, period_type) in GO_TYPES.items():
            with self.subTest(name):
                profile = self.worker.profile(name + ("?seconds=1" if name in OF_TIME else ""))
                self.assertEqual(profile.sample_types, sample_types)
                self.assertEqual(profile.period_type, period_type)
                self.assertGreater(profile.period, 0)
                self.assertLess(abs(profile.time_nanos / 1e9 - time.time()), 60)
                self.assertEqual(
                    profile.default_sample_type, "alloc_space" if name == "allocs" else ""
                )

    def test_the_first_mapping_is_the_program(self):
        profile = self.worker.profile("threads")
        self.assertEqual(profile.program, PROGRAM)
        for mapping in profile.mappings.values():
            if mapping.one(6):
                self.assertRegex(profile.strings[mapping.one(6)], r"^[0-9a-f]{40}$")

    def test_headers_are_those_of_go(self):
        for name, disposition in (
            ("heap", "heap"),
            ("heap?seconds=1", "heap-delta"),
            ("profile?seconds=1", "profile"),
            ("goroutine", "goroutine"),
        ):
            with self.subTest(name):
                answer, _ = self.worker.request("/debug/pprof/" + name)
                self.assertEqual(answer.getheader("Content-Type"), "application/octet-stream")
                self.assertEqual(answer.getheader("X-Content-Type-Options"), "nosniff")
                self.assertIsNone(answer.getheader("Content-Encoding"))
                self.assertEqual(
                    answer.getheader("Content-Disposition"),
                    f'attachment; filename="{disposition}"',
                )

    def test_the_five_paths_that_alloy_asks_for(self):
        """grafana/alloy: internal/component/pyroscope/scrape, and its validate.go."""
        for path in ("allocs", "block", "goroutine", "mutex", "profile?seconds=14"):
            with self.subTest(path):
                answer, body = self.worker.request(
                    "/debug/pprof/" + path, headers={"User-Agent": "Alloy/test"}
                )
                self.assertEqual(answer.status // 100, 2)
                self.assertEqual(answer.getheader("Content-Type"), "application/octet-stream")
                profile = Profile(body)
                self.assertTrue(profile.sample_types)
                self.assertLess(len(profile.samples), 16_000)

    def test_the_leak_is_named_by_line(self):
        profile = self.worker.profile("goroutine")
        jobs = profile.total_through(0, "start_helper_job")
        self.assertEqual(jobs, TASKS)
        lines = {
            (file, line)
            for frames, _, labels in profile.stacks()
            if labels["kind"] == "job"
            for name, file, line in frames
            if "start_helper_job" in name
        }
        self.assertEqual({file for file, _ in lines}, {"strategies/bad/bad.cpp"})
        self.assertGreater(profile.total_through(0, "run_helper_thread"), 900)

    def test_missing_capacity_and_excess_allocation_are_named(self):
        heap = self.worker.profile("heap")
        self.assertGreater(heap.total_through(3, "copy_by_append"), 200 * TASKS)
        allocs = self.worker.profile("allocs")
        for function in ("copy_by_append", "join_words", "make_log_entry"):
            self.assertGreater(allocs.total_through(1, function), 200 * TASKS, function)
        files = {file for frames, _, _ in allocs.stacks() for _, file, _ in frames}
        self.assertIn("strategies/bad/bad.cpp", files)

    def test_threads_jobs_and_both(self):
        threads, jobs = self.worker.profile("threads"), self.worker.profile("jobs")
        self.assertEqual(jobs.total(0), TASKS)
        self.assertEqual(threads.total(0), self.worker.metric("process_threads"))
        self.assertEqual(self.worker.profile("goroutine").total(0), threads.total(0) + TASKS)
        self.assertGreaterEqual(
            self.worker.profile("threadcreate").total(0), threads.total(0) - 1
        )

    def test_suspects_are_named_after_ten_seconds(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            left = self.worker.profile("goroutine?leaked=1")
            if left.total(0) >= TASKS + 900:
                break
        self.assertEqual({labels["leak"] for _, _, labels in left.samples}, {"suspect"})
        self.assertEqual(left.total_through(0, "start_helper_job"), TASKS)
        self.assertGreater(left.total_through(0, "start_helper_thread"), 900)
        self.assertIn("bad.cpp", self.worker.get("goroutine?leaked=1&debug=1").decode())

    def test_seconds_gives_what_came_in_that_time(self):
        whole, growth = self.worker.profile("allocs"), self.worker.profile("allocs?seconds=1")
        self.assertLess(growth.total(1), whole.total(1) / 2)
        self.assertGreater(growth.duration_nanos, 0.9e9)
        self.assertEqual(self.worker.profile("threadcreate?seconds=1").total(0), 0)

    def test_a_person_can_read_each_as_text(self):
        for name in GO_TYPES:
            time_wanted = "seconds=1&" if name in OF_TIME else ""
            for debug in (1, 2):
                with self.subTest(name, debug=debug):
                    answer, body = self.worker.request(
                        f"/debug/pprof/{name}?{time_wanted}debug={debug}"
                    )
                    self.assertEqual(answer.status, 200)
                    self.assertEqual(answer.getheader("Content-Type"), "text/plain; charset=utf-8")
                    self.assertGreater(len(body.decode()), 30)
        self.assertIn("copy_by_append", self.worker.get("heap?debug=1").decode())
        self.assertRegex(self.worker.get("goroutine?debug=1").decode(), r"^goroutine profile: total ")
        self.assertRegex(self.worker.get("goroutine?debug=2").decode(), r'thread \d+ "tw-http" \[')

    def test_look_back_answers_at_once(self):
        before = time.monotonic()
        profile = self.worker.profile("profile?last=60")
        self.assertLess(time.monotonic() - before, 20)
        self.assertEqual(profile.sample_types, GO_TYPES["profile"][0])
        self.assertGreater(profile.duration_nanos, 0)

    def test_the_index_and_the_flame_graphs(self):
        index = self.worker.get("").decode()
        for name in GO_TYPES:
            self.assertIn(f"<h3>{name}</h3>", index)
        answer, _ = self.worker.request("/debug/pprof")
        self.assertEqual((answer.status, answer.getheader("Location")), (301, "/debug/pprof/"))
        for target in re.findall(r'href="([^"]+)"', index):
            with self.subTest(target):
                self.worker.get(target.replace("&amp;", "&"))

    def test_symbols_and_command_line(self):
        profile = self.worker.profile("threads")
        location = next(each for each in profile.locations.values() if profile.frames(each))
        address = hex(location.one(3))
        expected = profile.frames(location)
        for path in ("/debug/pprof/symbol", "/pprof/symbol"):
            self.assertEqual(self.worker.request(path)[1], b"num_symbols: 1\n")
            answer, body = self.worker.request(path, "POST", f"{address}+0x1")
            self.assertEqual(answer.status, 200)
            names = "--".join(name for name, _, _ in expected)
            self.assertEqual(body.decode(), f"num_symbols: 1\n{address} {names}\n")
        command_line = self.worker.request("/debug/pprof/cmdline")[1].split(b"\0")
        self.assertEqual(command_line[:2], [PROGRAM.encode(), b"--strategy=bad"])

    def test_bad_requests_are_refused_in_words(self):
        for path, said in (
            ("profile?seconds=abc", "seconds takes a whole number from 1 to 3600"),
            ("profile?seconds=-1", "seconds takes"),
            ("profile?seconds=99999999999999999999", "seconds takes"),
            ("profile?hz=0", "hz takes a whole number from 1 to 250"),
            ("profile?hz=9999", "hz takes"),
            ("heap?debug=9", "debug takes a whole number from 0 to 2"),
            ("heap?hz=100", "unknown parameter; this resource takes: seconds, debug, peak, gc"),
            ("flamegraph?profile=nonsense", "profile takes one of: cpu, profile, heap"),
        ):
            with self.subTest(path):
                answer, body = self.worker.request("/debug/pprof/" + path)
                self.assertEqual(answer.status, 400)
                self.assertEqual(answer.getheader("X-Go-Pprof"), "1")
                self.assertTrue(answer.getheader("Content-Type").startswith("text/plain"))
                self.assertIn(said, body.decode())
        answer, body = self.worker.request("/debug/pprof/nonsense")
        self.assertEqual(answer.status, 404)
        self.assertIn("/debug/pprof/heap", body.decode())
        answer, body = self.worker.request("/debug/pprof/heap", "POST", "sampling=maybe")
        self.assertEqual(answer.status, 400)

    def test_a_client_that_leaves_ends_its_profile(self):
        clients = []
        for _ in range(8):
            client = socket.create_connection(("127.0.0.1", self.worker.port))
            client.sendall(b"GET /debug/pprof/profile?seconds=600 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            clients.append(client)
        for client in clients:
            client.close()
        # All places are free again, or these would get 429.
        with concurrent.futures.ThreadPoolExecutor(8) as several:
            paths = ["/debug/pprof/profile?seconds=1"] * 8
            statuses = [answer.status for answer, _ in several.map(self.worker.request, paths)]
        self.assertEqual(statuses, [200] * 8)

    def test_fifty_at_once_are_served_or_told_to_come_back(self):
        with concurrent.futures.ThreadPoolExecutor(50) as many:
            paths = ["/debug/pprof/profile?seconds=2"] * 50
            answers = list(many.map(self.worker.request, paths))
        statuses = [answer.status for answer, _ in answers]
        self.assertEqual(set(statuses), {200, 429})
        self.assertGreaterEqual(statuses.count(200), 16)
        for answer, body in answers:
            if answer.status == 429:
                self.assertTrue(answer.getheader("Retry-After"))
            else:
                Profile(body)
        self.worker.get("heap")

    def test_heap_sampling_is_switched_by_post_alone(self):
        answer, _ = self.worker.request("/debug/pprof/heap?sampling=off")
        self.assertEqual(answer.status, 400)
        answer, body = self.worker.request("/debug/pprof/heap", "POST", "sampling=off")
        self.assertEqual((answer.status, body), (303, b"sampling is off\n"))
        self.assertIn("not sampled", self.worker.get("").decode())
        answer, _ = self.worker.request(
            "/debug/pprof/heap", "POST", "sampling=on", {"Origin": "http://elsewhere.example"}
        )
        self.assertEqual(answer.status, 403)
        answer, body = self.worker.request("/debug/pprof/heap", "POST", "sampling=on")
        self.assertEqual((answer.status, body), (303, b"sampling is on\n"))
        self.assertNotIn("not sampled", self.worker.get("").decode())

    def test_a_signal_writes_the_heap(self):
        self.worker.process.send_signal(signal.SIGUSR2)
        path = self.worker.wait_for(r"heap written to (\S+\.heap)")[1]
        with open(os.path.join(self.worker.folder.name, path), encoding="utf-8") as file:
            self.assertRegex(file.readline(), r"^heap_v2/4096$")

    def test_the_profiler_tells_of_itself(self):
        self.worker.get("profile?seconds=1")
        self.assertGreater(self.worker.metric("taskworker_profiler_samples_total"), 0)
        self.assertGreater(self.worker.metric("taskworker_profiler_cpu_seconds_total"), 0)
        self.assertEqual(self.worker.metric("taskworker_profiler_threads_without_timer"), 0)


class CpuProfiles(unittest.TestCase):
    def test_two_readers_of_different_rates_see_the_same_time(self):
        worker = Worker("optimized", "--tasks=0", "--duration=10m", "--workers=2")
        try:
            with concurrent.futures.ThreadPoolExecutor(2) as both:
                paths = ("profile?seconds=6&hz=250", "profile?seconds=6&hz=20")
                fast, slow = both.map(worker.profile, paths)
            self.assertEqual((fast.period, slow.period), (4_000_000, 50_000_000))
            self.assertGreater(fast.total(1), 1e9)
            self.assertLess(abs(fast.total(1) - slow.total(1)) / fast.total(1), 0.1)
            for profile in (fast, slow):
                for _, _, labels in profile.samples:
                    self.assertEqual(set(labels), {"operation", "strategy", "thread", "worker"})
            workers = {labels["worker"] for _, _, labels in fast.samples}
            self.assertLessEqual({"0", "1"}, workers)
            operations = {labels["operation"] for _, _, labels in fast.samples}
            self.assertLessEqual({"sum", "multiply", "square", "filter"}, operations)
        finally:
            self.assertEqual(worker.stop(), 0)

    def test_optimized_leaves_nothing_behind(self):
        worker = Worker("optimized", "--tasks=20000", "--duration=10m", "--workers=2")
        try:
            worker.wait_for("tasks done")
            self.assertEqual(worker.profile("goroutine?leaked=1").samples, [])
        finally:
            self.assertEqual(worker.stop(), 0)

    def test_profiles_of_a_whole_run_go_to_files(self):
        with tempfile.TemporaryDirectory() as folder:
            cpu, heap = folder + "/cpu.pb.gz", folder + "/heap.pb.gz"
            subprocess.run(
                [PROGRAM, "--strategy=bad", "--tasks=20000", "--duration=0", "--listen=none"]
                + ["--report=none", f"--cpuprofile={cpu}", f"--memprofile={heap}"],
                check=True,
            )
            with open(cpu, "rb") as file:
                profile = Profile(file.read())
            self.assertGreater(profile.total_through(1, "bad"), profile.total(1) / 10)
            with open(heap, "rb") as file:
                self.assertEqual(Profile(file.read()).sample_types, GO_TYPES["heap"][0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
