// SPDX-License-Identifier: MIT
"use strict";

// Values and names as a person reads them.

const SCALES = {
  nanoseconds: [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]],
  seconds: [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]],
  bytes: [[2 ** 40, "TiB"], [2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"], [1, "B"]],
  count: [[1, ""]],
  per_second: [[1, ""]],
};

// The size and the name of what a value of this size is told in.
function scaleOf(value, unit) {
  const scales = SCALES[unit] || [[1, unit]];
  return scales.find(([size]) => value >= 0.9995 * size) || scales.at(-1);
}

// Three digits that count, two of what is small.
function decimalsOf(number) {
  if (number === 0) return 0;
  if (number < 0.0995) return 1 - Math.floor(Math.log10(number));
  return number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
}

function formatNumber(number, decimals = decimalsOf(number)) {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return number.toLocaleString("en", digits);
}

function formatValue(value, unit) {
  const [size, name] = scaleOf(value, unit);
  const isWhole = size === 1 && Number.isInteger(value);
  const number = isWhole ? value.toLocaleString("en") : formatNumber(value / size);
  return number + (name && " " + name);
}

const baseName = (path) => path.slice(path.lastIndexOf("/") + 1);

function placeIn({ file, module }, line) {
  return line && file ? baseName(file) + ":" + line : baseName(module);
}
