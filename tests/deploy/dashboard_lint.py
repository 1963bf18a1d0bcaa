#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""dashboard_lint.py [--self-test] DASHBOARD.json...: rules that Grafana dashboards keep.

Checked are the rules for Prometheus of grafana/dashboard-linter, under its names, and some of
our own. Findings are printed one a line, `file: panel: rule: what, expected`, and counted in the
last line. PromQL is parsed by promtool where that is installed.

With --self-test each rule is broken once in a copy of the dashboards, and has to be the one
that reports.
"""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

GRID_COLUMNS = 24
OLDEST_SCHEMA = 39  # Grafana 11
# Identifiers of Grafana's units that make sense here; an unknown one is shown as a suffix.
UNITS = {
    "none", "short", "percent", "percentunit", "bytes", "decbytes", "Bps", "binBps", "s", "ms",
    "ns", "ops", "cps", "hertz", "bool", "bool_yes_no", "bool_on_off", "dtdurations",
}
QUERY_PANELS = {"timeseries", "stat", "gauge", "bargauge", "table", "state-timeline", "heatmap"}
TEMPLATE_QUERIES = {"label_values", "label_names", "metrics", "query_result"}
# Pages of a worker, by path, and the parameters that each knows.
WORKER_PAGES = {
    "/debug/pprof/": set(),
    "/debug/pprof/flamegraph": {"profile", "last", "peak", "leaked"},
    "/debug/pprof/goroutine": {"debug", "leaked"},
    "/debug/pprof/threads": {"debug"},
    "/debug/pprof/profile": {"debug", "last"},
    "/debug/pprof/heap": {"debug", "peak"},
    "/debug/pprof/allocs": {"debug"},
}
WORKER_HOST = re.compile(r"http://(?:\$\{__field\.labels\.instance\}|\$\{__value\.raw\})(?=/)")
STACK_PAGE = re.compile(r"http://localhost:(?:909[01]/debug/pprof/|9092/alerts)|/d/[a-z-]+")

# --- PromQL, as far as the rules need it -----------------------------------------------------

TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
  | (?P<variable>\$\{\w+(?::\w+)?\}|\$\w+)
  | (?P<word>[A-Za-z_:][\w:]*)
  | (?P<number>[\d.][\w.]*(?:(?<=[eE])[+-]\d+)?)
  | (?P<symbol>=~|!~|!=|==|<=|>=|.)
    )""",
    re.VERBOSE | re.DOTALL,
)
LABEL_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
SET_OPERATORS = {"and", "or", "unless"}
KEYWORDS = LABEL_LISTS | SET_OPERATORS | {"bool", "offset", "atan2", "inf", "nan"}
COMPARISONS = {"==", "!=", "<", ">", "<=", ">="}
OPENING, CLOSING = {"(": ")", "{": "}", "[": "]"}, {")", "}", "]"}


def tokens_of(expression):
    """The tokens as (kind, text, begin, end)."""
    return [
        (match.lastgroup, match[match.lastgroup], match.start(match.lastgroup), match.end())
        for match in TOKEN.finditer(expression.rstrip())
    ]


def unbalanced(expression):
    """What is wrong with the brackets, or None."""
    expected = []
    for _, text, _, _ in tokens_of(expression):
        if text in OPENING:
            expected.append(OPENING[text])
        elif text in CLOSING and (not expected or expected.pop() != text):
            return f"'{text}' closes nothing"
    return f"'{expected[-1]}' is missing" if expected else None


def end_of_bracket(tokens, begin):
    """The index behind the bracket that opens at `begin`."""
    depth = 0
    for i in range(begin, len(tokens)):
        depth += (tokens[i][1] in OPENING) - (tokens[i][1] in CLOSING)
        if depth == 0:
            return i + 1
    return len(tokens)


