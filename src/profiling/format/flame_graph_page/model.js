// SPDX-License-Identifier: MIT
"use strict";

// The profile, as flame_graph.cpp writes it, and the call tree that is made of it for what the
// person chose.
const data = JSON.parse(byId("profile").textContent);
const LEAF_SIZE = 2 + data.types.length; // node, labels, values

const functions = readFunctions(data);
const filters = readFilters();

// What the person chose. `labels` by key; `zoom` and `focus` are nodes of `tree`.
const state = {
  type: 0,
  search: "",
  splitByLine: false,
  labels: new Map(),
  zoom: null,
  zoomedBefore: [],
  focus: null,
  sortBy: "self",
  descending: true,
  showsAllRows: false,
};
let tree = null;
let rows = [];

// ---- Data -------------------------------------------------------------------------

// Label sets as maps, and the keys that tell samples apart with their values.
function readFilters() {
  const sets = data.labels.map((numbers) => {
    const set = new Map();
    for (let i = 0; i < numbers.length; i += 2) {
      set.set(data.strings[numbers[i]], data.strings[numbers[i + 1]]);
    }
    return set;
  });
  const values = new Map();
  for (const set of sets) {
    for (const [key, value] of set) {
      if (!values.has(key)) values.set(key, new Set());
      values.get(key).add(value);
    }
  }
  const keys = [...values].filter(([, all]) => all.size > 1);
  return { sets, keys: new Map(keys.map(([key, all]) => [key, sorted(all)])) };
}

function sorted(texts) {
  return [...texts].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

// Self and total of each node of the data, for the chosen type and labels.
function sumNodes() {
  const chosen = filters.sets.map((set) =>
    [...state.labels].every(([key, value]) => set.get(key) === value));
  const self = new Float64Array(data.nodes.length / NODE_SIZE);
  for (let i = 0; i < data.leaves.length; i += LEAF_SIZE) {
    if (chosen[data.leaves[i + 1]]) self[data.leaves[i]] += data.leaves[i + 2 + state.type];
  }
  return { self, total: totalsOf(data.nodes, self) };
}

const widthOf = (node) => node.total;

function buildTree() {
  const { self, total } = sumNodes();
  const root = mergeNodes(data.nodes, {
    isMeasured: (i) => total[i] !== 0,
    functionOf: (number) => number,
    keyOf: (number, line) => (state.splitByLine ? number + ":" + line : number),
    blank: () => ({ self: 0, total: 0, lines: new Map() }), // line -> its self and total
    add(node, i, _, line) {
      node.self += self[i];
      node.total += total[i];
      addShare(node.lines, line, self[i], total[i]);
    },
  });
  for (const child of root.children) root.total += child.total;
  return root;
}

function rankFunctions() {
  const ranked = new Map();
  visitStacks(tree, (node, isOutermost) => {
    const number = node.functionNumber;
    if (!ranked.has(number)) ranked.set(number, { number, self: 0, total: 0, lines: new Map() });
    addToRow(ranked.get(number), node, isOutermost);
  });
  return [...ranked.values()].map((row) => ({
    ...row,
    name: functions[row.number].short,
    place: placeIn(functions[row.number], largestShare(row.lines)),
  }));
}

function addToRow(row, node, isOutermost) {
  row.self += node.self;
  if (isOutermost) row.total += node.total;
  for (const [line, sum] of node.lines) {
    addShare(row.lines, line, sum.self, isOutermost ? sum.total : 0);
  }
}

// ---- Texts ------------------------------------------------------------------------

const inUnits = (value) => formatValue(value, data.types[state.type][1]);
const percent = (value) => (tree.total ? (100 * value / tree.total).toFixed(1) : "0.0") + " %";

function nameOf(node) {
  if (node === tree) return "all";
  const line = state.splitByLine ? largestShare(node.lines) : 0;
  return functions[node.functionNumber].short + (line ? ":" + line : "");
}

function describe(node) {
  return `${nameOf(node)}, total ${inUnits(node.total)}, ${percent(node.total)}, ` +
    `self ${inUnits(node.self)}, ${percent(node.self)}`;
}

const colorOf = (node) => functions[node.functionNumber].owner;
const frameContent = (node) => [nameOf(node)];

function detailOf(node) {
  return [
    element("div", "", `total ${inUnits(node.total)} (${percent(node.total)}) · ` +
      `self ${inUnits(node.self)} (${percent(node.self)})`),
    element("div", "hint", node === tree ? "" : describePlace(node)),
  ];
}

// The file with the lines that have the most: "bad.cpp, lines 123 (80 %), 130 (20 %)".
function describePlace(node) {
  const { file, module } = functions[node.functionNumber];
  const parts = [];
  const lines = [...node.lines].filter(([line]) => line).sort((a, b) => b[1].total - a[1].total);
  if (file && lines.length === 1) parts.push(file + ":" + lines[0][0]);
  if (file && lines.length > 1) {
    const shares = lines.slice(0, 4).map(([line, sum]) =>
      `${line} (${Math.round(100 * sum.total / node.total)} %)`);
    parts.push(`${file}, ${lines.length > 4 ? "first of " : ""}lines ${shares.join(", ")}`);
  }
  if (module) parts.push("in " + module);
  if (node.isInlined) parts.push("put in line by the compiler");
  return parts.join(" · ");
}
