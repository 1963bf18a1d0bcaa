#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""http_access_table.py TASKWORKER: who may ask the built program for what: listener x Host x
token x path x method, and Origin, over every path that the program says it has."""

import base64
import http.client
import itertools
import os
import sys
import tempfile

from served_program import ServedProgram

TOKEN = "s3cret-0123456789abcdef"
OPEN_PATHS = {"/metrics", "/healthz", "/readyz"}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")

# Listener: its options, what opens it for a debug resource, whether it asks open resources
# for a known Host.
LISTENERS = {
    "loopback": ("127.0.0.1", [], "known Host", True),
    "loopback with a token": ("127.0.0.1", ["--token-file"], "known Host", True),
    "any": ("0.0.0.0", [], "nothing", False),
    "any with a token": ("0.0.0.0", ["--token-file"], "token", False),
    "any, insecure": ("0.0.0.0", ["--insecure-debug"], "known Host", False),
}
HOSTS = {  # whether it is known
    "localhost:9090": True,
    "10.0.0.7": True,
    "[::1]:9090": True,
    "worker.example": True,  # by --allow-host
    "evil.example": False,
    "localhost.evil.example": False,
}
CREDENTIALS = {  # whether they are right
    None: False,
    f"Bearer {TOKEN}": True,
    f"Bearer {TOKEN[:-1]}": False,
    f"Bearer {TOKEN}x": False,
    f"Digest {TOKEN}": False,
    "Basic " + base64.b64encode(f"x:{TOKEN}".encode()).decode(): True,
    "Basic " + base64.b64encode(f"{TOKEN}:x".encode()).decode(): False,
}
REFUSALS = {401, 403, 421}
ORIGINS = {  # whether they are the server's own, for Host localhost:9090
    "http://localhost:9090": True,
    "https://LOCALHOST:9090": True,
    "http://localhost": False,
    "http://evil.example": False,
    "http://localhost:9090.evil.example": False,
    "null": False,
}


def expected(listener, host, credentials, path):
    """The refusal, or None where the request must get through to its resource."""
    _, _, key, is_host_asked = LISTENERS[listener]
    if path in OPEN_PATHS:
        return 421 if is_host_asked and not HOSTS[host] else None
    if key == "known Host":
        return None if HOSTS[host] else 421
    if key == "token":
        return None if CREDENTIALS[credentials] else 401
    return 403


class Asked:
    """One connection, kept as long as the server keeps it."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def status(self, method, path, fields):
        # No number of seconds: a profile that gets through is refused at once, with 400.
        self.connection.putrequest(method, path + "?seconds=none", skip_host=True)
        for name, value in fields.items():
            if value is not None:
                self.connection.putheader(name, value)
        self.connection.endheaders()
        answer = self.connection.getresponse()
        answer.read()
        return answer.status


def paths_of(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/nothing", headers={"Host": "localhost"})
    paths = set(connection.getresponse().read().decode().partition("there is:")[2].split())
    assert OPEN_PATHS < paths and len(paths) > 10, paths
    return sorted(paths)


def faults_of(listener, port):
    asked = Asked(port)
    for path, host, credentials, method in itertools.product(
        paths_of(port), HOSTS, CREDENTIALS, METHODS
    ):
        wanted = expected(listener, host, credentials, path)
        status = asked.status(method, path, {"Host": host, "Authorization": credentials})
        is_right = status == wanted if wanted else status not in REFUSALS
        yield None if is_right else f"{method} {path}, {host}, {credentials}: {status}, not {wanted}"
    for path, (origin, is_own) in itertools.product(paths_of(port), ORIGINS.items()):
        fields = {"Host": "localhost:9090", "Authorization": f"Bearer {TOKEN}", "Origin": origin}
        wanted = expected(listener, fields["Host"], fields["Authorization"], path)
        if wanted is None and not is_own and path not in OPEN_PATHS:
            wanted = 403
        status = asked.status("POST", path, fields)
        is_right = status == wanted if wanted else status not in REFUSALS
        yield None if is_right else f"POST {path}, Origin {origin}: {status}, not {wanted}"


def main():
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        token_file = os.path.join(folder, "token")
        with open(os.open(token_file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(TOKEN + "\n")
        for listener, (address, options, _, _) in LISTENERS.items():
            options = [f"{each}={token_file}" if "token" in each else each for each in options]
            options.append("--allow-host=worker.example")
            with ServedProgram(sys.argv[1], *options, address=address) as served:
                rows = list(faults_of(listener, served.port))
            faults = [each for each in rows if each]
            print(f"{listener}: {len(rows)} requests, {len(faults)} wrong", *faults[:20], sep="\n  ")
            wrong += len(faults)
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