def matchers_of(tokens):
    """The matchers between braces, as (label, operator, value)."""
    matchers = []
    for i in range(1, len(tokens) - 1):
        if tokens[i][1] in {"=", "!=", "=~", "!~"}:
            matchers.append((tokens[i - 1][1], tokens[i][1], tokens[i + 1][1][1:-1]))
    return matchers


def selectors_of(expression):
    """Each selector as a dictionary: name, matchers, range or None, and the function around it."""
    tokens, calls, found, i = tokens_of(expression), [], [], 0

    def text(index):
        return tokens[index][1] if index < len(tokens) else ""

    while i < len(tokens):
        kind, word, _, _ = tokens[i]
        if word in LABEL_LISTS and text(i + 1) == "(":
            i = end_of_bracket(tokens, i + 1)
            continue
        is_name = kind == "word" and word not in KEYWORDS and text(i + 1) != "("
        is_aggregation = is_name and text(i + 1) in {"by", "without"}
        if (is_name and not is_aggregation) or word == "{":
            name = word if is_name else ""
            i += is_name
            end = end_of_bracket(tokens, i) if text(i) == "{" else i
            matchers = matchers_of(tokens[i:end])
            i, range_ = end, None
            if text(i) == "[":
                end = end_of_bracket(tokens, i)
                range_ = "".join(each[1] for each in tokens[i + 1 : end - 1])
                i = end
            call = calls[-1] if calls else ""
            found.append({"name": name, "matchers": matchers, "range": range_, "call": call})
            continue
        if word == "(":
            calls.append(tokens[i - 1][1] if i and tokens[i - 1][0] == "word" else "")
        elif word == ")" and calls:
            calls.pop()
        i += 1
    return found


def operands_of(expression):
    """What stands between the `and`, `or` and `unless` of the top level."""
    tokens, depth, begin, operands, i = tokens_of(expression), 0, 0, [], 0
    while i < len(tokens):
        kind, text, start, end = tokens[i]
        depth += (text in OPENING) - (text in CLOSING)
        i += 1
        if depth == 0 and kind == "word" and text in SET_OPERATORS:
            operands.append(expression[begin:start].strip())
            while i + 1 < len(tokens) and tokens[i][1] in LABEL_LISTS and tokens[i + 1][1] == "(":
                i = end_of_bracket(tokens, i + 1)
                end = tokens[i - 1][3]
            begin = end
    return operands + [expression[begin:].strip()]


def without_comparison(expression):
    """The expression up to its last comparison on the top level."""
    depth, cut = 0, len(expression)
    for kind, text, start, _ in tokens_of(expression):
        depth += (text in OPENING) - (text in CLOSING)
        if depth == 0 and kind == "symbol" and text in COMPARISONS:
            cut = start
    return expression[:cut].strip()


def expanded(expression, values):
    """The expression with $name and ${name} replaced, also inside of strings."""
    return re.sub(
        r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))",
        lambda match: str(values.get(match[1] or match[2], match[0])),
        expression,
    )


# --- what a dashboard has --------------------------------------------------------------------


def panels_of(dashboard):
    """All panels, also those in rows that are folded up."""
    for panel in dashboard.get("panels", []):
        yield panel
        yield from panels_of(panel)


def query_panels(dashboard):
    return [panel for panel in panels_of(dashboard) if panel.get("type") in QUERY_PANELS]


def targets_of(dashboard):
    for panel in query_panels(dashboard):
        for target in panel.get("targets") or []:
            yield panel, target


def variables_of(dashboard, type_=None):
    listed = dashboard.get("templating", {}).get("list", [])
    return [each for each in listed if type_ in (None, each.get("type"))]


def links_of(panel):
    """The data links of a panel, also those of overrides."""
    config = panel.get("fieldConfig", {})
    links = list(config.get("defaults", {}).get("links", []))
    for override in config.get("overrides", []):
        for each in override.get("properties", []):
            if each.get("id") == "links":
                links += each.get("value", [])
    return links


def units_of(panel):
    config = panel.get("fieldConfig", {})
    units = [config.get("defaults", {}).get("unit", "")]
    for override in config.get("overrides", []):
        units += [each["value"] for each in override["properties"] if each.get("id") == "unit"]
    return units


