#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds what deploy/kubernetes promises: kubernetes.py TASKWORKER FOLDER

Without a cluster. Kustomize renders the base and the overlays; Kubernetes' schemas, which npm
installs into FOLDER, and the promises below find no fault in them, and find one in each of
BREAKS; TASKWORKER takes the arguments. Exits with 77 where a tool or npm's registry is missing.
"""

import base64
import copy
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent
ROOT = TESTS.parents[1]
NPM_FILES = ["package.json", "package-lock.json", "kubernetes_schemas.js"]
FOLDERS = ["base", "overlays/bad", "overlays/custom-strategy"]
KINDS = {"Namespace", "Deployment", "Service", "NetworkPolicy", "PodMonitor"}
NAME = "app.kubernetes.io/name"
# Between the end of the drain and the kill: for the report, and the profiles of a whole run.
GRACE_MARGIN = 5
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ENETUNREACH", "ETIMEDOUT",
               "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "EIDLETIMEOUT", "FETCH_ERROR")


def skip(reason):
    print(reason)
    sys.exit(77)


# ---- Tools ------------------------------------------------------------------------


def need_tools():
    if not shutil.which("kubectl"):
        skip("kubectl is not installed; Debian's package kubernetes-client has it")
    told = subprocess.run(["kubectl", "version", "--client", "--output=json"],
                          capture_output=True, text=True, check=True).stdout
    version = json.loads(told).get("kustomizeVersion", "unknown")
    if not (found := re.match(r"v(\d+)\.", version)) or int(found[1]) < 5:
        skip(f"kubectl is too old: it has Kustomize {version}, needed is version 5 or newer; "
             "the package kubernetes-client of Debian 13 has it")
    print("rendered by Kustomize", version)
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed; Debian's packages are nodejs and npm")


def install_schemas(folder):
    """Leaves NPM_FILES in the folder, and what they need as the lock file says it."""
    folder.mkdir(parents=True, exist_ok=True)
    installed = folder / "node_modules" / ".package-lock.json"
    lock = NPM_FILES[1]
    is_there = (installed.exists() and (folder / lock).exists()
                and (folder / lock).read_bytes() == (TESTS / lock).read_bytes())
    for name in NPM_FILES:
        shutil.copyfile(TESTS / name, folder / name)
    if is_there:
        return
    result = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                             "--fetch-retries=1", "--fetch-timeout=20000"],
                            cwd=folder, capture_output=True, text=True)
    if result.returncode != 0:
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
        if any(f"code {word}" in result.stderr for word in UNREACHABLE):
            skip("npm cannot reach its registry, so that the schemas cannot be had")
        sys.exit("npm ci failed:\n" + result.stderr)


def render(folder):
    result = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True)
    if result.returncode != 0 or result.stderr:
        sys.exit(f"kubectl kustomize {folder}: {result.stderr}")
    return result.stdout


def read_objects(folder, texts):
    """Name to the objects of its text and to what the schemas have against them."""
    result = subprocess.run(["node", NPM_FILES[2]], cwd=folder, input=json.dumps(texts),
                            capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{NPM_FILES[2]} failed:\n{result.stderr}")
    return json.loads(result.stdout)


# ---- Promises ---------------------------------------------------------------------


def one(objects, kind):
    found = [each for each in objects if each["kind"] == kind]
    assert len(found) == 1, f"{len(found)} objects of kind {kind}"
    return found[0]


def worker_of(objects):
    """The pod's template and its container."""
    template = one(objects, "Deployment")["spec"]["template"]
    assert len(template["spec"]["containers"]) == 1
    return template, template["spec"]["containers"][0]


def options_of(container):
    return dict(word.removeprefix("--").split("=", 1) for word in container["args"])


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)", text).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[unit]


def selects(selector, labels):
    return bool(selector) and selector.items() <= labels.items()


def project_version():
    return re.search(r"^  version: '(.*)',", (ROOT / "meson.build").read_text(), re.M)[1]


