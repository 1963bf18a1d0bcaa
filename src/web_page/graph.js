// SPDX-License-Identifier: MIT
"use strict";

// The frames, and moving among them. `tree` is what is shown; `state.zoom` and `state.focus`
// are nodes of it. What a frame tells is the page's own: widthOf, nameOf, describe, colorOf,
// frameContent and detailOf, each of a node.

const NARROWEST = 0.5; // pixels of a frame that is drawn
let drawn = new Map(); // node -> element

// ---- Graph ------------------------------------------------------------------------

function callersOf(node) {
  const callers = [];
  for (let at = node.parent; at; at = at.parent) callers.unshift(at);
  return callers;
}

// Calls `draw(node, left, width)` for what is wide enough, in pixels.
function layOut(width, draw) {
  for (const caller of callersOf(state.zoom)) draw(caller, 0, width);
  const scale = width / widthOf(state.zoom);
  const place = (node, left) => {
    draw(node, left, widthOf(node) * scale);
    let at = left;
    for (const child of node.children) {
      if (widthOf(child) * scale < NARROWEST) break; // those that follow are no wider
      place(child, at);
      at += widthOf(child) * scale;
    }
  };
  place(state.zoom, 0);
}

function drawGraph() {
  const graph = byId("graph");
  const hadFocus = graph.contains(document.activeElement);
  const rowHeight = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row"));
  let depth = 0;
  drawn = new Map();
  const elements = [];
  if (widthOf(tree) > 0) {
    layOut(graph.clientWidth, (node, left, width) => {
      depth = Math.max(depth, node.depth);
      const made = frameElement(node, width, rowHeight);
      placeAcross(made, left / graph.clientWidth, width / graph.clientWidth, width > 3);
      drawn.set(node, made);
      elements.push(made);
    });
  }
  graph.replaceChildren(...elements);
  graph.style.height = (elements.length ? (depth + 1) * rowHeight : 0) + "px";
  keepFocus(hadFocus);
}

// In shares of the whole, so that paper of another width has all of it.
function placeAcross(frame, left, width, hasGap) {
  frame.style.left = 100 * left + "%";
  frame.style.width = `max(${100 * width}% - ${hasGap ? 1 : 0}px, ${NARROWEST}px)`;
}

function frameElement(node, width, rowHeight) {
  const made = element("div", frameClass(node, width));
  if (width > 24) made.append(...frameContent(node));
  made.style.top = node.depth * rowHeight + "px";
  made.setAttribute("role", "treeitem");
  made.setAttribute("aria-level", node.depth + 1);
  made.setAttribute("aria-label", describe(node));
  if (node.children.length) made.setAttribute("aria-expanded", "true");
  made.tabIndex = -1;
  made.node = node;
  return made;
}

function frameClass(node, width) {
  const isRoot = node === tree;
  const names = ["frame", isRoot ? "all" : colorOf(node)];
  if (width < 16) names.push("narrow");
  if (node.depth < state.zoom.depth) names.push("caller");
  if (node.isInlined) names.push("inlined");
  if (!isRoot && matches(functions[node.functionNumber])) names.push("match");
  return names.join(" ");
}

// One frame is in the tab order: the focused one, or what is zoomed to.
function keepFocus(hadFocus) {
  if (!drawn.has(state.focus)) state.focus = state.zoom;
  const target = drawn.get(state.focus);
  if (!target) return;
  target.tabIndex = 0;
  if (hadFocus) target.focus({ preventScroll: true });
}

function focusFrame(node) {
  if (drawn.has(node)) drawn.get(node).focus();
}

// Whatever gave it the focus: a key, a click or the tab key.
function onFocus(node) {
  const before = drawn.get(state.focus);
  if (before) before.tabIndex = -1;
  state.focus = node;
  drawn.get(node).tabIndex = 0;
  showDetail(node);
}

function zoomTo(node) {
  if (node === state.zoom) return;
  state.zoomedBefore.push(state.zoom);
  state.focus = node;
  showZoom(node);
}

// The focus stays where it was: that frame is there on the way out, too.
function zoomOut() {
  const before = state.zoomedBefore.pop();
  if (before || state.zoom !== tree) showZoom(before || tree);
}

function showZoom(node) {
  state.zoom = node;
  drawGraph();
  drawPath();
  showDetail(state.focus);
  writeFragment();
}

function drawPath() {
  const parts = [];
  if (state.zoom !== tree) {
    for (const caller of callersOf(state.zoom)) {
      const zoomToCaller = () => {
        zoomTo(caller);
        focusFrame(caller); // this button is gone
      };
      parts.push(button(nameOf(caller), zoomToCaller), " › ");
    }
    const here = element("b", "", nameOf(state.zoom));
    here.setAttribute("aria-current", "location");
    parts.push(here);
  }
  byId("path").replaceChildren(...parts);
  byId("back").disabled = state.zoom === tree && state.zoomedBefore.length === 0;
}

function showDetail(node) {
  const name = node === tree ? "all" : functions[node.functionNumber].name;
  byId("detail").replaceChildren(element("b", "name", name), ...detailOf(node));
}

// ---- Moving by keys ----------------------------------------------------------------

function neighbour(node, step) {
  const row = [...drawn.keys()].filter((other) => other.depth === node.depth);
  return row[row.indexOf(node) + step];
}

const MOVES = {
  ArrowUp: (node) => node.parent,
  ArrowDown: (node) => (node.depth < state.zoom.depth
    ? [...drawn.keys()].find((other) => other.parent === node)
    : node.children[0]),
  ArrowLeft: (node) => neighbour(node, -1),
  ArrowRight: (node) => neighbour(node, 1),
  Home: () => tree,
};

function onGraphKey(event) {
  const node = event.target.node;
  if (!node || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key in MOVES) {
    event.preventDefault();
    focusFrame(MOVES[event.key](node));
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    zoomTo(node);
  }
}

function onPageKey(event) {
  const isInField = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !isInField) {
    event.preventDefault();
    byId("search").focus();
    byId("search").select();
  } else if (event.key === "Escape") {
    if (event.target.id === "search" && state.search) setSearch("");
    else zoomOut();
  }
}

// ---- What starts it ----------------------------------------------------------------

function listenToGraph() {
  const graph = byId("graph");
  const onNode = (use) => (event) => {
    const frame = event.target.closest(".frame");
    if (frame) use(frame.node);
  };
  graph.addEventListener("click", onNode(zoomTo));
  graph.addEventListener("mouseover", onNode(showDetail));
  graph.addEventListener("mouseleave", () => showDetail(state.focus));
  graph.addEventListener("focusin", onNode(onFocus));
  graph.addEventListener("keydown", onGraphKey);
  document.addEventListener("keydown", onPageKey);
  byId("back").addEventListener("click", zoomOut);
  byId("search").addEventListener("input", (event) => setSearch(event.target.value));
  onNewWidth(graph, drawGraph);
}