# --- rules: each yields (panel or None, what, expected) --------------------------------------

RULES = {}


def rule(name):
    def add(check):
        RULES[name] = check
        return check

    return add


@rule("template-datasource")
def check_template_datasource(dashboard):
    sources = variables_of(dashboard, "datasource")
    if not sources:
        yield None, "no variable of type datasource", "one"
    for each in sources:
        if each.get("name") not in {"datasource", "prometheus_datasource"}:
            yield None, f"data source variable '{each.get('name')}'", "'datasource'"
        if each.get("label") not in {"Data source", "Prometheus data source"}:
            yield None, f"data source variable labeled '{each.get('label')}'", "'Data source'"
        if each.get("query") != "prometheus":
            yield None, f"data source of type '{each.get('query')}'", "'prometheus'"


def check_template(dashboard, name):
    found = [each for each in variables_of(dashboard) if each.get("name") == name]
    if not found:
        yield None, f"no variable '{name}'", "one"
        return
    expected = {
        "type": ({"query"}, found[0].get("type")),
        "data source": (
            {"$datasource", "${datasource}"},
            (found[0].get("datasource") or {}).get("uid"),
        ),
        "label": ({name.title()}, found[0].get("label")),
        "multi": ({True}, found[0].get("multi")),
        "allValue": ({".+"}, found[0].get("allValue")),
    }
    for what, (allowed, value) in expected.items():
        if value not in allowed:
            yield None, f"variable '{name}': {what} is {value!r}", f"{sorted(allowed)[-1]!r}"


@rule("template-job")
def check_template_job(dashboard):
    yield from check_template(dashboard, "job")


@rule("template-instance")
def check_template_instance(dashboard):
    yield from check_template(dashboard, "instance")


@rule("template-label-promql")
def check_template_label_promql(dashboard):
    for each in variables_of(dashboard, "query"):
        query = each.get("query")
        match = re.fullmatch(r"([a-z_]+)\((.+)\)", query if isinstance(query, str) else "")
        if not match or match[1] not in TEMPLATE_QUERIES or unbalanced(match[2]):
            what = f"variable '{each.get('name')}': query {query!r}"
            yield None, what, "label_values(metric, label)"


@rule("template-on-time-change-reload")
def check_template_reload(dashboard):
    for each in variables_of(dashboard, "query"):
        if each.get("refresh") != 2:
            yield None, f"variable '{each.get('name')}': refresh {each.get('refresh')}", "2"


@rule("panel-datasource")
def check_panel_datasource(dashboard):
    names = [each.get("name") for each in variables_of(dashboard, "datasource")]
    allowed = {form % name for name in names for form in ("$%s", "${%s}")}
    for panel in query_panels(dashboard):
        for owner in [panel, *(panel.get("targets") or [])]:
            uid = (owner.get("datasource") or {}).get("uid")
            # The rule that wants the variable tells when there is none to use.
            if allowed and uid not in allowed:
                yield panel, f"data source '{uid}'", "'${datasource}'"


@rule("panel-title-description")
def check_panel_title(dashboard):
    for panel in query_panels(dashboard):
        for what in ("title", "description"):
            if not panel.get(what):
                yield panel, f"no {what}", "one"


@rule("panel-units")
def check_panel_units(dashboard):
    for panel in query_panels(dashboard):
        for unit in units_of(panel):
            if unit not in UNITS:
                yield panel, f"unit '{unit}'", "an identifier of a unit of Grafana"


@rule("panel-no-targets")
def check_panel_targets(dashboard):
    for panel in query_panels(dashboard):
        if not panel.get("targets"):
            yield panel, "no targets", "at least one"


# What stands for a variable outside of strings, for the parser alone.
SAMPLES = {"__rate_interval": "20s", "__interval": "5s", "__range": "15m", "__range_s": "900"}