def namespace_faults(objects):
    namespace = one(objects, "Namespace")["metadata"]
    if namespace["labels"].get("pod-security.kubernetes.io/enforce") != "restricted":
        yield "the namespace does not enforce the restricted standard"
    for each in objects:
        if each["kind"] != "Namespace" and each["metadata"].get("namespace") != namespace["name"]:
            yield f"{each['kind']} is not in the namespace that is made"
        if each["kind"] in KINDS and each["metadata"]["labels"].get(NAME) != "taskworker":
            yield f"{each['kind']} has no label {NAME}"


def security_faults(template, container):
    pod, inner = template["spec"], container.get("securityContext", {})
    outer = pod.get("securityContext", {})
    if outer.get("runAsNonRoot") is not True or not outer.get("runAsUser"):
        yield "runs as root"
    if outer.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "no seccomp profile"
    if inner.get("allowPrivilegeEscalation") is not False or inner.get("privileged"):
        yield "may get privileges"
    if inner.get("capabilities") != {"drop": ["ALL"]}:
        yield "keeps capabilities"
    if inner.get("readOnlyRootFilesystem") is not True:
        yield "its root can be written"
    if any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
        yield "is not apart from its node"
    if pod.get("automountServiceAccountToken") is not False:
        yield "is given a token of the cluster"
    if "command" in container:
        yield "does not start the image's own program"
    for kind, wanted in {"requests": ("cpu", "memory"), "limits": ("memory",)}.items():
        for resource in wanted:
            if resource not in container.get("resources", {}).get(kind, {}):
                yield f"{kind} of {resource} are not set"


def volume_faults(template, container, objects):
    volumes = {each["name"]: each for each in template["spec"].get("volumes", [])}
    mounts = {each["mountPath"]: each for each in container["volumeMounts"]}
    options = options_of(container)
    for path, mount in mounts.items():
        volume = volumes.get(mount["name"])
        if volume is None:
            yield f"{path} has no volume"
        elif "emptyDir" not in volume and not mount.get("readOnly"):
            yield f"{path} can be written"
    if "emptyDir" not in volumes.get(mounts.get("/var/lib/taskworker", {}).get("name"), {}):
        yield "the working folder cannot be written"
    if token := options.get("token-file"):
        secret = volumes.get(mounts.get(str(pathlib.Path(token).parent), {}).get("name"), {})
        if "secret" not in secret:
            yield "the token's file is in no secret"
        elif secret["secret"]["defaultMode"] & 0o007:
            yield "the token can be read by everybody"
    made = {each["metadata"]["name"]: each for each in objects if each["kind"] == "ConfigMap"}
    for volume in volumes.values():
        if "configMap" not in volume:
            continue
        files = made.get(volume["configMap"]["name"], {}).get("binaryData", {})
        if options["strategy"] + ".so" not in files:
            yield f"no {options['strategy']}.so in a volume"


def run_faults(template, container):
    options = options_of(container)
    grace = template["spec"].get("terminationGracePeriodSeconds", 30)
    if seconds(options.get("grace", "5s")) + GRACE_MARGIN > grace:
        yield "is killed before its drain is over"
    if options.get("duration") != "0" or options.get("tasks") != "0":
        yield "ends by itself"
    ports = {each["name"]: each["containerPort"] for each in container["ports"]}
    if int(options["listen"].rpartition(":")[2]) not in ports.values():
        yield "listens on another port than it names"
    if container["image"] != f"taskworker:{project_version()}":
        yield "its image is not that of this version"
    wanted = {"startupProbe": "/healthz", "readinessProbe": "/readyz", "livenessProbe": "/healthz"}
    for probe, path in wanted.items():
        asked = container.get(probe, {}).get("httpGet", {})
        if asked.get("path") != path or asked.get("port") not in ports:
            yield f"{probe} does not ask for {path} at a port that has a name"


