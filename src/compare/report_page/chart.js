// SPDX-License-Identifier: MIT
"use strict";

// Drawings in SVG. They are drawn anew at each width, so that a text has the size of its style.

const SVG = byId("drawing").content.firstElementChild.namespaceURI;
const ruler = document.createElement("canvas").getContext("2d");
ruler.font = "12px " + getComputedStyle(document.body).fontFamily; // as .drawing in page.css

function drawing(width, height, label) {
  const made = byId("drawing").content.firstElementChild.cloneNode();
  const attributes = { class: "drawing", viewBox: `0 0 ${width} ${height}`, width, height };
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.setAttribute("aria-label", label);
  return made;
}

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Names differ at their ends as well, so it is the middle that is left out.
function fitted(text, width) {
  if (ruler.measureText(text).width <= width) return text;
  const letters = [...text];
  let kept = letters.length - 1;
  const short = () => letters.slice(0, Math.ceil(kept / 2)).join("") + "…" +
    letters.slice(letters.length - Math.floor(kept / 2)).join("");
  while (kept > 1 && ruler.measureText(short()).width > width) --kept;
  return short();
}

// ---- Axes: `at` tells where from 0 to 1 a value lies -------------------------------

// 1, 2 or 5 times a power of ten.
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= 0.999 * least);
}

// As many as tell a number from the next.
function digitsOf(step, highest) {
  if (step >= 1000) {
    const digits = 1 + Math.ceil(Math.log10(highest / step));
    return { notation: "compact", maximumSignificantDigits: digits };
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
}

function linearAxis(low, high, unit, steps) {
  const [size, name] = scaleOf(high, unit);
  const step = roundStep((high - low) / size / steps);
  const first = Math.floor(low / size / step);
  const last = Math.ceil(high / size / step);
  const digits = digitsOf(step, last * step);
  const ticks = [];
  for (let i = first; i <= last; ++i) {
    const text = (i * step).toLocaleString("en", digits) + (name && " " + name);
    ticks.push({ value: i * step * size, text: i === 0 ? "0" : text });
  }
  return { ticks, at: (value) => (value / size / step - first) / (last - first) };
}

// From zero to exactly there.
function cutAxis(high, unit, steps) {
  const ticks = linearAxis(0, high, unit, steps).ticks.filter(({ value }) => value <= high);
  return { ticks, at: (value) => value / high };
}

// Zero has no place on it: it gets one of its own, left of the others.
const ZERO_GAP = 0.1;

const POWERS = Array.from({ length: 28 }, (_, i) => i - 12);

function logAxis(values, unit, steps) {
  const positive = values.filter((value) => value > 0);
  const [low, high] = [Math.log(Math.min(...positive)), Math.log(Math.max(...positive))];
  const pad = 0.03 * (high - low);
  const begin = positive.length < values.length ? ZERO_GAP : 0;
  const share = (value) => (Math.log(value) - low + pad) / (high - low + 2 * pad);
  const at = (value) => (value > 0 ? begin + (1 - begin) * share(value) : 0);
  const ticks = logTicks(Math.exp(low - pad), Math.exp(high + pad), unit, steps)
    .map((value) => ({ value, text: formatTick(value, unit) }));
  return { ticks: begin ? [{ value: 0, text: "0" }, ...ticks] : ticks, at };
}

// Round in the unit that the value is told in: 10 KiB, not 10,000 B.
function logTicks(low, high, unit, steps) {
  const scales = SCALES[unit].map(([size]) => size);
  const isToldIn = (size) => (value) => value >= low && value <= high &&
    scaleOf(value, unit)[0] === size && (value < 1000 * size || size === scales[0]);
  const all = (factors) => {
    const found = scales.flatMap((size) => factors.flatMap((factor) =>
      POWERS.map((power) => Number(`${factor}e${power}`) * size).filter(isToldIn(size))));
    return found.sort((a, b) => a - b);
  };
  return [[1, 2, 5], [1, 3], [1]].map(all).find((ticks) => ticks.length <= steps) ||
    thinned(all([1]), steps);
}

function thinned(ticks, most) {
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % every === 0);
}

function formatTick(value, unit) {
  const [size, name] = scaleOf(value, unit);
  const number = Number((value / size).toPrecision(3));
  const digits = number >= 10_000 ? { notation: "compact" } : { maximumSignificantDigits: 3 };
  return number.toLocaleString("en", digits) + (name && " " + name);
}

// A text below `x` that stays within the drawing.
function tickText(x, y, width, text) {
  const half = ruler.measureText(text).width / 2;
  const anchor = x < half ? "start" : x > width - half ? "end" : "middle";
  const at = anchor === "start" ? 0 : anchor === "end" ? width : x;
  return shape("text", { class: "tick", x: at, y, "text-anchor": anchor }, text);
}
