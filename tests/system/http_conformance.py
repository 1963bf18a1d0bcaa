#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""http_conformance.py TASKWORKER [NAME...]: the built program answers each request of
http_vectors.py as that says, and each answer is sound. With names, those alone."""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor

from http_vectors import VECTORS, get
from served_program import ServedProgram

AT_ONCE = 8  # the silent ones wait side by side
PATIENCE = 20  # seconds; far above what any answer takes
ALWAYS = {
    b"cache-control": b"no-store",
    b"x-content-type-options": b"nosniff",
}


class Unsound(Exception):
    pass


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.stream = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it may close before all is sent; what it answered is still to be read

    def receive(self, has_body):
        """The next status, or "closed". Raises Unsound for what is no answer of ours."""
        try:
            status_line = self.stream.readline()
            if not status_line:
                return "closed"
            fields = self.receive_fields()
        except ConnectionResetError:
            return "closed"
        if not status_line.startswith(b"HTTP/1."):
            raise Unsound(f"no status line: {status_line!r}")
        status = status_line.split()[1].decode()
        if status == "100":
            if fields:
                raise Unsound(f"100 with {fields}")
            return status
        check_fields(status, fields)
        body = self.stream.read(int(fields[b"content-length"])) if has_body else b""
        if has_body and len(body) != int(fields[b"content-length"]):
            raise Unsound("the body ends early")
        return status

    def receive_fields(self):
        fields = {}
        while (line := self.stream.readline()) != b"\r\n":
            name, colon, value = line.partition(b": ")
            if not colon or not value.endswith(b"\r\n") or name.lower() in fields:
                raise Unsound(f"bad or repeated field: {line!r}")
            fields[name.lower()] = value[:-2]
        return fields


def check_fields(status, fields):
    for name in (b"date", b"content-length", b"content-type", *ALWAYS):
        if name not in fields:
            raise Unsound(f"{status} without {name.decode()}")
    for name, value in ALWAYS.items():
        if fields[name] != value:
            raise Unsound(f"{status} with {name.decode()}: {fields[name]!r}")
    if status == "405" and b"allow" not in fields:
        raise Unsound("405 without allow")


def outcome_of(port, vector):
    """What came, as Vector.outcome has it."""
    seen = []
    with Client(port) as client:
        client.send(vector.sent)
        is_kept = not vector.outcome.endswith("closed")
        for _ in vector.outcome.split():
            seen.append(client.receive(has_body=not vector.sent.startswith(b"HEAD")))
            if seen[-1] == "closed":
                return " ".join(seen)
        if not is_kept:
            return " ".join(seen) + " and more"
        # What is left of the request, had it been framed another way, would spoil the next.
        client.send(get(b"Connection: close\r\n"))
        if (after := client.receive(has_body=True)) != "200":
            return " ".join(seen) + f", then {after} for the next request"
        if client.receive(has_body=True) != "closed":
            return " ".join(seen) + ", and not closed when asked to"
    return " ".join(seen)


def fault_of(port, vector):
    try:
        seen = outcome_of(port, vector)
    except TimeoutError:
        seen = "silence"
    except Unsound as error:
        seen = str(error)
    return None if seen == vector.outcome else seen


def main():
    wanted = sys.argv[2:]
    chosen = [each for each in VECTORS if not wanted or each.name in wanted]
    assert chosen and len({each.name for each in VECTORS}) == len(VECTORS)
    with ServedProgram(sys.argv[1]) as served, ThreadPoolExecutor(AT_ONCE) as threads:
        faults = list(threads.map(lambda each: fault_of(served.port, each), chosen))
    for vector, seen in zip(chosen, faults):
        if seen is not None:
            print(f"wrong: {vector.name} ({vector.why}): {vector.outcome} expected, got {seen}")
            print(f"       {vector.sent[:200]!r}")
    wrong = len(chosen) - faults.count(None)
    print(f"{len(chosen)} vectors, {wrong} wrong")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
