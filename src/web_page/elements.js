// SPDX-License-Identifier: MIT
"use strict";

// Small elements. Texts are set as texts: no name can become part of the page.

const byId = (id) => document.getElementById(id);

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(text, onClick) {
  const made = element("button", "", text);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

function option(text, value) {
  const made = element("option", "", text);
  made.value = value;
  return made;
}

function onNewWidth(part, draw) {
  let width = part.clientWidth;
  new ResizeObserver(() => {
    if (part.clientWidth === width) return;
    width = part.clientWidth;
    draw();
  }).observe(part);
}
