"use strict";
// Everything is put on the page as text: no document can become markup.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const PAGE = 25, LINES = 300;
const fold = (text) => Array.from(text, (c) => data.fold[c] || c.toLowerCase()).join("");
const folded = data.sections.map((s) => fold(s.heading + "\n" + s.text));
let found = [], first = 0, view = "list", chosen = -1;

function element(tag, text, attributes) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  return made;
}

function row(cells, open) {
  const made = element("tr", undefined, { tabindex: "0" });
  for (const [text, name] of cells) made.append(text instanceof Node ? text : element("td", text, name ? { class: name } : {}));
  made.addEventListener("click", open);
  made.addEventListener("keydown", (event) => { if (event.key === "Enter") open(); });
  return made;
}

function labelCell(section) {
  const cell = element("td"), look = data.labels[section.label];
  if (look) cell.append(element("span", undefined, { class: "chip", "data-colour": look.colour }));
  cell.append((look ? look.name : section.label) + (section.abstained ? " ?" : ""));
  return cell;
}

function paint(root) {
  for (const chip of root.querySelectorAll("[data-colour]")) chip.style.background = chip.dataset.colour;
}

function marked(text, words) {
  const box = document.createDocumentFragment(), plain = fold(text);
  const hits = [];
  for (const word of words) for (let i = plain.indexOf(word); i >= 0; i = plain.indexOf(word, i + word.length)) hits.push([i, i + word.length]);
  hits.sort((a, b) => a[0] - b[0]);
  let end = 0;
  for (const [start, stop] of hits) {
    if (start < end) continue;
    box.append(text.slice(end, start), element("mark", text.slice(start, stop)));
    end = stop;
  }
  box.append(text.slice(end));
  return box;
}

const query = () => fold($("query").value.trim()).split(/\s+/).filter(Boolean);

function filter() {
  const words = query(), wanted = {};
  for (const name of data.filters) wanted[name] = $(name).value;
  const from = $("from").value, to = $("to").value, least = Number($("confidence").value);
  found = data.sections.map((_, i) => i).filter((i) => {
    const s = data.sections[i];
    return data.filters.every((name) => !wanted[name] || s[name] === wanted[name])
      && (!from || (s.date && s.date >= from)) && (!to || (s.date && s.date.slice(0, to.length) <= to))
      && (!least || s.confidence >= least) && words.every((word) => folded[i].includes(word));
  });
  first = 0;
  draw();
}

function draw() {
  $("count").textContent = `${found.length} / ${data.sections.length} ${data.words.sections}`;
  for (const name of ["list", "kwic", "map"]) {
    $(name).hidden = name !== view;
    $("show-" + name).setAttribute("aria-pressed", String(name === view));
  }
  ({ list: drawList, kwic: drawLines, map: drawMap })[view]();
}

function drawList() {
  const body = $("rows");
  body.replaceChildren(...found.slice(first, first + PAGE).map((i) => {
    const s = data.sections[i];
    const made = row([[s.number], [s.document, "name"], [s.date, "name"], [s.kind_name], [labelCell(s)], [s.confidence ? s.confidence.toFixed(2) : ""],
      [s.topic], [s.text.slice(0, 60), "wide"]], () => open(i));
    made.setAttribute("aria-selected", String(i === chosen));
    return made;
  }));
  paint(body);
  $("where").textContent = found.length ? `${first + 1}–${Math.min(first + PAGE, found.length)}` : "";
}

function drawLines() {
  const words = query(), body = $("lines"), made = [];
  let hits = 0;
  for (const i of words.length === 1 ? found : []) {
    const s = data.sections[i], plain = fold(s.text);
    for (let at = plain.indexOf(words[0]); at >= 0; at = plain.indexOf(words[0], at + words[0].length)) {
      hits += 1;
      if (made.length >= LINES) continue;
      const end = at + words[0].length, clean = (text) => text.replace(/\n/g, " ");
      const middle = element("td");
      middle.append(element("mark", s.text.slice(at, end)));
      made.push(row([[s.document], [clean(s.text.slice(Math.max(at - 20, 0), at)), "left"], [middle], [clean(s.text.slice(end, end + 20))]], () => open(i)));
    }
  }
  body.replaceChildren(...made);
  $("hits").textContent = words.length === 1 ? `${hits} ${data.words.times}` : data.words.one_word;
}

function drawMap() {
  const svg = $("points"), ns = "http://www.w3.org/2000/svg", kept = new Set(found);
  svg.replaceChildren();
  const placed = data.sections.map((s, i) => [s, i]).filter(([s]) => s.x !== null);
  const span = (name) => [Math.min(...placed.map(([s]) => s[name])), Math.max(...placed.map(([s]) => s[name]))];
  if (!placed.length) return;
  const [left, right] = span("x"), [low, high] = span("y");
  for (const [s, i] of placed) {
    const dot = document.createElementNS(ns, "circle"), look = data.labels[s.label];
    dot.setAttribute("cx", 20 + 960 * (s.x - left) / (right - left || 1));
    dot.setAttribute("cy", 20 + 360 * (high - s.y) / (high - low || 1));
    dot.setAttribute("r", i === chosen ? 8 : 5);
    dot.setAttribute("fill", look ? look.colour : "#555555");
    dot.setAttribute("fill-opacity", kept.has(i) ? 0.85 : 0.12);
    const title = document.createElementNS(ns, "title");
    title.textContent = `${s.document} ${s.number} · ${look ? look.name : s.label} · ${s.text.slice(0, 40)}`;
    dot.append(title);
    dot.addEventListener("click", () => open(i));
    svg.append(dot);
  }
}

function open(i) {
  chosen = i;
  const s = data.sections[i], raw = data.raw[s.doc], words = query();
  const start = Math.max(Math.min(...s.spans.map((p) => p[0])) - 120, 0), stop = Math.max(...s.spans.map((p) => p[1])) + 120;
  const page = $("page");
  page.replaceChildren();
  let at = start;
  for (const [a, b] of [...s.spans].sort((p, q) => p[0] - q[0])) {
    page.append(raw.slice(at, a), element("mark", raw.slice(a, b), { class: "own" }));
    at = b;
  }
  page.append(raw.slice(at, stop));
  $("title").textContent = [s.document, s.number, s.heading].filter(Boolean).join(" · ");
  $("text").replaceChildren(marked(s.text, words));
  const said = $("said");
  said.replaceChildren();
  if (s.label) {
    const line = element("p");
    const look = data.labels[s.label];
    if (look) line.append(element("span", undefined, { class: "chip", "data-colour": look.colour }));
    line.append(`${look ? look.name : s.label}${s.confidence ? " " + s.confidence.toFixed(2) : ""}${s.abstained ? " · " + data.words.abstained : ""}`);
    said.append(line);
  }
  if (s.reasons) said.append(element("p", `${data.words.reasons}: ${s.reasons}`));
  paint(said);
  $("panes").hidden = false;
  draw();
}

for (const id of ["query", "from", "to", "confidence", ...data.filters]) $(id).addEventListener("input", filter);
for (const name of ["list", "kwic", "map"]) $("show-" + name).addEventListener("click", () => { view = name; draw(); });
$("back").addEventListener("click", () => { first = Math.max(first - PAGE, 0); draw(); });
$("next").addEventListener("click", () => { if (first + PAGE < found.length) first += PAGE; draw(); });
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
filter();
