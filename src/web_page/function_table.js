// SPDX-License-Identifier: MIT
"use strict";

// The table of functions: what all such tables have.

// The first of them, and a button for the rest.
function showRows(wanted, rowsAtFirst, tableRow) {
  const shown = state.showsAllRows ? wanted : wanted.slice(0, rowsAtFirst);
  byId("functions").replaceChildren(...shown.map(tableRow));
  byId("more").hidden = shown.length === wanted.length;
  byId("more").textContent = `Show all ${wanted.length} functions`;
}

const searchedRows = () => rows.filter((row) => !state.search || matches(functions[row.number]));

function functionCell(row, show) {
  const cell = element("td", "function");
  cell.append(
    button(row.name, () => show(row.number)),
    element("span", "place-below", row.place), // in a narrow window, for the column
  );
  return cell;
}

// Focuses the function's widest frame; zooms only where it could not be seen.
function showFunction(number) {
  const node = largestFrame(number);
  if (!drawn.has(node) || drawn.get(node).clientWidth < 8) zoomTo(node);
  focusFrame(node);
  drawn.get(node).scrollIntoView({ block: "center" });
}

function listenToTable() {
  byId("more").addEventListener("click", () => {
    state.showsAllRows = true;
    drawTable();
  });
}
