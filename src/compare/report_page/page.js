// SPDX-License-Identifier: MIT
"use strict";

// The controls of the flame graph, its table, and what starts the page.

const ROWS_AT_FIRST = 25;

// What the colours mean, in the order of changeOf()'s steps.
const LEGEND = [
  ["less-4", "−80 % to gone"],
  ["less-3", "−50 to −80 %"],
  ["less-2", "−20 to −50 %"],
  ["less-1", "less, to −20 %"],
  ["neutral", "within the noise"],
  ["more-1", "more, to +25 %"],
  ["more-2", "+25 to +100 %"],
  ["more-3", "2 to 5 times"],
  ["more-4", "5 times or more, new"],
];

// ---- Charts -----------------------------------------------------------------------

const LEAST_WIDTH = 160; // in less room a chart is drawn smaller as a whole

// `charts[i]` draws what is in the i-th figure.
function drawAtEachWidth(container, charts) {
  const draw = () => charts.forEach((chart, i) => {
    const figure = container.children[i];
    figure.querySelector(":scope > svg")?.remove();
    figure.querySelector("figcaption").after(chart(Math.max(figure.clientWidth, LEAST_WIDTH)));
  });
  draw();
  onNewWidth(container, draw);
  addEventListener("beforeprint", draw);
  addEventListener("afterprint", draw);
}

// ---- Table ------------------------------------------------------------------------

function drawTable() {
  showRows(searchedRows(), ROWS_AT_FIRST, tableRow);
}

function tableRow(row) {
  const { difference, step, text } = row.change;
  const made = element("tr", step === 0 ? "noise" : "");
  const cells = [...perTask(row.self), ...perTask(row.total)].map(inUnits);
  made.append(
    element("td", "number", signed(difference, inUnits)),
    element("td", "number", difference !== 0 && step === 0 ? "noise" : text),
    element("td", "number", cells[0]),
    element("td", "number", cells[1]),
    element("td", "number share", cells[2]),
    element("td", "number share", cells[3]),
    functionCell(row, showRow),
    element("td", "place", row.place),
  );
  return made;
}

// What is drawn as wide as one strategy has it may not be there.
function showRow(number) {
  if (widthOf(largestFrame(number)) === 0) choose("width", "both");
  showFunction(number);
}

// ---- The fragment of the address, so that a view can be shared ---------------------

function writeFragment() {
  const fields = new URLSearchParams({
    candidate: state.candidate, kind: kindShown().name, width: state.width,
  });
  if (state.search) fields.set("search", state.search);
  if (state.zoom !== tree) fields.set("zoom", functions[state.zoom.functionNumber].name);
  const fragment = "#" + fields;
  if (fragment !== location.hash) history.replaceState(null, "", fragment);
}

function readFragment() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const candidate = Number(fields.get("candidate"));
  state.candidate = candidate > 0 && candidate in names ? candidate : 1;
  state.kind = Math.max(0, profiles.kinds.findIndex(({ name }) => name === fields.get("kind")));
  state.width = fields.get("width") in WIDTHS ? fields.get("width") : "both";
  state.search = fields.get("search") || "";
  rebuild([]);
  const zoomed = functions.findIndex(({ name, short }) =>
    [name, short].includes(fields.get("zoom")));
  const node = largestFrame(zoomed);
  if (zoomed >= 0 && node && widthOf(node) > 0) zoomTo(node);
}

// ---- What is chosen ----------------------------------------------------------------

// What is zoomed to stays so, as far as it is there after the choice.
function choose(key, value) {
  const path = [...callersOf(state.zoom), state.zoom].map((node) => node.functionNumber);
  state[key] = value;
  rebuild(path.slice(1));
}

function nodeAt(path) {
  let at = tree;
  for (const number of path) {
    const next = at.children.find((child) => child.functionNumber === number);
    if (!next || widthOf(next) === 0) break;
    at = next;
  }
  return at;
}

// All nodes are new.
function rebuild(zoomPath) {
  tree = buildTree();
  const zoom = nodeAt(zoomPath);
  Object.assign(state, { zoom, zoomedBefore: [], focus: zoom });
  rows = rankFunctions();
  showControls();
  showSummary();
  showEmpty();
  drawPath();
  setSearch(state.search);
  showDetail(zoom);
}

function showControls() {
  for (const key of ["candidate", "kind", "width"]) byId(key).value = state[key];
}

function showSummary() {
  const isKnown = tasksShown().every((tasks) => tasks > 0);
  byId("summary").textContent = isKnown ? `${capitalized(kindShown().title)} per task: ` +
    `${describePair(tree.total)}: ${describeChange(tree.total)}.` : "";
  byId("profile-notes").replaceChildren(...strategiesShown().flatMap((strategy) => {
    const { note } = profiles.strategies[strategy];
    return note ? [element("li", "", `${names[strategy]}: ${note}`)] : [];
  }));
}

const capitalized = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// Why there is no graph; "" where there is one.
function reasonForNone() {
  const { title } = kindShown();
  const without = namesShown().filter((_, side) => tasksShown()[side] === 0);
  if (without.length) return `No profile of ${inWords(without)} has ${title}: nothing is compared.`;
  const [baseline, candidate] = namesShown();
  if (tree.total[0] + tree.total[1] === 0) {
    return `No sample of ${title} was taken, neither of ${baseline} nor of ${candidate}: ` +
      "neither spends enough of it to be seen.";
  }
  if (widthOf(tree) === 0) return `No sample of ${title} was taken of the ${state.width}.`;
  return "";
}

function showEmpty() {
  const reason = reasonForNone();
  byId("empty").hidden = reason === "";
  byId("empty").textContent = reason;
  for (const part of document.querySelectorAll(".unless-empty")) part.hidden = reason !== "";
}

// ---- The page ----------------------------------------------------------------------

function fillControls() {
  byId("candidate").append(...names.slice(1).map((name, i) => option(name, i + 1)));
  byId("kind").append(...profiles.kinds.map(({ title }, i) => option(title, i)));
  byId("width").append(...Object.entries(WIDTHS).map(([key, [title]]) => option(title, key)));
  byId("legend").append(...LEGEND.map(([className, title]) => {
    const item = element("li");
    item.append(element("i", className), title);
    return item;
  }));
}

function listen() {
  listenToGraph();
  listenToTable();
  for (const key of ["candidate", "kind"]) {
    byId(key).addEventListener("change", (event) => choose(key, Number(event.target.value)));
  }
  byId("width").addEventListener("change", (event) => choose("width", event.target.value));
  addEventListener("hashchange", readFragment);
}

function showDifference() {
  if (!profiles) return;
  byId("difference").hidden = false;
  fillControls();
  readFragment();
  listen();
}

// On paper the texts of a chart would be small, were one of a wide window only made to fit.
function narrowForPaper() {
  const { classList } = document.documentElement;
  addEventListener("beforeprint", () => classList.add("is-printed"));
  addEventListener("afterprint", () => classList.remove("is-printed"));
}

narrowForPaper();
showDistributions();
showTimelines();
showDifference();
