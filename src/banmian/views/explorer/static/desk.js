// The annotation desk: buttons and keys. Every message names the section it was meant for, so that a key pressed twice
// in a hurry cannot label a section that nobody has seen.

function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes 1 to 6, Enter and arrows for its cells
  const desk = document.createElement("div");
  desk.className = "bm-desk";
  desk.tabIndex = 0;
  el.append(desk);

  function send(act, label = "") {
    model.send({ act, label, section: model.get("section") });
  }

  function button(key, text, title, press, proposed) {
    const node = document.createElement("button");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    node.append(cap, text);
    node.title = title;
    node.dataset.proposed = String(proposed);
    node.onclick = () => {
      press();
      desk.focus();
    };
    return node;
  }

  function line(className, text) {
    const node = document.createElement("p");
    node.className = className;
    node.textContent = text;
    return node;
  }

  function draw() {
    const [done, all] = model.get("progress");
    const bar = Object.assign(document.createElement("progress"), { value: done, max: Math.max(all, 1) });
    const view = document.createElement("div");
    view.innerHTML = model.get("html"); // made by views.page, which escapes every character of a document
    const buttons = document.createElement("div");
    const proposed = model.get("proposed");
    model.get("labels").forEach(([id, name], i) => {
      buttons.append(button(String(i + 1), name, `label ${id}`, () => send("answer", id), id === proposed));
    });
    const acts = document.createElement("div");
    if (proposed) acts.append(button("Enter", "采纳 accept", "accept", () => send("answer", proposed), false));
    acts.append(button("u", "撤销 undo", "undo", () => send("undo"), false));
    acts.append(button("n", "跳过 skip", "skip", () => send("skip"), false));
    desk.replaceChildren(
      line("bm-count", `已标 ${done} / ${all} labelled`), bar, view, buttons, acts, line("bm-said", model.get("said")),
    );
  }

  desk.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const label = model.get("labels")[Number(event.key) - 1];
    // Enter on a button that has the focus presses that button, as everywhere.
    if (event.key === "Enter" && event.target !== desk) return;
    if (label) send("answer", label[0]);
    else if (event.key === "Enter" && model.get("proposed")) send("answer", model.get("proposed"));
    else if (event.key === "u") send("undo");
    else if (event.key === "n") send("skip");
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  model.on("change:turn", draw);
  draw();
}

export default { render };
