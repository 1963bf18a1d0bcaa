// SPDX-License-Identifier: MIT
"use strict";

// What became of each strategy while it ran for some seconds, a line a strategy.

const TIME_CHARTS = [
  ["threads", "Threads", "count"],
  ["jobs", "Jobs", "count"],
  ["resident_bytes", "Resident memory", "bytes"],
];
const PLOT_HEIGHT = 170;
const MARKS_PER_LINE = 4;
const FELL_BEHIND = 0.95; // of the tasks that were given

const DASHES = ["", "7 4", "2 3", "10 3 2 3", "5 2 1 2 1 2"];
const MARKS = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
  "M-3.5 -3.5h7v7h-7z",
  "M0 -4.5L4.5 3.5h-9z",
  "M0 -5L5 0L0 5L-5 0z",
  "M-4.5 -3.5h9L0 4.5z",
];

function markAt(x, y, strategy) {
  const d = MARKS[strategy % MARKS.length];
  return shape("path", { class: "mark", d, transform: `translate(${x} ${y})` });
}

function lineOf(points, strategy) {
  const made = shape("g", { class: seriesClass(strategy) });
  const path = { class: "line", "stroke-dasharray": DASHES[strategy % DASHES.length] };
  made.append(shape("path", { ...path, d: "M" + points.map((at) => at.join(" ")).join("L") }));
  // Elsewhere on each line: lines that lie on one another are still told apart.
  const every = Math.ceil(points.length / MARKS_PER_LINE);
  const first = Math.floor((every * (strategy + 0.5)) / names.length);
  for (let i = Math.min(first, points.length - 1); i < points.length; i += every) {
    made.append(markAt(...points[i], strategy));
  }
  return made;
}

function timeChart(field, title, unit, width) {
  const runs = timelines.series;
  const highest = (key) => Math.max(...runs.filter(Boolean).flatMap((run) => run[key]));
  const up = linearAxis(0, highest(field) || 1, unit, 4);
  const along = cutAxis(highest("seconds") || 1, "seconds", Math.ceil(width / 100));
  const left = 8 + Math.max(...up.ticks.map(({ text }) => ruler.measureText(text).width));
  const x = (seconds) => left + along.at(seconds) * (width - left - 6);
  const y = (value) => 8 + (1 - up.at(value)) * (PLOT_HEIGHT - 8);
  const made = drawing(width, PLOT_HEIGHT + AXIS_HEIGHT, describeCourse(field, title, unit));
  made.append(...up.ticks.flatMap(({ value, text }) => [
    shape("path", { class: "grid", d: `M${left} ${y(value)}H${width}` }),
    shape("text", { class: "tick", x: left - 8, y: y(value) + 4, "text-anchor": "end" }, text),
  ]));
  made.append(...along.ticks.map(({ value, text }) =>
    tickText(x(value), PLOT_HEIGHT + 17, width, text)));
  runs.forEach((run, i) => {
    if (run) made.append(lineOf(run.seconds.map((at, k) => [x(at), y(run[field][k])]), i));
  });
  return made;
}

function describeCourse(field, title, unit) {
  const told = timelines.series.map((run, i) => names[i] + (run
    ? ` from ${formatValue(run[field][0], unit)} to ${formatValue(run[field].at(-1), unit)}`
    : " was not watched"));
  return `${title}. ${told.join("; ")}`;
}

// ---- The section ------------------------------------------------------------------

function legendOf(field, unit) {
  const list = element("ul", "lines");
  timelines.series.forEach((run, i) => {
    const item = element("li");
    const sample = shape("g", { class: seriesClass(i) });
    const dashes = { "stroke-dasharray": DASHES[i % DASHES.length] };
    sample.append(shape("path", { class: "line", d: "M0 7H36", ...dashes }), markAt(18, 7, i));
    const picture = drawing(36, 14, "");
    picture.setAttribute("aria-hidden", "true");
    picture.append(sample);
    const name = element("span", "name", names[i]);
    name.title = names[i];
    item.append(picture, name,
      element("span", "value", run ? formatValue(run[field].at(-1), unit) : "not watched"));
    list.append(item);
  });
  return list;
}

function timeFigure([field, title, unit]) {
  const figure = element("figure", "chart");
  const caption = element("figcaption");
  caption.append(element("b", "", title), " ", element("span", "hint", "below: at the end"));
  figure.append(caption, legendOf(field, unit));
  figure.dataset.field = field;
  byId("time-charts").append(figure);
  return (width) => timeChart(field, title, unit, width);
}

function tasksPerSecond(run) {
  return (run.tasks.at(-1) - run.tasks[0]) / (run.seconds.at(-1) - run.seconds[0]);
}

function describeRate() {
  const { rate, series } = timelines;
  const longest = Math.max(...series.filter(Boolean).map((run) => run.seconds.at(-1)));
  const time = `${formatNumber(longest, longest < 3 ? 1 : 0)} seconds`;
  if (rate === 0) return `Each strategy ran as fast as it goes, for ${time}.`;
  const behind = series.flatMap((run, i) => (run && tasksPerSecond(run) < FELL_BEHIND * rate
    ? [`${names[i]} (${formatNumber(tasksPerSecond(run), 0)})`] : []));
  return `Each strategy was given ${rate.toLocaleString("en")} tasks per second, for ${time}. ` +
    (behind.length ? `These did fewer: ${inWords(behind)}.` : "All of them kept up.");
}

function showTimelines() {
  if (!timelines || !timelines.series.some(Boolean)) return;
  byId("timelines").hidden = false;
  byId("rate").textContent = describeRate();
  drawAtEachWidth(byId("time-charts"), TIME_CHARTS.map(timeFigure));
}
