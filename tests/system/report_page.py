#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The report of a comparison in a real browser: report_page.py PAGE.html [SCREENSHOT_FOLDER]

What the page must show is computed anew from the JSON in it. It must have something of all that
can be shown: see check_nothing_is_missing(), and in what the first candidate changes. With a
folder, leaves pictures of it there.
"""

import html
import itertools
import json
import math
import pathlib
import re
import statistics
import sys
from collections import defaultdict

sys.dont_write_bytecode = True  # nothing is left in the source tree

from chromium import Browser  # noqa: E402
from page_checks import (  # noqa: E402
    FOCUSED, FRAMES, check, check_contrast, check_equal, check_fits, find_browser,
)

LEAST_CONTRAST_OF_LINES = 3  # WCAG AA for what is no text
ROWS_AT_FIRST = 25
STRATEGY, PROGRAM = 0, 1  # whose code a function is
DASHES = 5  # that lines are told apart by
WIDTHS = {
    "both": lambda baseline, candidate: baseline + candidate,
    "baseline": lambda baseline, candidate: baseline,
    "candidate": lambda baseline, candidate: candidate,
}

SIZES = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1}
SIZES.update({"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30})
BASES = {"nanoseconds": 1e-9}  # what a value of 1 is, in the sizes above

# Each frame as [keys of the calls to it, whose code they are, its class, its texts].
DRAWN = """(() => {
const isCut = (frame) => {
  const [whole, change] = [frame, frame.querySelector('.change')].map(e => e?.getBoundingClientRect());
  return !!change && change.top < whole.bottom - 1 && change.right > whole.right + 0.5;
};
return [...drawn].map(([node, frame]) => {
  const calls = [...callersOf(node), node].slice(1).map(
    ({functionNumber}) => [functions[functionNumber].key, functions[functionNumber].owner]);
  return {calls, kind: frame.className.split(' ')[1], label: frame.getAttribute('aria-label'),
          change: frame.querySelector('.change')?.textContent ?? null,
          isCut: isCut(frame), width: frame.getBoundingClientRect().width};
});
})()"""
ROWS = """[...byId('functions').rows].map(
  row => [...row.cells].map(cell => cell.firstChild?.textContent ?? ''))"""


def choose(browser, **choices):
    """Takes other options, as a person does."""
    for name, value in choices.items():
        browser.run(f"""(() => {{ const select = byId('{name}'); select.value = '{value}';
            select.dispatchEvent(new Event('change')); }})()""")


def value_of(text, unit):
    """The number that a text such as "−1.2 µs" tells, in the unit of the data."""
    found = re.fullmatch(r"([−+]?)([\d,.]+)(K|M?)(?: (\D+))?", text)
    check(found, f"{text!r} is no value")
    sign, number, thousands, name = found.groups()
    size = SIZES[name] / BASES.get(unit, 1) if name else 1
    size *= {"K": 1e3, "M": 1e6}.get(thousands, 1)
    return (-1 if sign == "−" else 1) * float(number.replace(",", "")) * size


def is_near(found, expected):
    return math.isclose(found, expected, rel_tol=0.06 if abs(expected) < 0.1 else 0.006)


# ---- What is to be seen --------------------------------------------------------------


class Difference:
    """Two strategies in a kind of profile, computed from the data of the page."""

    def __init__(self, report, candidate, kind):
        self.profiles = report["profiles"]
        self.kind = kind
        self.names = [report["names"][0], report["names"][candidate]]
        self.unit = self.profiles["kinds"][kind]["unit"]
        strategies = [self.profiles["strategies"][each] for each in (0, candidate)]
        self.tasks = [each["tasks"][kind] for each in strategies]
        self.periods = [each["periods"][kind] for each in strategies]
        # One without a sample may not know what that would stand for.
        self.periods = [period or max(self.periods) for period in self.periods]
        self.self_of_function = defaultdict(lambda: [0, 0])
        self.total_of_calls = defaultdict(lambda: [0, 0])
        self.functions = set()
        self._add_leaves([0, candidate])

    def _add_leaves(self, sides):
        size = 2 + len(self.profiles["kinds"])
        leaves = self.profiles["leaves"]
        for at in range(0, len(leaves), size):
            value = leaves[at + 2 + self.kind]
            if leaves[at + 1] in sides and value > 0:
                self._add(self._calls_to(leaves[at]), sides.index(leaves[at + 1]), value)

    def _calls_to(self, node):
        calls = []
        while node >= 0:
            parent, function = self.profiles["nodes"][4 * node : 4 * node + 2]
            calls.insert(0, self._key_of(function))
            node = parent
        return tuple(calls)

    def _key_of(self, function):
        """What functions of two strategies are the same by."""
        return (
            self.profiles["strings"][self.profiles["keys"][function]],
            self.profiles["functions"][4 * function + 3],
        )

    def titles(self):
        """As the table names functions: by its name, or by the key where it goes by two."""
        names = defaultdict(set)
        for function, name in enumerate(self.profiles["functions"][::4]):
            names[self._key_of(function)].add(self.profiles["strings"][name])
        return {
            key: key[0] if len(names[key]) > 1
            else next(iter(names[key])).replace("(anonymous namespace)::", "")
            for key in self.functions
        }

    def _add(self, calls, side, value):
        own = [call for call in calls if call[1] in (STRATEGY, PROGRAM)]
        self.self_of_function[own[-1] if own else calls[-1]][side] += value
        self.functions.update(calls)
        for length in range(len(calls) + 1):
            self.total_of_calls[calls[:length]][side] += value

    def is_known(self):
        return all(self.tasks)

    def is_empty(self):
        return not self.functions

    def per_task(self, values):
        return [value / tasks for value, tasks in zip(values, self.tasks)]

    def change(self, values):
        before, after = self.per_task(values)
        return after - before

    def is_noise(self, values):
        """As likely as 1 in 20 were both the same: the variance of a Poisson count is its mean."""
        if not any(values):
            return True
        each = sum(values) / sum(self.tasks)
        counts = [each * tasks / period for tasks, period in zip(self.tasks, self.periods)]
        of_one = [period / tasks for tasks, period in zip(self.tasks, self.periods)]
        variance = sum(count * size**2 for count, size in zip(counts, of_one))
        return abs(self.change(values)) <= 2 * math.sqrt(variance)

    def kind_of_change(self, values):
        """As "neutral", "less" or "more"."""
        if self.is_noise(values):
            return "neutral"
        return "less" if self.change(values) < 0 else "more"


def check_change_text(text, difference, values, what):
    before, after = difference.per_task(values)
    if difference.is_noise(values):
        check(text in ("", "noise"), f"{what} is within the noise, but said to be {text!r}")
    elif before == 0 or after == 0:
        check_equal(text, "new" if before == 0 else "gone", what)
    elif text.endswith(" times"):
        check(is_near(value_of(text.removesuffix(" times"), ""), after / before), f"{what}: {text}")
    else:
        percent = value_of(text.removesuffix(" %"), "")
        check(abs(percent - 100 * (after / before - 1)) <= 0.51, f"{what}: {text}")


# ---- Texts ---------------------------------------------------------------------------


def check_texts(browser, page, report):
    browser.open(page)
    source = page.read_text(encoding="utf-8")
    title = html.unescape(re.search("<title>(.*?)</title>", source, re.S)[1])
    check_equal(browser.run("document.title"), title, "title")
    check_equal(browser.run("document.querySelector('h1').textContent"), title, "heading")
    options = browser.run("[...byId('candidate').options].map(option => option.text)")
    check_equal(options, report["names"][1:], "candidates")
    titles = "[...document.querySelectorAll('.chart svg > text > title')].map(e => e.textContent)"
    shown = browser.run(titles)
    check_equal(sorted(set(shown)), sorted(set(report["names"])), "names in the charts")
    scripts = browser.run("document.scripts.length")
    check_equal(scripts, browser.run("document.querySelectorAll('body > script').length"),
                "scripts within the content")


def check_without_scripts(browser, page):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(page)
    seen = "[...document.querySelectorAll('{}')].filter(e => e.getClientRects().length).length"
    tables = browser.run("document.querySelectorAll('#verdicts table').length")
    check(tables > 0, "no verdicts stand there")
    check_equal(browser.run(seen.format("#verdicts table")), tables, "tables without JavaScript")
    check(browser.run(seen.format("#reproduce pre")) > 0, "no commands without JavaScript")
    check_equal(browser.run(seen.format("#distributions, #timelines, #difference")), 0,
                "parts that stay empty without JavaScript")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)


# ---- Distributions -------------------------------------------------------------------


def samples_of(report, metric):
    return [
        [value for value in series["samples"][metric] if value is not None]
        for series in report["comparison"]["series"]
    ]


def check_distributions(browser, page, report):
    browser.open(page)
    comparison = report["comparison"]
    figures = browser.run("[...byId('metric-charts').children].map(f => f.dataset.metric)")
    check_equal(figures[0], comparison["rules"]["primary"], "the first chart")
    same = browser.run("byId('same-metrics').textContent")
    for metric, told in comparison["metrics"].items():
        series = samples_of(report, metric)
        is_varying = len(set(itertools.chain(*series))) > 1
        check_equal(metric in figures, is_varying, f"{metric} has a chart")
        if is_varying:
            check_chart(browser, metric, series, told["unit"])
        else:
            check(told["title"] in same, f"{told['title']} is not among: {same}")


SAMPLE_CHART = """(() => {
  const svg = document.querySelector('[data-metric="METRIC"] svg');
  const all = (selector) => [...svg.querySelectorAll(selector)];
  const xs = all('.grid').map(e => parseFloat(e.getAttribute('d').slice(1)));
  return {
    rows: all('.series').map(row =>
      [...row.querySelectorAll('.dot')].map(dot => Number(dot.getAttribute('cx')))),
    ticks: all('.tick').map((e, i) => [e.textContent, xs[i]]),
    values: all('.value').map(e => e.textContent),
    width: Number(svg.getAttribute('width')), shown: svg.getBoundingClientRect().width,
  };
})()"""


def check_chart(browser, metric, series, unit):
    chart = browser.run(SAMPLE_CHART.replace("METRIC", metric))
    check_equal([len(row) for row in chart["rows"]], [len(row) for row in series if row],
                f"{metric}: dots")
    check_equal(chart["shown"], chart["width"], f"{metric}: the width that it is drawn for")
    for text, samples in zip(chart["values"], series):
        if samples:
            check(is_near(value_of(text, unit), statistics.median(samples)), f"{metric}: median {text}")
    ticks = [text for text, _ in chart["ticks"]]
    check(len(set(ticks)) == len(ticks) >= 2, f"{metric}: ticks {ticks}")
    places = [(value, x) for samples, row in zip(filter(None, series), chart["rows"])
              for value, x in zip(samples, row)]
    places += [(value_of(text, unit), x) for text, x in chart["ticks"]]
    check_order(places, metric)
    check(all(0 <= x <= chart["width"] for _, x in places), f"{metric}: something lies outside")


def check_order(places, what):
    """On an axis that tells the truth, what is larger lies further along: (value, place)."""
    places.sort()
    for (value, at), (next_value, next_at) in itertools.pairwise(places):
        check(at <= next_at + 0.01, f"{what}: {value} lies at {at}, and {next_value} at {next_at}")


# ---- Over time -----------------------------------------------------------------------


COURSE = """(() => {
  const all = (selector) => [...document.querySelectorAll('[data-field="FIELD"] ' + selector)];
  const ticks = all('.tick');
  return {
    lines: all('> svg .line').map(line =>
      line.getAttribute('d').slice(1).split('L').map(point => point.split(' ').map(Number))),
    dashes: all('> svg .line').map(line => line.getAttribute('stroke-dasharray')),
    ticks: all('.grid').map((grid, i) =>
      [ticks[i].textContent, parseFloat(grid.getAttribute('d').split(' ')[1])]),
    names: all('.lines .name').map(e => e.textContent),
    values: all('.lines .value').map(e => e.textContent),
  };
})()"""


def check_timelines(browser, page, report):
    browser.open(page)
    told = browser.run("byId('rate').textContent")
    rate = report["timelines"]["rate"]
    check((f"{rate:,} tasks per second" if rate else "as fast") in told, f"the rate: {told}")
    for field, unit in (("threads", "count"), ("jobs", "count"), ("resident_bytes", "bytes")):
        chart = browser.run(COURSE.replace("FIELD", field))
        check_lines(chart, field, unit, [run for run in report["timelines"]["series"] if run])
        check_equal(chart["names"], report["names"], f"{field}: legend")
        for run, text in zip(report["timelines"]["series"], chart["values"]):
            is_right = is_near(value_of(text, unit), run[field][-1]) if run else text == "not watched"
            check(is_right, f"{field}: at the end {text}")


def check_lines(chart, field, unit, runs):
    check_equal([len(line) for line in chart["lines"]], [len(run["seconds"]) for run in runs],
                f"{field}: points")
    check_equal(len(set(chart["dashes"])), min(DASHES, len(runs)), f"{field}: dashes")
    points = [(seconds, value, x, y) for run, line in zip(runs, chart["lines"])
              for seconds, value, (x, y) in zip(run["seconds"], run[field], line)]
    check_order([(seconds, x) for seconds, _, x, _ in points], f"{field}: time")
    ticks = [(value_of(text, unit), -y) for text, y in chart["ticks"]]
    check_order([(value, -y) for _, value, _, y in points] + ticks, field)


# ---- Where it goes -------------------------------------------------------------------


def check_difference(browser, page, report):
    """All candidates in all kinds. Returns what was seen, see check_nothing_is_missing()."""
    browser.open(page)
    seen = set()
    kinds = [kind["name"] for kind in report["profiles"]["kinds"]]
    for candidate, kind in itertools.product(range(1, len(report["names"])), range(len(kinds))):
        choose(browser, candidate=candidate, kind=kind)
        difference = Difference(report, candidate, kind)
        what = f"{report['names'][candidate]}, {kinds[kind]}"
        if not difference.is_known() or difference.is_empty():
            check_none(browser, difference, what)
            seen.add("empty")
            continue
        check_root(browser, difference, what)
        for width in WIDTHS:
            choose(browser, width=width)
            seen |= check_frames(browser, difference, width, f"{what}, {width}")
        choose(browser, width="both")
        seen |= check_rows(browser, difference, what)
    return seen


def check_none(browser, difference, what):
    check_equal(browser.run("document.querySelectorAll('.frame').length"), 0, f"{what}: frames")
    reason = browser.run("byId('empty').innerText")
    check(difference.names[1] in reason, f"{what}: no reason is given, but {reason!r}")


def check_root(browser, difference, what):
    total = difference.total_of_calls[()]
    summary = browser.run("byId('summary').textContent")
    found = re.search(r"per task: (.+?) in .*, (.+?) in ", summary, re.S)
    check(found, f"{what}: summary {summary}")
    for text, value in zip(found.groups(), difference.per_task(total)):
        check(is_near(value_of(text, difference.unit), value), f"{what}: {summary} instead of {value}")


def check_frames(browser, difference, width, what):
    owners = browser.run("OWNERS.map(([owner]) => owner)")
    graph = browser.run("byId('graph').clientWidth")
    share_of = lambda values: WIDTHS[width](*difference.per_task(values))  # noqa: E731
    whole = share_of(difference.total_of_calls[()])
    seen = set()
    drawn = browser.run(DRAWN)
    check_equal(bool(drawn), whole > 0, f"{what}: frames are drawn")
    for frame in drawn:
        calls = tuple((name, owners.index(owner)) for name, owner in frame["calls"])
        check(calls in difference.total_of_calls, f"{what}: no such calls: {calls}")
        values = difference.total_of_calls[calls]
        expected = graph * share_of(values) / whole
        check(abs(frame["width"] - expected) <= 1.6, f"{what}: {calls} is {frame['width']} wide")
        kind = difference.kind_of_change(values)
        if calls:
            check_equal(frame["kind"].split("-")[0], kind, f"{what}: colour of {calls}")
            seen.add(kind)
        check(not frame["isCut"], f"{what}: of the text in {calls} only a part is seen")
        if frame["change"] is not None:
            check_change_text(frame["change"], difference, values, f"{what}: {calls}")
        is_said = (frame["change"] or "") in frame["label"] and kind != "neutral"
        check(is_said or "within the noise" in frame["label"] or frame["change"] is None,
              f"{what}: the label {frame['label']}")
    return seen


def check_rows(browser, difference, what):
    """The table of functions, with all its rows."""
    at_first = browser.run(ROWS)
    check_equal(len(at_first), min(ROWS_AT_FIRST, len(difference.functions)), f"{what}: rows at first")
    browser.run("byId('more').hidden || byId('more').click()")
    rows = browser.run(ROWS)
    browser.run("state.showsAllRows = false")
    check_equal(len(rows), len(difference.functions), f"{what}: rows")
    values_of = {
        title: difference.self_of_function[key] for key, title in difference.titles().items()
    }
    sizes = []
    seen = set()
    for change, relative, baseline, candidate, _, _, name, *_ in rows:
        check(name in values_of, f"{what}: no such function: {name}")
        values = values_of[name]
        where = f"{what}, row of {name}"
        check_change_text(relative, difference, values, where)
        for text, value in zip((change, baseline, candidate),
                               (difference.change(values), *difference.per_task(values))):
            check(is_near(value_of(text, difference.unit), value), f"{where}: {text} instead of {value}")
        sizes.append((not difference.is_noise(values), abs(difference.change(values))))
        seen |= {relative} & {"new", "gone", "noise"}
    check_equal(sizes, sorted(sizes, reverse=True), f"{what}: order")
    return seen


def check_nothing_is_missing(seen):
    """A page without any of these would not show that they are right."""
    expected = {"neutral", "less", "more", "new", "gone", "noise", "empty"}
    check_equal(expected - seen, set(), "what the page has nothing of")


def first_change(browser, page):
    """Opens the page where a function changed; its name as it is shown."""
    browser.open(page)
    browser.run("choose('candidate', 1)")
    name = browser.run("rows[0].name")
    check(browser.run("rows[0].change.step !== 0"), "the first candidate changes nothing")
    return name


def check_search(browser, page, _):
    name = first_change(browser, page)
    browser.press("/")
    for key in name:
        browser.press(key)
    check_equal(browser.run("state.search"), name, "the text that was typed")
    found = browser.run("[...byId('functions').rows].map(row => row.cells[6].firstChild.textContent)")
    check(name in found and len(found) < browser.run("rows.length"), f"rows of a search: {found}")
    check(browser.run("document.querySelectorAll('.frame.match').length") > 0, "no frame matches")
    matched = browser.run("byId('matched').textContent")
    check(re.match(r"\d+ functions? match", matched), f"what matched: {matched}")
    browser.press("Escape")
    check_equal(browser.run("state.search + byId('matched').textContent"), "", "Escape clears")
    missed = browser.run("""rows.filter((row) => {
        setSearch(row.name);
        return !searchedRows().includes(row);
    }).map(row => row.name)""")
    check_equal(missed, [], "functions that are not found by their names")


def check_keys(browser, page, report):
    browser.open(page)
    for _ in range(40):  # through the controls
        browser.press("Tab")
        if browser.run("!!document.activeElement.node"):
            break
    check(browser.run(FOCUSED).startswith("all,"), "Tab does not lead into the graph")
    browser.press("ArrowDown")
    widest = browser.run("nameOf(tree.children[0])")
    check(browser.run(FOCUSED).startswith(widest + ","), f"ArrowDown did not go to {widest}")
    browser.press("ArrowDown")
    inner = browser.run("nameOf(tree.children[0].children[0])")
    browser.press("Enter")
    check_equal(browser.run("nameOf(state.zoom)"), inner, "Enter zooms to")
    width = browser.run("document.activeElement.clientWidth / byId('graph').clientWidth")
    check(width > 0.99, "what is zoomed to does not fill the width, or lost the focus")
    path = browser.run("byId('path').textContent")
    check_equal(path, f"all › {widest} › {inner}", "the path")
    detail = browser.run("byId('detail').textContent")
    check(" in " + report["names"][0] in detail, f"the detail: {detail}")
    choose(browser, width="baseline")
    check(browser.run("state.zoom === tree || nameOf(state.zoom)") in (True, widest, inner),
          "another width leads elsewhere")
    choose(browser, width="both")
    browser.press("Escape")
    check_equal(browser.run("state.zoom === tree"), True, "Escape zooms out")


def check_row_leads_to_frame(browser, page, _):
    browser.open(page)
    found = browser.run("""names.slice(1).flatMap((_, i) => {
        choose('candidate', i + 1);
        return rows.filter(row => row.change.text === 'new').map(row => [i + 1, row.name]);
    })[0]""")
    check(found, "no candidate has a new function")
    candidate, name = found
    choose(browser, candidate=candidate, width="baseline")  # where it is not
    browser.run(f"""[...document.querySelectorAll('td button')].find(
        button => button.textContent === {json.dumps(name)}).click()""")
    check(browser.run(FOCUSED).startswith(name + ","), "a row does not lead to its frame")
    check(browser.run("widthOf(document.activeElement.node) > 0"), "a row leads to what is not seen")


def check_fragment(browser, page, report):
    browser.open(page)
    last = len(report["names"]) - 1
    kind = len(report["profiles"]["kinds"]) - 1
    choose(browser, candidate=last, width="candidate")
    browser.run("zoomTo(tree.children[0])")
    browser.run("setSearch('a')")
    view = "[byId('candidate').value, byId('kind').value, byId('width').value, " \
           "byId('search').value, nameOf(state.zoom), byId('summary').textContent]"
    before = browser.run(view), browser.run(FRAMES), browser.run("location.hash")
    browser.open(page, before[2])
    after = browser.run(view), browser.run(FRAMES), browser.run("location.hash")
    check_equal(after, before, "the view that the fragment restores")
    check_equal(before[0][:3], [str(last), "0", "candidate"], "what was chosen")
    name = report["profiles"]["kinds"][kind]["name"]
    browser.open(page, f"#candidate=99&kind={name}&width=none")
    check_equal(browser.run(view)[:3], ["1", str(kind), "both"], "a fragment that is not understood")


# ---- Looks ---------------------------------------------------------------------------

# The least contrast of a strategy's colour with the page.
CONTRAST_OF_LINES = """(() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[0-9.]+/g).slice(0, 3).map(c => c / 255).map(
      c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = light(getComputedStyle(document.body).backgroundColor);
  return Math.min(...[...document.querySelectorAll('.series')].map((e) => {
    const line = light(getComputedStyle(e).color);
    return (Math.max(line, page) + 0.05) / (Math.min(line, page) + 0.05);
  }));
})()"""

# A frame in each colour that there may be.
ALL_COLORS = """document.querySelectorAll('#legend i').forEach((color) => {
  const frame = element('div', 'frame ' + color.className, 'x');
  byId('graph').append(frame);
})"""

# Charts that are not drawn for the width that they have.
UNLIKE = """[...document.querySelectorAll('.chart > svg')].filter(
  svg => Number(svg.getAttribute('width')) !== svg.parentElement.clientWidth).length"""

NEXT_FRAME = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def check_new_width(browser, page):
    """Charts that stay as they were would be too wide, or have texts that are too small."""
    browser.show_as(1280, 800, "light")
    browser.open(page)
    browser.show_as(400, 800, "light")
    browser.run(NEXT_FRAME)
    check_fits(browser, 400)
    check_equal(browser.run(UNLIKE), 0, "charts of another width than their place")


def check_paper(browser, page):
    browser.show_as(1280, 800, "light")
    browser.open(page)
    after = f"[{UNLIKE}, byId('metric-charts').clientWidth]"
    unlike, width = browser.run(f"dispatchEvent(new Event('beforeprint')) && {after}")
    check_equal(unlike, 0, "charts of another width than paper")
    check(width < 700, "the page is wider than paper")
    unlike, width = browser.run(f"dispatchEvent(new Event('afterprint')) && {after}")
    check_equal(unlike, 0, "charts of another width after printing")
    check(width > 1200, "the page stays as narrow as paper")


def check_looks(browser, page, folder):
    for width, scheme in itertools.product((1280, 400), ("light", "dark")):
        browser.show_as(width, 800, scheme)
        browser.open(page)
        check_fits(browser, width)
        if folder:
            browser.screenshot(folder / f"report-{width}-{scheme}.png", full=True)
        browser.run(ALL_COLORS)
        check_contrast(browser, scheme)
        contrast = browser.run(CONTRAST_OF_LINES)
        check(contrast >= LEAST_CONTRAST_OF_LINES, f"{scheme}: a line's contrast of {contrast:.2f}")


def main(page, screenshots=None):
    program = find_browser()
    page = pathlib.Path(page)
    data = re.search(r'id="report">(.*?)</script>', page.read_text(encoding="utf-8"), re.S)[1]
    report = json.loads(data)
    with Browser(program) as browser:
        browser.show_as(1280, 800, "light")
        for part in (check_texts, check_distributions, check_timelines, check_search, check_keys,
                     check_row_leads_to_frame, check_fragment):
            part(browser, page, report)
        check_nothing_is_missing(check_difference(browser, page, report))
        check_without_scripts(browser, page)
        check_new_width(browser, page)
        check_paper(browser, page)
        check_looks(browser, page, screenshots and pathlib.Path(screenshots))
        check_equal(browser.problems, [], "the browser's console and network")
    print("all is as it should be")


if __name__ == "__main__":
    main(*sys.argv[1:])
