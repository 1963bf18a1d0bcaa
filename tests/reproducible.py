#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""reproducible.py BUILD: the static library and the strategies of the build folder BUILD come
out the same, bit for bit, when a copy of the tree elsewhere is built in a folder of BUILD's name,
which is what the line tables say of where they were made.

A compiler cache that gives out objects of other folders (ccache with hash_dir = false) makes
them differ."""

import filecmp
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent.parent
SECTIONS = ("core", "base", "compiler", "user")
# What says how Meson works, not what is built.
OF_MESON = re.compile(r"backend|layout|\w+_path|wrap_mode|install_umask|.*\..*")


def read_json(build, name):
    return json.loads((build / "meson-info" / f"intro-{name}.json").read_text())


def options_of(build):
    for option in read_json(build, "buildoptions"):
        value = option["value"]
        if option["section"] not in SECTIONS or OF_MESON.fullmatch(option["name"]) or value in ("", []):
            continue
        if isinstance(value, list):
            value = ",".join(value)
        yield f"-D{option['name']}={str(value).lower() if isinstance(value, bool) else value}"


def artifacts_of(build):
    for target in read_json(build, "targets"):
        path = pathlib.Path(target["filename"][0]).relative_to(build)
        if target["type"] == "static library" and path.parts[0] == "src":
            yield path  # which is thin: it names its objects
            objects = build / path.parent / (path.name + ".p")
            yield from (each.relative_to(build) for each in objects.glob("*.o"))
        if target["type"] == "shared module" and path.parts[0] == "strategies":
            yield path


def copy_tree(to):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=SOURCE,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (SOURCE / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(SOURCE / name, to / name)


def environment_of(build, folder):
    """The same compilers; a `git` that gives the copy the revision of the original; and no
    compiler's cache, which would give back the original's files."""
    revision = re.search(
        r'program_revision\[\] = "(.*)"', (build / "src/strategy/version.hpp").read_text()
    )[1]
    compilers = {
        source["language"]: source["compiler"]
        for target in read_json(build, "targets")
        for source in target["target_sources"]
        if "compiler" in source
    }
    git = folder / "bin" / "git"
    git.parent.mkdir()
    git.write_text(f"#!/bin/sh\necho '{revision}'\n")
    git.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{git.parent}:{os.environ['PATH']}",
        "CCACHE_DISABLE": "1",
        "CC": " ".join(compilers["c"]),
        "CXX": " ".join(compilers["cpp"]),
    }


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    artifacts = sorted(artifacts_of(build))
    assert any(each.suffix == ".a" for each in artifacts), artifacts
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        copy = folder / "another" / "and-longer" / "path"
        copy_tree(copy)
        environment = environment_of(build, folder)
        subprocess.run(
            ["meson", "setup", build.name, *options_of(build)], cwd=copy, env=environment, check=True
        )
        subprocess.run(
            ["ninja", "-C", build.name, *map(str, artifacts)], cwd=copy, env=environment, check=True
        )
        different = [
            each
            for each in artifacts
            if not filecmp.cmp(build / each, copy / build.name / each, shallow=False)
        ]
    for each in artifacts:
        print(f"{'different' if each in different else 'the same '}  {each}")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
