# SPDX-License-Identifier: MIT
"""Counts what `meson test` did: test_counts.py TESTLOG.JSON STATUS

Prints the output of each test that failed, why each skipped one was skipped,
and on the last line three numbers: passed, failed, skipped. STATUS is what
`meson test` exited with; when that is a failure that no test accounts for, it
counts as one. Exits with 1 when no test ran.
"""

import json
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP", "IGNORED"}
SHOWN_LINES = 30


def output_of(test):
    return (test.get("stdout", "") + test.get("stderr", "")).strip().splitlines()


def show_failed(test):
    print(f"\nFAILED ({test['result']}): {test['name']}, by {' '.join(test['command'])}")
    for line in output_of(test)[-SHOWN_LINES:]:
        print(f"  {line}")


def show_skipped(test):
    reason = (output_of(test) or ["it gave no reason"])[-1]
    print(f"skipped: {test['name']}: {reason}")


def main(path, status):
    try:
        with open(path, encoding="utf-8") as log:
            tests = [json.loads(line) for line in log]
    except OSError:
        tests = []
    if not tests:
        return 1
    passed = [test for test in tests if test["result"] in PASSED]
    skipped = [test for test in tests if test["result"] in SKIPPED]
    failed = [test for test in tests if test not in passed and test not in skipped]
    for test in skipped:
        show_skipped(test)
    for test in failed:
        show_failed(test)
    failures = len(failed)
    if status != 0 and failures == 0:
        print(f"\nFAILED: meson test exited with {status}, though no test failed")
        failures = 1
    print(len(passed), failures, len(skipped))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
