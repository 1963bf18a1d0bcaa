// SPDX-License-Identifier: MIT
"use strict";

// The table, the controls, and what starts it all.

const ROWS_AT_FIRST = 50;

function describeSum(sumMatches) {
  const sum = sumMatches((node) => node.total);
  return `${percent(sum)} of the total (${inUnits(sum)})`;
}

// ---- Table ------------------------------------------------------------------------

const COLUMNS = [
  ["self", "Self", "number"],
  ["self", "%", "number share"],
  ["total", "Total", "number"],
  ["total", "%", "number share"],
  ["name", "Function", ""],
  ["place", "Where", "place"],
];

function drawColumns() {
  byId("columns").replaceChildren(...COLUMNS.map(([key, title, className]) => {
    const cell = element("th", className);
    cell.scope = "col";
    const isShare = className.includes("share");
    if (isShare) cell.textContent = title;
    else cell.append(button(title + arrowOf(key), () => sortBy(key)));
    if (!isShare && key === state.sortBy) {
      cell.setAttribute("aria-sort", state.descending ? "descending" : "ascending");
    }
    return cell;
  }));
}

function arrowOf(key) {
  return key !== state.sortBy ? "" : state.descending ? " ▾" : " ▴";
}

function sortBy(key) {
  const isText = key === "name" || key === "place";
  state.descending = key === state.sortBy ? !state.descending : !isText;
  state.sortBy = key;
  drawColumns();
  drawTable();
  byId("columns").querySelector("[aria-sort] button").focus();
}

function compareRows(a, b) {
  const [x, y] = [a[state.sortBy], b[state.sortBy]];
  const order = typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x - y;
  return (state.descending ? -order : order) || b.total - a.total;
}

function drawTable() {
  showRows(searchedRows().sort(compareRows), ROWS_AT_FIRST, tableRow);
}

function tableRow(row) {
  const made = element("tr");
  made.append(
    element("td", "number", inUnits(row.self)),
    element("td", "number share", percent(row.self)),
    element("td", "number", inUnits(row.total)),
    element("td", "number share", percent(row.total)),
    functionCell(row, showFunction),
    element("td", "place", row.place),
  );
  return made;
}

// ---- The fragment of the address, so that a view can be shared ---------------------

function writeFragment() {
  const fields = new URLSearchParams();
  if (data.types.length > 1) fields.set("type", data.types[state.type][0]);
  if (state.search) fields.set("search", state.search);
  if (state.splitByLine) fields.set("lines", "1");
  for (const [key, value] of state.labels) fields.set(key, value);
  if (state.zoom !== tree) fields.set("zoom", functions[state.zoom.functionNumber].name);
  const fragment = "#" + fields;
  if (fragment !== location.hash) history.replaceState(null, "", fragment);
}

function defaultType() {
  const chosen = data.types.findIndex(([name]) => name === data.chosen);
  return chosen < 0 ? data.types.length - 1 : chosen;
}

function readFragment() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const type = data.types.findIndex(([name]) => name === fields.get("type"));
  state.type = type < 0 ? defaultType() : type;
  state.splitByLine = fields.get("lines") === "1";
  state.labels = new Map([...filters.keys]
    .filter(([key, values]) => values.includes(fields.get(key)))
    .map(([key]) => [key, fields.get(key)]));
  state.search = fields.get("search") || "";
  rebuild();
  const zoomed = functions.findIndex(({ name, short }) =>
    [name, short].includes(fields.get("zoom")));
  const node = largestFrame(zoomed);
  if (zoomed >= 0 && node) zoomTo(node);
  showControls();
}

// ---- The page ----------------------------------------------------------------------

// After another choice of type, labels or lines: all nodes are new.
function rebuild() {
  tree = buildTree();
  Object.assign(state, { zoom: tree, zoomedBefore: [], focus: tree });
  rows = rankFunctions();
  drawPath();
  setSearch(state.search);
  showDetail(tree);
  showSummary();
  showEmpty();
}

function showSummary() {
  const parts = [`${data.types[state.type][0]}: ${inUnits(tree.total)}`];
  if (data.duration) parts[0] += " in " + formatValue(data.duration, "nanoseconds");
  if (state.labels.size) parts[0] += ", chosen by labels";
  parts.push(`${rows.length} function${rows.length === 1 ? "" : "s"}`);
  if (data.time) {
    parts.push(new Date(data.time).toISOString().slice(0, 19).replace("T", " ") + " UTC");
  }
  byId("summary").textContent = parts.join(" · ");
}

function showEmpty() {
  const isEmpty = tree.total === 0;
  byId("empty").hidden = !isEmpty;
  for (const part of document.querySelectorAll(".unless-empty")) part.hidden = isEmpty;
  byId("empty").textContent = state.labels.size
    ? "No sample has these labels with this value." : data.empty;
}

function showControls() {
  byId("type").value = state.type;
  byId("lines").checked = state.splitByLine;
  for (const select of byId("filters").querySelectorAll("select")) {
    select.value = state.labels.has(select.name) ? "=" + state.labels.get(select.name) : "";
  }
}

// A value of "" stands for all, so those of labels begin with "=".
function labelSelect(key, values) {
  const label = element("label", "", key);
  const select = element("select");
  select.name = key;
  select.append(option("all", ""), ...values.map((value) => option(value, "=" + value)));
  select.addEventListener("change", () => {
    if (select.value) state.labels.set(key, select.value.slice(1));
    else state.labels.delete(key);
    rebuild();
  });
  label.append(select);
  return label;
}

function fillControls() {
  byId("type").append(...data.types.map(([name, unit], i) => option(`${name} (${unit})`, i)));
  byId("filters").append(...[...filters.keys].map(([key, values]) => labelSelect(key, values)));
  const present = new Set(functions.map(({ owner }) => owner));
  for (const [owner, title] of OWNERS.filter(([owner]) => present.has(owner))) {
    const item = element("li");
    item.append(element("i", owner), title);
    byId("legend").append(item);
  }
  byId("notes-part").hidden = data.comments.length === 0;
  byId("notes").append(...data.comments.map((comment) => element("li", "", comment)));
}

function listen() {
  listenToGraph();
  listenToTable();
  byId("type").addEventListener("change", (event) => {
    state.type = Number(event.target.value);
    rebuild();
  });
  byId("lines").addEventListener("change", (event) => {
    state.splitByLine = event.target.checked;
    rebuild();
  });
  addEventListener("hashchange", readFragment);
}

fillControls();
drawColumns();
readFragment();
listen();