def link_faults(objects):
    template, container = worker_of(objects)
    labels = template["metadata"]["labels"]
    ports = {each["name"]: each["containerPort"] for each in container["ports"]}
    service, policy = one(objects, "Service"), one(objects, "NetworkPolicy")
    monitor = one(objects, "PodMonitor")
    selectors = {"Deployment": one(objects, "Deployment")["spec"]["selector"]["matchLabels"],
                 "Service": service["spec"]["selector"],
                 "NetworkPolicy": policy["spec"]["podSelector"]["matchLabels"],
                 "PodMonitor": monitor["spec"]["selector"]["matchLabels"]}
    for kind, selector in selectors.items():
        if not selects(selector, labels):
            yield f"{kind} does not select the pods"
    named = {"Service": [each.get("targetPort") for each in service["spec"]["ports"]],
             "NetworkPolicy": [port["port"] for rule in policy["spec"]["ingress"]
                               for port in rule["ports"]],
             "PodMonitor": [each["port"] for each in monitor["spec"]["podMetricsEndpoints"]]}
    for kind, names in named.items():
        if not names or not set(names) <= set(ports):
            yield f"{kind} names a port that the pods do not have"
    if [each["port"] for each in service["spec"]["ports"]] != list(ports.values()):
        yield "Service has another port than the pods"
    if labels.get(monitor["spec"].get("jobLabel")) != "taskworker":
        yield "the job is not named taskworker"
    if [each.get("path") for each in monitor["spec"]["podMetricsEndpoints"]] != ["/metrics"]:
        yield "PodMonitor does not ask for /metrics"


def promise_faults(objects):
    template, container = worker_of(objects)
    return [*namespace_faults(objects), *security_faults(template, container),
            *volume_faults(template, container, objects), *run_faults(template, container),
            *link_faults(objects)]


# ---- Breaks: each is to be found ----------------------------------------------------

POD = "Deployment spec template spec"
BOX = POD + " containers 0"
# Where, what is put there (None takes it out), and part of the fault that it must lead to.
BREAKS = [
    ("Namespace metadata labels pod-security.kubernetes.io/enforce", "baseline", "restricted"),
    ("Service metadata namespace", "default", "not in the namespace"),
    ("Service metadata labels app.kubernetes.io/name", None, "no label"),
    (POD + " securityContext runAsNonRoot", None, "as root"),
    (POD + " securityContext runAsUser", 0, "as root"),
    (POD + " securityContext seccompProfile", None, "seccomp"),
    (POD + " automountServiceAccountToken", None, "token of the cluster"),
    (POD + " hostNetwork", True, "apart from its node"),
    (POD + " terminationGracePeriodSeconds", 20, "before its drain is over"),
    (POD + " terminationGracePeriodSeconds", "30", "must be"),
    (BOX + " securityContext", None, "may get privileges"),
    (BOX + " securityContext capabilities add", ["SYS_PTRACE"], "keeps capabilities"),
    (BOX + " securityContext readOnlyRootFilesystem", False, "root can be written"),
    (BOX + " securityContext readOnlyRootFileSystem", True, "readOnlyRootFileSystem"),
    (BOX + " command", ["sh", "-c"], "own program"),
    (BOX + " resources limits", None, "limits of memory"),
    (BOX + " image", "taskworker", "image"),
    (BOX + " args 2", "--listen=0.0.0.0:9091", "another port"),
    (BOX + " args 3", "--tasks=1000", "ends by itself"),
    (BOX + " args 7", "--grace=30s", "before its drain is over"),
    (BOX + " ports 0 name", "metrics", "at a port that has a name"),
    (BOX + " ports 0 containerPort", None, "containerPort"),
    (BOX + " startupProbe", None, "startupProbe"),
    (BOX + " livenessProbe httpGet port", 9090, "livenessProbe"),
    (BOX + " readinessProbe httpGet path", "/healthz", "readinessProbe"),
    (BOX + " readinessProbe periodSecond", 5, "periodSecond"),
    (BOX + " volumeMounts 0 mountPath", "/data", "working folder"),
    (BOX + " volumeMounts 1 readOnly", None, "can be written"),
    (POD + " volumes 1 secret defaultMode", 292, "read by everybody"),
    (POD + " volumes 1 name", "other", "has no volume"),
    (POD + " volumes 2 configMap name", "strategies", "no mine.so"),
    ("Deployment spec template metadata labels app.kubernetes.io/name", "worker", "select"),
    ("Service spec ports 0 targetPort", "web", "Service names a port"),
    ("Service spec ports 0 port", 80, "another port than the pods"),
    ("NetworkPolicy spec podSelector matchLabels", {"app": "x"}, "NetworkPolicy does not select"),
    ("NetworkPolicy spec ingress 0 ports 0 protocol", "HTTP", "allowed values"),
    ("PodMonitor spec selector matchLabels", {"app": "x"}, "PodMonitor does not select"),
    ("PodMonitor spec podMetricsEndpoints 0 port", "web", "PodMonitor names a port"),
    ("PodMonitor spec podMetricsEndpoints 0 path", "/metric", "ask for /metrics"),
    ("PodMonitor spec podMetricsEndpoints 0 interval", "soon", "must match pattern"),
    ("PodMonitor spec jobLabel", None, "the job is not named"),
]


