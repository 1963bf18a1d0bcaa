// SPDX-License-Identifier: MIT
"use strict";

// What html.cpp writes: the comparison, and the profiles and the courses of its strategies,
// the baseline first.
const report = JSON.parse(byId("report").textContent);
const { comparison, names, timelines, profiles } = report;

// Strategies are told apart by colour, and in lines by dashes and marks too.
const COLORS = 7;
const seriesClass = (strategy) => "series series-" + strategy % COLORS;

function inWords(parts) {
  return parts.length < 2 ? parts.join() : parts.slice(0, -1).join(", ") + " and " + parts.at(-1);
}
