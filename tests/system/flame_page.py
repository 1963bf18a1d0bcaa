#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The flame graph page in a real browser: flame_page.py WRITER [SCREENSHOT_FOLDER]

WRITER is flame_page_writer. With a folder, leaves pictures of the pages there.
"""

import itertools
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left in the source tree

from chromium import Browser  # noqa: E402
from page_checks import (  # noqa: E402
    FOCUSED, FRAMES, check, check_contrast, check_equal, check_fits, find_browser,
)

LONGEST_REBUILD_MS = 2000


def check_content(browser, pages):
    browser.open(pages["example"])
    check_equal(browser.run("document.title"), "heap, bad <now>", "title")
    check("48.3 MiB" in browser.run("byId('summary').textContent"), "the sum is not 48.3 MiB")
    frames = browser.run(FRAMES)
    check(frames[0].startswith("all, total 48.3 MiB, 100.0 %"), f"first frame: {frames[0]}")
    check(any(f.startswith("</script><script>") for f in frames), "a name was not kept as text")
    inlined = browser.run("document.querySelector('.inlined.library').textContent")
    check(inlined.startswith("std::vector"), f"an inlined frame: {inlined}")
    notes = browser.run("byId('notes').textContent")
    check("</script><b>&amp;" in notes, f"notes: {notes}")
    walk = browser.run("rows.find(row => row.name === 'walk')")
    check_equal((walk["self"], walk["total"]), (500000, 500000), "a function that calls itself")


def check_keys(browser, pages):
    browser.open(pages["example"])
    for _ in range(40):  # through the controls
        browser.press("Tab")
        if browser.run("!!document.activeElement.node"):
            break
    check(browser.run(FOCUSED).startswith("all,"), "Tab does not lead into the graph")
    for name in ("start_thread", "worker_thread::run", "process", "keep_result"):
        browser.press("ArrowDown")
        check(browser.run(FOCUSED).startswith(name + ","), f"ArrowDown did not go to {name}")
    browser.press("ArrowRight")
    check(browser.run(FOCUSED).startswith("make_log_line,"), "ArrowRight goes wrong")
    detail = browser.run("byId('detail').textContent")
    check("strategies/bad/bad.cpp:151" in detail, f"the detail: {detail}")
    browser.press("Enter")
    check_equal(browser.run("nameOf(state.zoom)"), "make_log_line", "Enter zooms to")
    width = browser.run("document.activeElement.clientWidth / byId('graph').clientWidth")
    check(width > 0.99, "what is zoomed to does not fill the width, or lost the focus")
    check("zoom=make_log_line" in browser.run("location.hash"), "the fragment has no zoom")
    browser.press("Escape")
    check_equal(browser.run("state.zoom === tree"), True, "Escape zooms out")
    check(browser.run(FOCUSED).startswith("make_log_line,"), "the focus moved at Escape")


def check_path(browser, pages):
    browser.open(pages["example"], "#zoom=process")
    check(browser.run("byId('detail').textContent").startswith("(anonymous namespace)::process"),
          "the detail is not of what is zoomed to")
    path = browser.run("byId('path').textContent")
    check_equal(path, "all › start_thread › worker_thread::run › process", "the path")
    browser.run("byId('path').querySelectorAll('button')[1].click()")
    check_equal(browser.run("nameOf(state.zoom)"), "start_thread", "the path leads to")
    check(browser.run(FOCUSED).startswith("start_thread,"), "the focus is not where the path led")
    browser.run("byId('back').click(); byId('back').click()")
    check_equal(browser.run("byId('back').disabled && state.zoom === tree"), True, "way back")


def check_search(browser, pages):
    browser.open(pages["example"], "#type=alloc_space")
    browser.press("/")
    for key in "keep_":
        browser.press(key)
    check_equal(browser.run("document.querySelectorAll('.frame.match').length"), 1, "matches")
    matched = browser.run("byId('matched').textContent")
    check("1 function matches: 74.4 %" in matched, f"what matched: {matched}")
    check_equal(browser.run("byId('functions').rows.length"), 1, "rows of the table")
    browser.press("Escape")
    check_equal(browser.run("state.search + byId('matched').textContent"), "", "Escape clears")
    browser.run("setSearch('(walk|process)$')")
    check_equal(browser.run("byId('functions').rows.length"), 2, "a regular expression finds")
    browser.run("setSearch('walk')")
    matched = browser.run("byId('matched').textContent")
    check(": 4.0 % of" in matched, f"a function below itself counts once: {matched}")
    browser.run("setSearch('allocator<long>>::push_back(')")
    check("Nothing matches" in browser.run("byId('matched').textContent"), "text with a bracket")


def check_choices(browser, pages):
    browser.open(pages["example"], "#type=alloc_objects&worker=0&search=push_back&lines=1")
    check_equal(browser.run("byId('type').selectedOptions[0].text"), "alloc_objects (count)", "type")
    check_equal(browser.run("tree.total"), 9600, "objects of worker 0")
    check_equal(browser.run("byId('lines').checked"), True, "split by line")
    check(any(f.startswith("keep_result:123,") for f in browser.run(FRAMES)), "no line is shown")
    browser.run("""(() => { const select = document.querySelector('select[name=worker]');
        select.value = ''; select.dispatchEvent(new Event('change')); })()""")
    check_equal(browser.run("tree.total"), 9978, "objects of all workers")
    check_equal(browser.run("location.hash"), "#type=alloc_objects&search=push_back&lines=1",
                "the fragment")


def check_table(browser, pages):
    browser.open(pages["example"])
    names = "[...byId('functions').rows].map(row => row.cells[4].firstChild.textContent)"
    browser.run("sortBy('total')")
    check_equal(browser.run(names)[:3], ["start_thread", "worker_thread::run", "process"], "by total")
    check_equal(browser.run("document.querySelectorAll('[aria-sort=descending]').length"), 1, "sort")
    browser.run("sortBy('name')")
    check_equal(browser.run(names)[-1], "worker_thread::run", "last by name")
    browser.run("[...document.querySelectorAll('td button')].find(b => b.textContent === 'walk').click()")
    check(browser.run(FOCUSED).startswith("walk,"), "a row does not lead to its frame")


def check_large(browser, pages):
    browser.open(pages["large"])
    check(browser.run("data.nodes.length / NODE_SIZE") >= 20_000, "the page is not large")
    check(browser.run("drawn.size") < 5_000, "what cannot be seen is drawn")
    took = browser.run("(() => { const t = performance.now(); rebuild(); return performance.now() - t })()")
    check(took < LONGEST_REBUILD_MS, f"another choice takes {took:.0f} ms")
    before = browser.run("drawn.size")
    browser.run("zoomTo(tree.children[0].children[0].children[0])")
    check_equal(browser.run("Math.max(...[...drawn.keys()].map(node => node.depth))"), 7, "depth")
    check(before > 0, "nothing was drawn")


def check_empty(browser, pages):
    browser.open(pages["empty"])
    check("nothing used the CPU" in browser.run("byId('empty').innerText"), "no reason is given")
    check_equal(browser.run("document.querySelectorAll('.frame').length"), 0, "frames")


def check_looks(browser, pages, folder):
    for width, scheme in itertools.product((1280, 400), ("light", "dark")):
        browser.show_as(width, 800, scheme)
        browser.open(pages["example"], "#search=keep_result&type=alloc_space&zoom=process")
        check_fits(browser, width)
        places = browser.run("[...document.querySelectorAll('td')].at(-1).parentElement.innerText"
                             ".split('bad.cpp:').length - 1")
        check_equal(places, 1, f"{width} pixels: places in a row")
        check_contrast(browser, scheme)
        if folder:
            browser.screenshot(folder / f"flame-{width}-{scheme}.png")


def write_pages(writer, folder):
    pages = {}
    for name in ("example", "large", "empty"):
        pages[name] = folder / f"{name}.html"
        pages[name].write_bytes(subprocess.run([writer, name], check=True, capture_output=True).stdout)
    return pages


def main(writer, screenshots=None):
    program = find_browser()
    with tempfile.TemporaryDirectory() as folder, Browser(program) as browser:
        pages = write_pages(writer, pathlib.Path(folder))
        browser.show_as(1280, 800, "light")
        for part in (check_content, check_keys, check_path, check_search, check_choices,
                     check_table, check_large, check_empty):
            part(browser, pages)
        check_looks(browser, pages, screenshots and pathlib.Path(screenshots))
        check_equal(browser.problems, [], "the browser's console and network")
    print("all is as it should be")


if __name__ == "__main__":
    main(*sys.argv[1:])
