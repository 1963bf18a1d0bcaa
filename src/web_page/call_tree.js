// SPDX-License-Identifier: MIT
"use strict";

// The call tree that is made of a profile's flat lists (texts by number). What is measured in
// a node is the page's own; `widthOf(node)` tells how wide it is drawn.

const FUNCTION_SIZE = 4; // name, file, module, owner
const NODE_SIZE = 4; // parent, function, line, is inlined

// In the order of code_owner.
const OWNERS = [
  ["strategy", "strategy"],
  ["program", "the program"],
  ["library", "C and C++ libraries"],
  ["kernel", "mapped by the kernel"],
  ["measurement", "[no code: about the measurement]"],
  ["unknown", "unknown"],
];

function readFunctions({ strings, functions: numbers }) {
  const found = [];
  const text = (at) => strings[numbers[at]];
  for (let i = 0; i < numbers.length; i += FUNCTION_SIZE) {
    const name = text(i);
    found.push({
      name,
      short: name.replaceAll("(anonymous namespace)::", ""),
      file: text(i + 1),
      module: text(i + 2),
      owner: OWNERS[numbers[i + 3]][0],
    });
  }
  return found;
}

// Of what is in each node itself, what is in it and in all it called.
function totalsOf(nodes, self) {
  const total = self.slice();
  for (let i = total.length - 1; i >= 0; --i) {
    const parent = nodes[i * NODE_SIZE];
    if (parent >= 0) total[parent] += total[i];
  }
  return total;
}

function newNode(parent, functionNumber, isInlined, measured) {
  return {
    parent,
    functionNumber,
    isInlined,
    depth: parent ? parent.depth + 1 : 0,
    children: new Map(), // then a list, widest first
    ...measured,
  };
}

function childOf(parent, key, make) {
  let child = parent.children.get(key);
  if (!child) {
    child = make();
    parent.children.set(key, child);
  }
  return child;
}

// Lays nodes of one function below the same calls together. `rules` has
//   isMeasured(i)                   whether anything is in the node of this number
//   functionOf(functionNumber)      what functions count as one
//   keyOf(functionNumber, line)     what is told apart below the same calls
//   blank()                         what is measured, of none yet
//   add(node, i, functionNumber, line)
function mergeNodes(nodes, rules) {
  const root = newNode(null, -1, false, rules.blank());
  const merged = [];
  for (let i = 0; i < nodes.length / NODE_SIZE; ++i) {
    if (!rules.isMeasured(i)) continue;
    const [parent, from, line, inlined] = nodes.slice(i * NODE_SIZE, (i + 1) * NODE_SIZE);
    const above = parent < 0 ? root : merged[parent];
    const number = rules.functionOf(from);
    const make = () => newNode(above, number, inlined === 1, rules.blank());
    merged[i] = childOf(above, rules.keyOf(number, line), make);
    merged[i].isInlined &&= inlined === 1;
    rules.add(merged[i], i, from, line);
  }
  sortChildren(root);
  return root;
}

function sortChildren(node) {
  node.children = [...node.children.values()].sort((a, b) => widthOf(b) - widthOf(a));
  node.children.forEach(sortChildren);
}

function addShare(shares, key, self, total) {
  const sum = shares.get(key) || { self: 0, total: 0 };
  sum.self += self;
  sum.total += total;
  shares.set(key, sum);
}

// The key that most was measured at.
function largestShare(shares) {
  let best = [undefined, { self: -1, total: -1 }];
  for (const entry of shares) {
    const [a, b] = [entry[1], best[1]];
    if (a.self > b.self || (a.self === b.self && a.total > b.total)) best = entry;
  }
  return best[0];
}

// A function counts once a stack in its total, however often it calls itself: `visit` gets
// each node, and whether it is the outermost of its function.
function visitStacks(node, visit, above = new Set()) {
  const number = node.functionNumber;
  const isOutermost = !above.has(number);
  if (number >= 0) visit(node, isOutermost);
  if (isOutermost) above.add(number);
  for (const child of node.children) visitStacks(child, visit, above);
  if (isOutermost) above.delete(number);
}

function largestFrame(functionNumber) {
  let best = null;
  const visit = (node) => {
    const isIt = node.functionNumber === functionNumber;
    if (isIt && !(best && widthOf(best) >= widthOf(node))) best = node;
    node.children.forEach(visit);
  };
  visit(tree);
  return best;
}
