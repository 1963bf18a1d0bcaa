#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""http_pressure.py TASKWORKER [SLOWNESS]: while slowhttptest and wrk press on a running program,
each scrape of a well-behaved client is answered. All takes SLOWNESS times as long, as answers do
with sanitizers."""

import shutil
import sys

from pressure import PATIENCE, TOOLS, Pressure, Scraper
from served_program import ServedProgram

SECONDS = 5  # for each kind of pressure; slowhttptest tells what it has each 5


def main():
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed; packages of the same names have them")
        return 77
    slowness = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    is_failed = False
    with ServedProgram(sys.argv[1], tasks=0) as served:
        for kind in Pressure.KINDS:
            scraper = Scraper(served.port, patience=PATIENCE * slowness)
            with scraper, Pressure(kind, served.port, SECONDS * slowness) as pressure:
                pressure.wait()
            print(f"{kind}: {scraper.count} scrapes, {len(scraper.failures)} failed;", pressure.said)
            for failure in scraper.failures[:5]:
                print(failure)
            is_failed = is_failed or scraper.failures or not scraper.count or not pressure.has_run
    return bool(is_failed)


if __name__ == "__main__":
    sys.exit(main())