def promtool_errors(expressions):
    """The faults that promtool finds, by the index of the expression."""
    rules = [{"record": "parsed:alone", "expr": each} for each in expressions]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rules.yml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"groups": [{"name": "parsed", "rules": rules}]}, file)  # JSON is YAML
        done = subprocess.run(
            ["promtool", "check", "rules", "--lint=none", path],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    found = re.findall(r"rule (\d+), .*?: (could not parse expression: .*)", done.stdout)
    assert found or done.returncode == 0, f"promtool says what is not understood: {done.stdout}"
    return {int(number) - 1: text for number, text in found}


@rule("target-promql")
def check_target_promql(dashboard):
    samples = dict(SAMPLES)
    for each in variables_of(dashboard, "custom"):
        samples[each.get("name")] = each.get("current", {}).get("value", "1")
    checked = []
    for panel, target in targets_of(dashboard):
        fault = unbalanced(target.get("expr", "")) if target.get("expr") else "it is empty"
        if fault:
            yield panel, f"target {target.get('refId')}: {fault}", "valid PromQL"
        else:
            checked.append((panel, target, expanded(target["expr"], samples)))
    if not shutil.which("promtool"):
        return
    for index, fault in promtool_errors([expression for _, _, expression in checked]).items():
        panel, target, _ = checked[index]
        yield panel, f"target {target.get('refId')}: {fault}", "valid PromQL"


def selectors(dashboard):
    for panel, target in targets_of(dashboard):
        for selector in selectors_of(target.get("expr", "")):
            yield panel, target, selector


@rule("target-rate-interval")
def check_rate_interval(dashboard):
    for panel, target, selector in selectors(dashboard):
        range_ = selector["range"]
        if range_ is None or range_ in {"$__rate_interval", "${__rate_interval}"}:
            continue
        if selector["call"] in {"rate", "irate", ""}:
            yield panel, f"target {target.get('refId')}: [{range_}]", "[$__rate_interval]"


def check_matcher(dashboard, label):
    for panel, target, selector in selectors(dashboard):
        if (label, "=~", f"${label}") not in selector["matchers"]:
            name = selector["name"] or "a selector without a name"
            yield panel, f"target {target.get('refId')}: {name}", f'{label}=~"${label}"'


@rule("target-job")
def check_target_job(dashboard):
    yield from check_matcher(dashboard, "job")


@rule("target-instance")
def check_target_instance(dashboard):
    yield from check_matcher(dashboard, "instance")


@rule("target-counter-agg")
def check_counter_aggregation(dashboard):
    for panel, target, selector in selectors(dashboard):
        is_counter = selector["name"].endswith("_total")
        is_rate = selector["range"] and selector["call"] in {"rate", "irate", "increase"}
        if is_counter and not is_rate:
            what = f"target {target.get('refId')}: counter {selector['name']}"
            yield panel, what, "rate, irate or increase of it"


@rule("uneditable-dashboard")
def check_uneditable(dashboard):
    if dashboard.get("editable") is not False:
        yield None, f"editable is {dashboard.get('editable')}", "false"


@rule("unique-ids")
def check_unique_ids(dashboard):
    seen = set()
    for panel in panels_of(dashboard):
        if not isinstance(panel.get("id"), int) or panel["id"] in seen:
            yield panel, f"id {panel.get('id')} again", "an id of its own"
        seen.add(panel.get("id"))
        names = [target.get("refId") for target in panel.get("targets") or []]
        if len(set(names)) != len(names):
            yield panel, f"refIds {names}", "different ones"


@rule("no-overlaps")
def check_overlaps(dashboard):
    taken = {}
    for panel in panels_of(dashboard):
        place = panel.get("gridPos", {})
        x, y, width, height = (place.get(key, -1) for key in "xywh")
        if min(x, y) < 0 or min(width, height) < 1 or x + width > GRID_COLUMNS:
            yield panel, f"gridPos {place}", f"a place within {GRID_COLUMNS} columns"
            continue
        cells = {(column, row) for column in range(x, x + width) for row in range(y, y + height)}
        others = sorted({taken[cell] for cell in cells if cell in taken})
        if others:
            yield panel, f"overlaps {', '.join(others)}", "a place of its own"
        taken.update(dict.fromkeys(cells, panel.get("title", "?")))


def fault_of_worker_page(url):
    host = WORKER_HOST.match(url)
    if not host:
        return "http://${__field.labels.instance}/... or http://${__value.raw}/..."
    path, _, query = url[host.end() :].partition("?")
    names = {each.partition("=")[0] for each in query.split("&") if each}
    if path not in WORKER_PAGES or not names <= WORKER_PAGES[path]:
        return f"one of {', '.join(WORKER_PAGES)} with parameters that it knows"
    return None


@rule("links")
def check_links(dashboard):
    for panel in panels_of(dashboard):
        for link in links_of(panel):
            expected = fault_of_worker_page(link.get("url", ""))
            if expected or not link.get("title"):
                what = f"link '{link.get('title')}' to {link.get('url')}"
                yield panel, what, expected or "a title"
    for link in dashboard.get("links", []):
        url = link.get("url", "")
        if not link.get("title") or not STACK_PAGE.fullmatch(url):
            yield None, f"link '{link.get('title')}' to {url}", "/d/UID or a page of the stack"


@rule("settings")
def check_settings(dashboard):
    expected = {
        "uid": bool(re.fullmatch(r"[a-z][a-z0-9-]{3,39}", dashboard.get("uid") or "")),
        "title": bool(dashboard.get("title")),
        "refresh": bool(dashboard.get("refresh")),
        "graphTooltip": dashboard.get("graphTooltip") == 1,
        "time": dashboard.get("time") == {"from": "now-15m", "to": "now"},
        "schemaVersion": dashboard.get("schemaVersion", 0) >= OLDEST_SCHEMA,
    }
    for name, is_good in expected.items():
        if not is_good:
            yield None, f"{name} is {dashboard.get(name)!r}", "what all dashboards here have"


def title_of(panel):
    return (panel.get("title") or f"id {panel.get('id')}") if panel else "dashboard"


def findings_of(dashboard):
    """All findings as (rule, panel title, what, expected)."""
    return [
        (name, title_of(panel), what, expected)
        for name, check in RULES.items()
        for panel, what, expected in check(dashboard)
    ]


# --- self-test: one mutation for each rule ---------------------------------------------------


def variable(dashboard, name):
    return next(each for each in variables_of(dashboard) if each["name"] == name)


def series_panel(dashboard):
    return next(each for each in query_panels(dashboard) if each["type"] == "timeseries")


def rewritten(dashboard, wanted, old, new):
    """Replaces text in the first expression that has `wanted`."""
    target = next(target for _, target in targets_of(dashboard) if wanted in target["expr"])
    assert old in target["expr"], f"{old} is not in {target['expr']}"
    target["expr"] = target["expr"].replace(old, new)


def with_first(form):
    """Puts the counter, as in `form`, into the first target."""
    counter = 'worker_page_faults_total{job=~"$job", instance=~"$instance"}'
    return lambda d: series_panel(d)["targets"][0].update(expr=form.format(counter))


def moved_up(dashboard):
    series_panel(dashboard)["gridPos"]["y"] -= 1


def first_link(dashboard):
    return next(link for panel in query_panels(dashboard) for link in links_of(panel))


MUTATIONS = [
    ("template-datasource", lambda d: variable(d, "datasource").update(label="Datasource")),
    ("template-job", lambda d: variable(d, "job").update(allValue="")),
    ("template-instance", lambda d: variable(d, "instance").update(multi=False)),
    ("template-label-promql", lambda d: variable(d, "job").update(query="label_value(up, job)")),
    ("template-on-time-change-reload", lambda d: variable(d, "job").update(refresh=1)),
    ("panel-datasource", lambda d: series_panel(d).update(datasource={"uid": "prometheus"})),
    ("panel-title-description", lambda d: series_panel(d).update(description="")),
    ("panel-units", lambda d: series_panel(d)["fieldConfig"]["defaults"].update(unit="KB/s")),
    ("panel-no-targets", lambda d: series_panel(d).update(targets=[])),
    ("target-promql", lambda d: rewritten(d, "worker_", "}", "})")),
    ("target-rate-interval", with_first("rate({}[5m])")),
    ("target-job", lambda d: rewritten(d, "worker_", 'job=~"$job", ', "")),
    ("target-instance", lambda d: rewritten(d, "worker_", 'instance=~"$i', 'instance="$i')),
    ("target-counter-agg", with_first("{}")),
    ("uneditable-dashboard", lambda d: d.update(editable=True)),
    ("unique-ids", lambda d: series_panel(d).update(id=d["panels"][0]["id"])),
    ("no-overlaps", moved_up),
    ("links", lambda d: first_link(d).update(url="http://localhost:9090/debug/pprof/heap")),
    ("links", lambda d: d["links"][0].update(url="http://localhost:9090/debug/pprof/heap")),
    ("settings", lambda d: d.update(refresh="")),
]
if shutil.which("promtool"):
    MUTATIONS.append(("target-promql", with_first("rate({}[$__rate_interval]) * *")))


def check_parser():
    """The part of PromQL that is read here, on what is easy to get wrong."""
    found = selectors_of('sum by (a) (rate(x_total{b="}", c=~"$c"}[$__rate_interval])) / on (d) y')
    assert [each["name"] for each in found] == ["x_total", "y"], found
    assert found[0]["matchers"] == [("b", "=", "}"), ("c", "=~", "$c")], found
    assert (found[0]["range"], found[0]["call"]) == ("$__rate_interval", "rate"), found
    assert operands_of("a > 1 and on (x) (b or c) unless d") == ["a > 1", "(b or c)", "d"]
    assert without_comparison('a{b!="c"} - d offset 5m > 2e6') == 'a{b!="c"} - d offset 5m'
    assert without_comparison("(a > 1) * 2") == "(a > 1) * 2"
    assert without_comparison("a > 1 > bool 2") == "a > 1"
    assert unbalanced('a{b="("}') is None and unbalanced("(a") and unbalanced("a)")


def self_test(dashboards):
    check_parser()
    silent = 0
    for path, dashboard in dashboards.items():
        for name, mutate in MUTATIONS:
            broken = copy.deepcopy(dashboard)
            mutate(broken)
            reported = {finding[0] for finding in findings_of(broken)}
            if reported != {name}:
                silent += 1
                print(f"{path}: broken for {name}: {sorted(reported) or 'nothing'} reported")
    missing = set(RULES) - {name for name, _ in MUTATIONS}
    assert not missing, f"no mutation breaks {missing}"
    print(f"{len(MUTATIONS) * len(dashboards)} faults, {silent} not reported by their rule alone")
    return silent


def main(arguments):
    paths = [each for each in arguments if each != "--self-test"]
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    dashboards = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            dashboards[os.path.basename(path)] = json.load(file)
    if not shutil.which("promtool"):
        print("target-promql: only brackets were checked, promtool is not installed")
    if "--self-test" in arguments:
        return 1 if self_test(dashboards) else 0
    findings = 0
    for path, dashboard in dashboards.items():
        for name, panel, what, expected in findings_of(dashboard):
            findings += 1
            print(f"{path}: {panel}: {name}: {what}, expected {expected}")
    uids = [dashboard.get("uid") for dashboard in dashboards.values()]
    if len(set(uids)) != len(uids):
        findings += 1
        print(f"all: dashboard: unique-ids: uids {uids}, expected different ones")
    panels = sum(len(query_panels(each)) for each in dashboards.values())
    print(f"{len(RULES)} rules, {len(dashboards)} dashboards, {panels} panels: {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
