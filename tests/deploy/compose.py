#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds what deploy/compose.yaml promises, as Docker Compose itself reads it: compose.py

Without an engine. Exits with 77 where Compose, or what reads its YAML, is not installed.
"""

import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = {"worker-bad": 9090, "worker-optimized": 9091, "prometheus": 9092, "grafana": 3000,
            "worker-custom": 9094, "pyroscope": 4040, "alloy": None}
OPTIONAL = {"worker-custom": "custom", "pyroscope": "pyroscope", "alloy": "pyroscope"}


def skip(reason):
    print(reason)
    sys.exit(77)


def read_config():
    """The services and volumes as a dictionary. Called in the root, with no option that
    names the file: .env is to make it found."""
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith("COMPOSE_")}
    profiles = ["--profile", "custom", "--profile", "pyroscope"]

    def run(*command):
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    if shutil.which("docker") and run("docker", "compose", "version").returncode == 0:
        compose = ["docker", "compose"]
    elif shutil.which("docker-compose"):
        compose = ["docker-compose"]
    else:
        skip("Docker Compose is not installed; Debian's package is docker-compose")
    print("read by", run(*compose, "version").stdout.splitlines()[0])
    as_json = run(*compose, *profiles, "config", "--format", "json")
    if as_json.stdout.startswith("{"):
        return json.loads(as_json.stdout)
    # Version 1 gives YAML only, and is written in the system's Python, with a reader for it.
    as_yaml = run(*compose, *profiles, "config")
    if as_yaml.returncode != 0:
        sys.exit(as_yaml.stderr)
    convert = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
    converted = subprocess.run(["/usr/bin/python3", "-c", convert], input=as_yaml.stdout,
                               capture_output=True, text=True, check=True)
    return json.loads(converted.stdout)


def words_of(command):
    return command if isinstance(command, list) else (command or "").split()


def published(service):
    """(address, port) of each port; version 1 of Compose keeps them as text."""
    for port in service.get("ports", []):
        if isinstance(port, str):
            address, number, _ = port.split(":")
        else:
            address, number = port.get("host_ip"), port["published"]
        yield address, int(number)


def seconds(time):
    parts = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", str(time))
    return int(parts[1] or 0) * 60 + int(parts[2] or 0)


def sources(service):
    """What is mounted from the host."""
    for mount in service.get("volumes", []):
        if isinstance(mount, str):
            source = mount.split(":")[0]
            if source.startswith(("/", ".")):
                yield source
        elif mount["type"] == "bind":
            yield mount["source"]


def findings(config):
    services = config["services"]
    if set(services) != set(SERVICES):
        yield f"services: {sorted(services)}, expected {sorted(SERVICES)}"
        return
    for name, service in services.items():
        ports = list(published(service))
        expected = [("127.0.0.1", SERVICES[name])] if SERVICES[name] else []
        if ports != expected:
            yield f"{name}: publishes {ports}, expected {expected}"
        if service.get("cap_drop") != ["ALL"]:
            yield f"{name}: keeps capabilities"
        if service.get("security_opt") != ["no-new-privileges:true"]:
            yield f"{name}: may gain privileges"
        if not re.fullmatch(r"[a-z/]+:(?!latest)[\w.-]+", service["image"]):
            yield f"{name}: image {service['image']} has no fixed tag"
        if "mem_limit" not in service and "deploy" not in service:
            yield f"{name}: has no limit of memory"
        if service.get("profiles") != ([OPTIONAL[name]] if name in OPTIONAL else None):
            yield f"{name}: profiles {service.get('profiles')}"
        for source in sources(service):
            if not os.path.exists(source):
                yield f"{name}: mounts {source}, which is not there"
    for name in (each for each in services if each.startswith("worker-")):
        yield from worker_findings(name, services[name])
    for name in ("prometheus", "grafana"):
        if "healthcheck" not in services[name]:
            yield f"{name}: has no health check"


def worker_findings(name, service):
    words = words_of(service["command"])
    wanted = {"--tasks=0", "--duration=0", "--insecure-debug", f"--allow-host={name}"}
    for missing in sorted(wanted - set(words)):
        yield f"{name}: is started without {missing}"
    grace = [word for word in words if word.startswith("--grace=")]
    stop = seconds(service.get("stop_grace_period", "10s"))
    if len(grace) != 1 or stop <= seconds(grace[0].split("=")[1]):
        yield f"{name}: is given {stop} s to stop, with {grace}"
    if not (service.get("read_only") and service.get("init")):
        yield f"{name}: has no init, or a root that can be written to"
    if not any(source.endswith("/strategies") for source in sources(service)):
        yield f"{name}: has no folder for strategies"


def change(config, path, value):
    changed = copy.deepcopy(config)
    at = changed["services"]
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


def without(config, name, key):
    changed = copy.deepcopy(config)
    del changed["services"][name][key]
    return changed


def mutations(config):
    """Each is to be found."""
    worker = config["services"]["worker-bad"]
    yield change(config, ["worker-bad", "ports"], ["0.0.0.0:9090:9090"])
    yield change(config, ["grafana", "cap_drop"], [])
    yield change(config, ["alloy", "security_opt"], [])
    yield change(config, ["prometheus", "image"], "prom/prometheus:latest")
    yield change(config, ["pyroscope", "profiles"], [])
    yield change(config, ["grafana", "volumes"], ["/nosuch/folder:/x:ro"])
    yield without(config, "grafana", "healthcheck")
    yield without(config, "grafana", "mem_limit")
    yield without(config, "worker-optimized", "read_only")
    yield without(config, "worker-custom", "init")
    yield change(config, ["worker-bad", "stop_grace_period"], "10s")
    yield change(config, ["worker-bad", "volumes"], [])
    yield change(config, ["worker-bad", "command"],
                 [word for word in words_of(worker["command"]) if "allow-host" not in word])


def main():
    config = read_config()
    found = list(findings(config))
    for each in found:
        print(each)
    if found:
        return 1
    unseen = [number for number, each in enumerate(mutations(config)) if not list(findings(each))]
    if unseen:
        print(f"faults planted in the configuration were not found: {unseen}")
        return 1
    print("all is as promised, and each planted fault is found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