def broken(objects, path, value):
    objects = copy.deepcopy(objects)
    kind, *steps = path.split()
    *steps, last = [int(each) if each.isdigit() else each for each in steps]
    place = one(objects, kind)
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return objects


def found_faults(objects, schema_faults):
    try:
        return schema_faults + promise_faults(objects)
    except (AssertionError, KeyError, TypeError) as error:
        return schema_faults + [f"{type(error).__name__}: {error}"]


def check_breaks(folder, objects):
    names = [f"{path}: {value}" for path, value, _ in BREAKS]
    texts = ["\n---\n".join(json.dumps(each) for each in broken(objects, path, value))
             for path, value, _ in BREAKS]
    results = read_objects(folder, list(zip(names, texts)))
    missed = 0
    for name, (_, _, expected) in zip(names, BREAKS):
        result = results[name]
        faults = found_faults(result["objects"], result["faults"])
        if not any(expected in fault for fault in faults):
            print(f"not found: {name}; only {faults}")
            missed += 1
    print(f"{len(BREAKS) - missed} of {len(BREAKS)} breaks were found")
    return missed


# ---- The program takes the arguments ------------------------------------------------


def run_worker(program, objects):
    """Runs what the container does, with the files that its volumes would hold."""
    _, container = worker_of(objects)
    options = options_of(container)
    with tempfile.TemporaryDirectory() as name:
        here = pathlib.Path(name)
        for each in objects:
            for file, data in each.get("binaryData", {}).items():
                (here / file).write_bytes(base64.b64decode(data))
        if "token-file" in options:
            options["token-file"] = str(here / "token")
            (here / "token").touch(0o600)
            (here / "token").write_text("0123456789abcdef\n")
        options |= {"strategy-dir": name, "listen": "127.0.0.1:0", "tasks": "10"}
        command = [str(program), *(f"--{key}={value}" for key, value in options.items())]
        result = subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=60)
    if result.returncode != 0:
        return [f"{' '.join(command)}: {result.returncode}: {result.stderr}"]
    return []


def main(program, folder):
    program, folder = pathlib.Path(program).resolve(), pathlib.Path(folder)
    need_tools()
    install_schemas(folder)
    with tempfile.TemporaryDirectory() as name:
        tree = pathlib.Path(name) / "kubernetes"
        shutil.copytree(ROOT / "deploy" / "kubernetes", tree)
        built = program.parent / "strategies" / "optimized" / "optimized.so"
        shutil.copyfile(built, tree / "overlays" / "custom-strategy" / "mine.so")
        texts = [(each, render(tree / each)) for each in FOLDERS]
    results = read_objects(folder, texts)
    failed = 0
    for each in FOLDERS:
        objects = results[each]["objects"]
        faults = found_faults(objects, results[each]["faults"]) + run_worker(program, objects)
        kinds = sorted(item["kind"] for item in objects)
        print(f"{each}: {', '.join(kinds)}: {'; '.join(faults) or 'no fault'}")
        failed += len(faults)
    if len({one(results[each]["objects"], "Namespace")["metadata"]["name"]
            for each in FOLDERS}) != len(FOLDERS):
        print("two of them are in one namespace")
        failed += 1
    if failed:
        return 1
    return 1 if check_breaks(folder, results["overlays/custom-strategy"]["objects"]) else 0


sys.exit(main(*sys.argv[1:]))
