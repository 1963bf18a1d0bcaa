// SPDX-License-Identifier: MIT
"use strict";

// The profile, as flame_graph.cpp writes it (flat lists, texts by number), and the call tree
// that is made of it for what the person chose.
const data = JSON.parse(document.getElementById("profile").textContent);
const FUNCTION_SIZE = 4; // name, file, module, owner
const NODE_SIZE = 4; // parent, function, line, is inlined
const LEAF_SIZE = 2 + data.types.length; // node, labels, values

// In the order of code_owner.
const OWNERS = [
  ["strategy", "strategy"],
  ["program", "the program"],
  ["library", "C and C++ libraries"],
  ["kernel", "mapped by the kernel"],
  ["measurement", "[no code: about the measurement]"],
  ["unknown", "unknown"],
];

const functions = readFunctions();
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

function readFunctions() {
  const found = [];
  const text = (at) => data.strings[data.functions[at]];
  for (let i = 0; i < data.functions.length; i += FUNCTION_SIZE) {
    const name = text(i);
    found.push({
      name,
      short: name.replaceAll("(anonymous namespace)::", ""),
      file: text(i + 1),
      module: text(i + 2),
      owner: OWNERS[data.functions[i + 3]][0],
    });
  }
  return found;
}

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
  const total = self.slice();
  for (let i = total.length - 1; i >= 0; --i) {
    const parent = data.nodes[i * NODE_SIZE];
    if (parent >= 0) total[parent] += total[i];
  }
  return { self, total };
}

function newNode(parent, functionNumber, isInlined) {
  return {
    parent,
    functionNumber,
    isInlined,
    depth: parent ? parent.depth + 1 : 0,
    self: 0,
    total: 0,
    lines: new Map(), // line -> its self and total
    children: new Map(), // then a list, widest first
  };
}

function childOf(parent, functionNumber, line, isInlined) {
  const key = state.splitByLine ? functionNumber + ":" + line : functionNumber;
  let child = parent.children.get(key);
  if (!child) {
    child = newNode(parent, functionNumber, isInlined);
    parent.children.set(key, child);
  }
  child.isInlined &&= isInlined;
  return child;
}

function addShare(lines, line, self, total) {
  const sum = lines.get(line) || { self: 0, total: 0 };
  sum.self += self;
  sum.total += total;
  lines.set(line, sum);
}

// Lays nodes of one function below the same calls together.
function buildTree() {
  const { self, total } = sumNodes();
  const root = newNode(null, -1, false);
  const nodes = new Array(self.length);
  for (let i = 0; i < self.length; ++i) {
    if (total[i] === 0) continue;
    const [parent, functionNumber, line, isInlined] =
      data.nodes.slice(i * NODE_SIZE, (i + 1) * NODE_SIZE);
    const above = parent < 0 ? root : nodes[parent];
    const node = childOf(above, functionNumber, line, isInlined === 1);
    node.self += self[i];
    node.total += total[i];
    addShare(node.lines, line, self[i], total[i]);
    if (above === root) root.total += total[i];
    nodes[i] = node;
  }
  sortChildren(root);
  return root;
}

function sortChildren(node) {
  node.children = [...node.children.values()].sort((a, b) => b.total - a.total);
  node.children.forEach(sortChildren);
}

function largestLine(lines) {
  let best = [0, { self: -1, total: -1 }];
  for (const entry of lines) {
    const [a, b] = [entry[1], best[1]];
    if (a.self > b.self || (a.self === b.self && a.total > b.total)) best = entry;
  }
  return best[0];
}

// A function counts once a stack in its total, however often it calls itself.
function rankFunctions() {
  const ranked = new Map();
  const visit = (node, above) => {
    const number = node.functionNumber;
    const isOutermost = !above.has(number);
    if (number >= 0) {
      if (!ranked.has(number)) ranked.set(number, { number, self: 0, total: 0, lines: new Map() });
      addToRow(ranked.get(number), node, isOutermost);
    }
    if (isOutermost) above.add(number);
    for (const child of node.children) visit(child, above);
    if (isOutermost) above.delete(number);
  };
  visit(tree, new Set());
  return [...ranked.values()].map((row) => ({
    ...row,
    name: functions[row.number].short,
    place: placeOf(row.number, largestLine(row.lines)),
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

const SCALES = {
  nanoseconds: [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]],
  bytes: [[2 ** 40, "TiB"], [2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"], [1, "B"]],
};

function formatValue(value, unit) {
  const scales = SCALES[unit];
  if (!scales) return value.toLocaleString("en") + (unit === "count" ? "" : " " + unit);
  const [size, name] = scales.find(([size]) => value >= 0.9995 * size) || scales.at(-1);
  const number = value / size;
  const decimals = size === 1 ? 0 : number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return number.toFixed(decimals) + " " + name;
}

const inUnits = (value) => formatValue(value, data.types[state.type][1]);
const percent = (value) => (tree.total ? (100 * value / tree.total).toFixed(1) : "0.0") + " %";
const baseName = (path) => path.slice(path.lastIndexOf("/") + 1);

function placeOf(functionNumber, line) {
  const { file, module } = functions[functionNumber];
  return line && file ? baseName(file) + ":" + line : baseName(module);
}

function nameOf(node) {
  if (node === tree) return "all";
  const line = state.splitByLine ? largestLine(node.lines) : 0;
  return functions[node.functionNumber].short + (line ? ":" + line : "");
}

function describe(node) {
  return `${nameOf(node)}, total ${inUnits(node.total)}, ${percent(node.total)}, ` +
    `self ${inUnits(node.self)}, ${percent(node.self)}`;
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
