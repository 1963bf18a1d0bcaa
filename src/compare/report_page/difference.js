// SPDX-License-Identifier: MIT
"use strict";

// The call trees of two strategies, laid over one another. What is measured comes in pairs: of
// the baseline and of the candidate.

const functionsOfModules = profiles ? readFunctions(profiles) : [];
const { functions, mergedNumbers } = mergeFunctions();

const WIDTHS = {
  both: ["both together", (baseline, candidate) => baseline + candidate],
  baseline: ["baseline", (baseline) => baseline],
  candidate: ["candidate", (_, candidate) => candidate],
};

// What the person chose. `zoom` and `focus` are nodes of `tree`.
const state = {
  candidate: 1,
  kind: 0,
  width: "both",
  search: "",
  zoom: null,
  zoomedBefore: [],
  focus: null,
  showsAllRows: false,
};
let tree = null;
let rows = [];

// ---- Data -------------------------------------------------------------------------

// A function that both strategies have is in two modules, often in two files and at times under
// two names; the key is the same.
function mergeFunctions() {
  const merged = new Map();
  const numbers = functionsOfModules.map(({ name, short, owner, file }, i) => {
    const key = profiles.strings[profiles.keys[i]];
    const place = owner + " " + key;
    if (!merged.has(place)) {
      merged.set(place, { number: merged.size, key, names: new Set(), short, owner, file: "" });
    }
    const one = merged.get(place);
    one.names.add(name);
    one.file += file + "\n"; // a search finds each
    if (one.names.size > 1) one.short = key;
    one.name = [...one.names].join(" → ");
    return one.number;
  });
  return { functions: [...merged.values()], mergedNumbers: numbers };
}

const strategiesShown = () => [0, state.candidate];
const kindShown = () => profiles.kinds[state.kind];
const namesShown = () => strategiesShown().map((strategy) => names[strategy]);
const tasksShown = () =>
  strategiesShown().map((strategy) => profiles.strategies[strategy].tasks[state.kind]);

// Self of each node of the data, of the two strategies.
function sumSelf() {
  const size = profiles.nodes.length / NODE_SIZE;
  const sums = [new Float64Array(size), new Float64Array(size)];
  const leafSize = 2 + profiles.kinds.length; // node, strategy, values
  for (let i = 0; i < profiles.leaves.length; i += leafSize) {
    const [node, strategy] = profiles.leaves.slice(i, i + 2);
    const side = strategiesShown().indexOf(strategy);
    if (side >= 0) sums[side][node] += profiles.leaves[i + 2 + state.kind];
  }
  return sums;
}

function blankPair() {
  return { self: [0, 0], total: [0, 0], places: [new Map(), new Map()] };
}

function buildTree() {
  const self = sumSelf();
  const total = self.map((sums) => totalsOf(profiles.nodes, sums));
  const root = mergeNodes(profiles.nodes, {
    isMeasured: (i) => total[0][i] + total[1][i] > 0,
    functionOf: (number) => mergedNumbers[number],
    keyOf: (number) => number,
    blank: blankPair,
    add(node, i, from, line) {
      for (const side of [0, 1]) {
        node.self[side] += self[side][i];
        node.total[side] += total[side][i];
        const place = from + ":" + line;
        if (total[side][i]) addShare(node.places[side], place, self[side][i], total[side][i]);
      }
    },
  });
  for (const child of root.children) {
    for (const side of [0, 1]) root.total[side] += child.total[side];
  }
  return root;
}

function rankFunctions() {
  const ranked = new Map();
  const rowOf = (number) => {
    if (!ranked.has(number)) ranked.set(number, { number, ...blankPair() });
    return ranked.get(number);
  };
  visitStacks(tree, (node, isOutermost) => addToRow(rowOf(node.functionNumber), node, isOutermost));
  for (const child of tree.children) addOwn(child, null, rowOf);
  return [...ranked.values()].map((row) => ({
    ...row,
    name: functions[row.number].short,
    place: placesOf(row).join(" → "),
    change: changeOf(row.self),
  })).sort(compareRows);
}

function addToRow(row, node, isOutermost) {
  for (const side of [0, 1]) {
    if (isOutermost) row.total[side] += node.total[side];
    for (const [place, sum] of node.places[side]) {
      addShare(row.places[side], place, sum.self, isOutermost ? sum.total : 0);
    }
  }
}

