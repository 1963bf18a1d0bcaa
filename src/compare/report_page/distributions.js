// SPDX-License-Identifier: MIT
"use strict";

// All samples of each metric, a row a strategy.

const ROW = 40;
const NAME_HEIGHT = 16;
const DOT = 3;
const AXIS_HEIGHT = 22;
const TICK_WIDTH = 70; // of the widest text on an axis, with space around it
const FAR_APART = 20; // medians that differ by more are told on a logarithmic axis
const GOLDEN = 0.618034; // multiples of it spread evenly, however many there are

function samplesOf(metric) {
  return comparison.series.map((series) =>
    series.samples[metric].filter((value) => value !== null));
}

function quantile(samples, share) {
  const ordered = [...samples].sort((a, b) => a - b);
  const at = share * (ordered.length - 1);
  const [low, high] = [ordered[Math.floor(at)], ordered[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

const median = (samples) => quantile(samples, 0.5);

function isVarying(metric) {
  const values = samplesOf(metric).flat();
  return values.some((value) => value !== values[0]);
}

function sampleAxis(series, unit, width) {
  const values = series.flat();
  const steps = Math.max(2, Math.floor(width / TICK_WIDTH));
  const medians = series.filter((samples) => samples.length).map(median).filter((m) => m > 0);
  if (Math.max(...medians) / Math.min(...medians) > FAR_APART) {
    return logAxis(values, unit, steps);
  }
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return linearAxis(low < high / 2 ? Math.min(low, 0) : low, high, unit, steps);
}

// ---- Drawing ----------------------------------------------------------------------

function sampleChart(metric, width) {
  const { title, unit } = comparison.metrics[metric];
  const series = samplesOf(metric);
  const axis = sampleAxis(series, unit, width);
  const height = series.length * ROW + AXIS_HEIGHT;
  const x = (value) => DOT + 1 + axis.at(value) * (width - 2 * DOT - 2);
  const made = drawing(width, height, describeSamples(title, unit, series));
  made.append(...axis.ticks.flatMap(({ value, text }) => [
    shape("path", { class: "grid", d: `M${x(value)} 0V${height - AXIS_HEIGHT}` }),
    tickText(x(value), height - 6, width, text),
  ]));
  series.forEach((samples, i) => {
    made.append(...nameTexts(names[i], samples, unit, width, i * ROW + 12));
    if (samples.length) made.append(sampleRow(samples, i, x, i * ROW + NAME_HEIGHT));
  });
  return made;
}

function describeSamples(title, unit, series) {
  const told = series.map((samples, i) => names[i] + (samples.length
    ? `: median ${formatValue(median(samples), unit)}, from ` +
      `${formatValue(Math.min(...samples), unit)} to ${formatValue(Math.max(...samples), unit)}`
    : ": no samples"));
  return `${title}. ${told.join("; ")}`;
}

function nameTexts(name, samples, unit, width, y) {
  const value = samples.length ? formatValue(median(samples), unit) : "no samples";
  const room = width - ruler.measureText(value).width - 20;
  const label = shape("text", { x: 0, y }, fitted(name, room));
  label.append(shape("title", {}, name));
  return [label, shape("text", { class: "value", x: width, y, "text-anchor": "end" }, value)];
}

function sampleRow(samples, strategy, x, top) {
  const band = ROW - NAME_HEIGHT - 6;
  const [low, high] = [x(quantile(samples, 0.25)), x(quantile(samples, 0.75))];
  const made = shape("g", { class: seriesClass(strategy) });
  made.append(shape("rect", {
    class: "box", x: low - 1, y: top + 0.5, width: high - low + 2, height: band - 1, rx: 2,
  }));
  made.append(...samples.map((value, i) => shape("circle", {
    class: "dot", cx: x(value), cy: top + DOT + ((i * GOLDEN) % 1) * (band - 2 * DOT), r: DOT,
  })));
  const middle = x(median(samples));
  made.append(shape("path", { class: "median", d: `M${middle} ${top - 1}V${top + band + 1}` }));
  return made;
}

// ---- The section ------------------------------------------------------------------

function metricFigure(metric) {
  const { title, better } = comparison.metrics[metric];
  const isPrimary = metric === comparison.rules.primary;
  const figure = element("figure", isPrimary ? "chart primary" : "chart");
  const caption = element("figcaption");
  const direction = (better === "lower" ? "less" : "more") + " is better";
  const hint = isPrimary ? "decides; " + direction : direction;
  caption.append(element("b", "", title), " ", element("span", "hint", hint));
  figure.append(caption);
  figure.dataset.metric = metric;
  byId("metric-charts").append(figure);
  return (width) => sampleChart(metric, width);
}

function describeSameMetrics(metrics) {
  const same = metrics.filter((metric) => samplesOf(metric).flat().length);
  const told = same.map((metric) => {
    const { title, unit } = comparison.metrics[metric];
    return `${title} (${formatValue(samplesOf(metric).flat()[0], unit)})`;
  });
  const unknown = metrics.filter((metric) => !same.includes(metric))
    .map((metric) => comparison.metrics[metric].title);
  return (told.length ? `The same in every sample of all: ${inWords(told)}. ` : "") +
    (unknown.length ? `Not known here: ${inWords(unknown)}.` : "");
}

function showDistributions() {
  const { primary } = comparison.rules;
  const metrics = Object.keys(comparison.metrics);
  const varying = metrics.filter(isVarying).sort((a, b) => (b === primary) - (a === primary));
  byId("distributions").hidden = false;
  drawAtEachWidth(byId("metric-charts"), varying.map(metricFigure));
  const same = metrics.filter((metric) => !varying.includes(metric));
  byId("same-metrics").textContent = describeSameMetrics(same);
}
