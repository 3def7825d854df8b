"use strict";

/** The first element that a selector finds below another. */
const find = (selector, root = document) => root.querySelector(selector);

/** All elements that a selector finds below another. */
const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Make an element. Children that are no elements become text: nothing is ever read as HTML. */
function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "path", "line", "rect", "polyline", "text", "circle"].includes(tag);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A number as it was written by Python, where JSON has no form for it. */
function number(value) {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return Math.hypot(number(value[0]), number(value[1]));
  return { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity }[value] ?? NaN;
}

/** A number in words for people: Octave's names for what is not finite. */
function shown(value) {
  if (Array.isArray(value)) return `${shown(value[0])} + ${shown(value[1])}i`;
  if (value === true || value === false) return String(value);
  if (value === "Infinity") return "Inf";
  if (value === "-Infinity") return "-Inf";
  return typeof value === "number" ? String(Number(value.toPrecision(17))) : String(value);
}

/** A difference in floors, in words. */
function floors(value) {
  const times = number(value);
  if (times === Infinity) return "beyond all rounding";
  if (times >= 1e6) return `${times.toExponential(1)} floors`;
  return `${Number(times.toPrecision(times < 100 ? 2 : 15)).toLocaleString("en")} floors`;
}