// What is allocated or waited for happens in libraries: it counts to who called them, where that
// is no library itself.
function addOwn(node, caller, rowOf) {
  const isOwn = ["strategy", "program"].includes(functions[node.functionNumber].owner);
  const own = isOwn ? node : caller;
  const row = rowOf((own || node).functionNumber);
  for (const side of [0, 1]) row.self[side] += node.self[side];
  for (const child of node.children) addOwn(child, own, rowOf);
}

function compareRows(a, b) {
  const size = (row) => Math.abs(row.change.difference);
  const total = (row) => Math.max(...perTask(row.total));
  return (a.change.step === 0) - (b.change.step === 0) || size(b) - size(a) || total(b) - total(a);
}

// ---- Differences -------------------------------------------------------------------

function perTask(values) {
  const tasks = tasksShown();
  return values.map((value, side) => (tasks[side] ? value / tasks[side] : 0));
}

const widthOf = (node) => WIDTHS[state.width][1](...perTask(node.total));

// Twice the deviation that chance gives the difference, were both the same: how often something
// is sampled varies by the root of how often. Of what one has never shown, that tells how often
// it could have.
function noiseOf(values) {
  const tasks = tasksShown();
  if (!tasks.every(Boolean)) return 0;
  const mean = (values[0] + values[1]) / (tasks[0] + tasks[1]);
  const [before, after] =
    strategiesShown().map((each) => profiles.strategies[each].periods[state.kind]);
  // One without a sample may not know what that would stand for.
  return 2 * Math.sqrt(mean * ((before || after) / tasks[0] + (after || before) / tasks[1]));
}

// From this factor on, either way, the colour is one step stronger.
const STEPS = [1.25, 2, 5];

// `step`: 0 within the noise, below it less, above it more.
function changeOf(values) {
  const [before, after] = perTask(values);
  const difference = after - before;
  if (Math.abs(difference) <= noiseOf(values)) return { difference, step: 0, text: "" };
  const factor = Math.max(after / before, before / after);
  const size = 1 + STEPS.filter((least) => factor >= least).length;
  return { difference, step: Math.sign(difference) * size, text: describeRatio(before, after) };
}

function describeRatio(before, after) {
  if (before === 0) return "new";
  if (after === 0) return "gone";
  if (after >= 2 * before) return formatNumber(after / before) + " times";
  const percent = 100 * (after / before - 1);
  const decimals = percent < -99 ? 2 : Math.abs(percent) < 9.95 ? 1 : 0;
  return signed(percent, (size) => formatNumber(size, decimals)) + " %";
}

function signed(value, format) {
  return (value < 0 ? "−" : value > 0 ? "+" : "") + format(Math.abs(value));
}

// ---- Texts ------------------------------------------------------------------------

const inUnits = (value) => formatValue(value, kindShown().unit);
const nameOf = (node) => (node === tree ? "all" : functions[node.functionNumber].short);

function colorOf(node) {
  const { step } = changeOf(node.total);
  return step === 0 ? "neutral" : (step < 0 ? "less-" : "more-") + Math.abs(step);
}

function frameContent(node) {
  const { text } = changeOf(node.total);
  return [element("span", "name", nameOf(node)), element("span", "change", text)];
}

function describePair(values) {
  const [before, after] = perTask(values).map(inUnits);
  const [baseline, candidate] = namesShown();
  return `${before} in ${baseline}, ${after} in ${candidate}`;
}

const describeChange = (values) => changeOf(values).text || "within the noise";

function describe(node) {
  return `${nameOf(node)}, ${describeChange(node.total)}, total ${describePair(node.total)}, ` +
    `self ${describePair(node.self)}`;
}

function detailOf(node) {
  const line = (title, values) => element("div", "", title + (values.every((value) => value === 0)
    ? " none in either" : ` ${describePair(values)}: ${describeChange(values)}`));
  const place = placesOf(node, describePlace).join(" → ");
  const inlined = node.isInlined ? " · put in line by the compiler" : "";
  return [line("total", node.total), line("self", node.self),
    element("div", "hint", place + inlined)];
}

// Where most was measured: of both strategies, or once where that is the same.
function placesOf({ places }, textOf = placeIn) {
  const texts = places.filter((shares) => shares.size).map((shares) => {
    const [largest] = [...shares].reduce((a, b) => (b[1].total > a[1].total ? b : a));
    const [from, line] = largest.split(":").map(Number);
    return textOf(functionsOfModules[from], line);
  });
  return [...new Set(texts)];
}

function describePlace({ file, module }, line) {
  return (file && line ? `${file}:${line} ` : "") + (module && "in " + module);
}

function describeSum(sumMatches) {
  const sums = [0, 1].map((side) => sumMatches((node) => node.total[side]));
  return describePair(sums);
}
