#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""peers.py PEERS ARGUMENT...: that the benchmark runs, and leaves out nothing but what it names.

Which figures it finds is no matter of a test.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

COMMAND = sys.argv[1:]
sys.argv[1:] = []

PEERS = {
    "asio::thread_pool post",
    "oneTBB task_group run",
    "moodycamel with tokens",
    "mutex and condition variable",
}
END_TO_END = {"taskworker", "bare loop", "bare loop, through the ABI"} | PEERS
NULL_SECTIONS = {
    "Dispatch": {"taskworker"} | PEERS,
    "Harness": {"taskworker", "asio::thread_pool post"},
}
OPTIMIZED_SECTIONS = {f"End to end, {size} elements": END_TO_END for size in (10, 100, 1000)}
BAD_SECTIONS = {"Strategies": {"optimized", "bad:problems=none"}}
OPTIONAL = {"oneTBB task_group run", "moodycamel with tokens"}
GOALS = 14


def has_strategy(name):
    return any(argument.startswith(f"--{name}=") for argument in COMMAND)


def expected_sections():
    sections = dict(NULL_SECTIONS)
    if has_strategy("optimized"):
        sections |= OPTIMIZED_SECTIONS
        if has_strategy("bad"):
            sections |= BAD_SECTIONS
    return sections


def run_quickly():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "peers.json")
        subprocess.run(
            [*COMMAND, "--quick", f"--json={path}"], check=True, stdout=subprocess.DEVNULL
        )
        with open(path) as file:
            return json.load(file)


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.report = run_quickly()
        cls.left_out = {text.partition(" (")[0] for text in cls.report["left_out"]}

    def test_leaves_out_only_what_need_not_be_there(self):
        self.assertLessEqual(self.left_out, OPTIONAL)

    def test_has_all_ways(self):
        ways = {
            section["name"]: {way["name"] for way in section["ways"]}
            for section in self.report["sections"]
        }
        expected = {name: all_ways - self.left_out for name, all_ways in expected_sections().items()}
        self.assertEqual(ways, expected)

    def test_has_all_rounds(self):
        for section in self.report["sections"]:
            self.assertEqual(len(section["foreign_cpus"]), 2, section["name"])
            for way in section["ways"]:
                self.assertEqual(len(way["cpu_ns"]), 2, way["name"])
                self.assertEqual(len(way["wall_ns"]), 2, way["name"])
                self.assertTrue(all(ns > 0 for ns in way["wall_ns"]), way["name"])

    def test_has_a_row_for_each_goal(self):
        self.assertEqual(len(self.report["reach"]), GOALS)
        if not self.left_out and expected_sections().keys() >= BAD_SECTIONS.keys():
            for goal in self.report["reach"]:
                if "Allocations" not in goal["what"]:
                    self.assertIn("reached", goal)


class Usage(unittest.TestCase):
    def test_of_an_unknown_option_is_told(self):
        ended = subprocess.run([COMMAND[0], "--loud"], capture_output=True, text=True)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("usage: peers", ended.stderr)


if __name__ == "__main__":
    unittest.main()
