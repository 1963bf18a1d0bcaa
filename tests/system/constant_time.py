#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""constant_time.py TOKEN_CHECK: to check a token takes the same instructions, however
much of it is right."""

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile

GIVEN = "0123456789abcdef" * 64  # longer than what memcmp() compares in one step
TOKENS = {
    "the first wrong": "x" + GIVEN[1:],
    "the last wrong": GIVEN[:-1] + "x",
    "half right": GIVEN[:512] + "x" * 512,
    "all wrong": "x" * 1024,
}
SCHEMES = {
    "Bearer": f"Bearer {GIVEN}",
    "Basic": "Basic " + base64.b64encode(f"x:{GIVEN}".encode()).decode(),
}


def instructions(program, token, authorization):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        + ["--toggle-collect=taskworker::http::presents_token*", program, token, authorization],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def takes_constant_time(program):
    is_constant = True
    for scheme, authorization in SCHEMES.items():
        counts = {
            name: instructions(program, token, authorization) for name, token in TOKENS.items()
        }
        print(scheme, counts)
        assert all(counts.values()), "presents_token() was not counted"
        is_constant = is_constant and len(set(counts.values())) == 1
    return is_constant


def main():
    if not shutil.which("valgrind"):
        print("skipped: valgrind is not installed (package valgrind)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        # Valgrind 3.19 gives up on the line tables of Clang; names of functions are enough.
        program = os.path.join(folder, "token_check")
        subprocess.run(["strip", "--strip-debug", "-o", program, sys.argv[1]], check=True)
        return not takes_constant_time(program)


if __name__ == "__main__":
    sys.exit(main())
