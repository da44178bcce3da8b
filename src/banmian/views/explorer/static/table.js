// One page of a table: the kernel sorts, filters and cuts; this draws what it is given and says what was clicked.
// Text goes in by textContent only, so nothing in a document can become part of the page.

function element(name, text, parent, properties = {}) {
  const node = Object.assign(document.createElement(name), { textContent: text, ...properties });
  parent.append(node);
  return node;
}

function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the arrow keys for its cells

  function say(name, value) {
    model.set(name, value);
    model.save_changes();
  }

  function sortBy(column) {
    const [old, down] = model.get("order");
    say("order", [column, old === column ? !down : false]);
  }

  function turn(step) {
    const page = Math.max(0, Math.min(model.get("n_pages") - 1, model.get("page") + step));
    if (page !== model.get("page")) say("page", page);
  }

  function draw() {
    const hadFocus = el.contains(document.activeElement);
    el.replaceChildren();
    const table = element("table", "", el, { className: "bm-table" });
    const head = element("tr", "", element("thead", "", table));
    const [order, down] = model.get("order");
    for (const [name, title, width] of model.get("columns")) {
      const cell = element("th", title + (order === name ? (down ? " ▼" : " ▲") : ""), head, { tabIndex: 0 });
      cell.style.width = width;
      cell.onclick = () => sortBy(name);
      cell.onkeydown = (event) => event.key === "Enter" && sortBy(name);
    }
    const body = element("tbody", "", table);
    for (const [id, ...cells] of model.get("rows")) {
      const row = element("tr", "", body, { tabIndex: 0 });
      row.dataset.section = id;
      row.setAttribute("aria-selected", String(id === model.get("chosen")));
      for (const text of cells) element("td", text, row, { title: text });
      row.onclick = () => say("chosen", id);
    }
    if (model.get("n_pages") > 1) foot();
    if (hadFocus) el.querySelector('[aria-selected="true"]')?.focus({ preventScroll: true });
  }

  function foot() {
    const line = element("div", "", el, { className: "bm-foot" });
    element("button", "‹", line, { onclick: () => turn(-1), title: "上一页 page before" });
    element("span", `${model.get("page") + 1} / ${model.get("n_pages")}`, line);
    element("button", "›", line, { onclick: () => turn(1), title: "下一页 next page" });
  }

  function select() {
    for (const row of el.querySelectorAll("tbody tr")) {
      row.setAttribute("aria-selected", String(row.dataset.section === model.get("chosen")));
    }
  }

  el.addEventListener("keydown", (event) => {
    const rows = [...el.querySelectorAll("tbody tr")];
    const at = rows.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at >= 0 && step && rows[at + step]) {
      rows[at + step].focus();
      say("chosen", rows[at + step].dataset.section);
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      turn(event.key === "PageDown" ? 1 : -1);
    } else if (at >= 0 && event.key === "Enter") {
      say("chosen", rows[at].dataset.section);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  model.on("change:rows change:columns", draw);
  model.on("change:chosen", select);
  draw();

  // plotly draws a map 700 pixels wide, before it stands in its place, and asks for its width when the window's changes.
  const watch = new ResizeObserver(() => window.dispatchEvent(new Event("resize")));
  const widen = (event) => watch.observe(event.detail.element);
  document.addEventListener("plotlywidget-after-render", widen);
  return () => {
    watch.disconnect();
    document.removeEventListener("plotlywidget-after-render", widen);
  };
}

export default { render };
