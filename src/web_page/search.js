// SPDX-License-Identifier: MIT
"use strict";

// What is searched for among the functions. `state.search` is its text, `rows` are the
// functions that were measured, and `describeSum(sumMatches)` tells what is in those that match.

let matches = () => false; // whether a function is what is searched for

// By a regular expression, or as it is: "f(int)" is both, and meant as a name.
function matcherOf(text) {
  if (!text) return () => false;
  let expression = null;
  try {
    expression = new RegExp(text, "i");
  } catch {
    // It is none.
  }
  const plain = text.toLowerCase();
  const isFound = (where) => where.toLowerCase().includes(plain) || expression?.test(where);
  const hits = new Set(functions.filter((f) => [f.name, f.short, f.file].some(isFound)));
  return (f) => hits.has(f);
}

// What matching frames have in total; those within another one count once.
function sumMatches(valueOf) {
  let sum = 0;
  const visit = (node) => {
    if (node !== tree && matches(functions[node.functionNumber])) sum += valueOf(node);
    else node.children.forEach(visit);
  };
  visit(tree);
  return sum;
}

function describeMatches() {
  const count = rows.filter((row) => matches(functions[row.number])).length;
  if (count === 0) return `Nothing matches “${state.search}”.`;
  const [noun, it, they] = count === 1
    ? ["function matches", "it", "it"] : ["functions match", "them", "they"];
  return `${count} ${noun}: ${describeSum(sumMatches)} is in ${it} and in what ${they} called.`;
}

function setSearch(text) {
  state.search = text;
  if (byId("search").value !== text) byId("search").value = text;
  matches = matcherOf(text);
  drawGraph();
  drawTable();
  byId("matched").textContent = text ? describeMatches() : "";
  writeFragment();
}
