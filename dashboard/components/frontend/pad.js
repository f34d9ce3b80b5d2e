// A pad to draw on with mouse, finger, pen or keys; finished strokes travel to Python as points.
const SVG = "http://www.w3.org/2000/svg";
const NEAR = 0.004; // points closer than this say nothing new
const CELL = 1 / 28; // one step of the arrow keys
const MOST_POINTS = 3000; // of one stroke
const STEPS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  Home: [-1, -1], PageUp: [1, -1], End: [-1, 1], PageDown: [1, 1],
};
const pads = new WeakMap();

// Called again on every rerun: listeners are added once, a stroke in progress is never disturbed.
export default function ({ parentElement, data, setStateValue }) {
  let pad = pads.get(parentElement);
  if (!pad || !pad.paper.isConnected) {
    pad = makePad(parentElement, data);
    pads.set(parentElement, pad);
  }
  pad.paper.style.setProperty("--paper", data.dark ? "black" : "white"); // as all pictures here
  pad.send = () => setStateValue("strokes", pad.strokes);
  return () => { if (pad.frame) cancelAnimationFrame(pad.frame); };
}

function makePad(root, data) {
  const find = (name) => root.querySelector(name);
  const pad = {
    paper: find(".paper"), ink: find(".ink"), hint: find(".hint"), cursor: find(".cursor"),
    undo: find(".undo"), clear: find(".clear"), pen: find(".pen"), said: find(".said"),
    strokes: [], before: [], open: null, pointer: null, at: [14 * CELL, 8 * CELL], frame: 0,
  };
  pad.pen.value = data.pen;
  pad.paper.classList.add("by-keys"); // the focus ring is for those who come by keyboard
  pad.strokes = data.strokes; // what was drawn before this page was left
  listenToPointer(pad);
  pad.paper.addEventListener("keydown", (event) => onKey(pad, event));
  pad.paper.addEventListener("blur", () => { finish(pad); pad.cursor.hidden = true; pad.paper.classList.add("by-keys"); });
  pad.undo.onclick = () => undo(pad);
  pad.clear.onclick = () => clear(pad);
  paint(pad);
  return pad;
}

function listenToPointer(pad) {
  const { paper } = pad;
  paper.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || pad.pointer !== null) return;
    event.preventDefault();
    paper.focus({ preventScroll: true });
    paper.classList.remove("by-keys");
    finish(pad);
    pad.pointer = event.pointerId;
    paper.setPointerCapture(event.pointerId);
    pad.cursor.hidden = true;
    begin(pad, place(paper, event));
  });
  paper.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pad.pointer) return;
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const step of steps.length ? steps : [event]) extend(pad, place(paper, step));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    paper.addEventListener(end, (event) => {
      if (event.pointerId !== pad.pointer) return;
      pad.pointer = null;
      finish(pad);
    });
  }
}

function place(paper, event) {
  const box = paper.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

function begin(pad, point) {
  pad.open = { pen: Number(pad.pen.value), points: [] };
  extend(pad, point);
}

function extend(pad, point) {
  const [x, y] = point.map((value) => Math.round(1000 * Math.min(1, Math.max(0, value))) / 1000);
  const { points } = pad.open;
  const [a, b] = points.at(-1) ?? [9, 9];
  if (Math.hypot(x - a, y - b) < NEAR || points.length >= MOST_POINTS) return;
  points.push([x, y]);
  pad.frame ||= requestAnimationFrame(() => { pad.frame = 0; paint(pad); });
}

function finish(pad) {
  if (!pad.open) return;
  const stroke = pad.open;
  pad.open = null;
  change(pad, [...pad.strokes, stroke]);
}

function change(pad, strokes) {
  pad.before.push(pad.strokes);
  pad.strokes = strokes;
  paint(pad);
  pad.send();
}

function undo(pad) {
  if (pad.open) { pad.open = null; paint(pad); return; }
  const last = pad.before.pop() ?? pad.strokes.slice(0, -1);
  if (last === pad.strokes || (!last.length && !pad.strokes.length)) return;
  pad.strokes = last;
  paint(pad);
  pad.send();
}

function clear(pad) {
  pad.open = null;
  if (pad.strokes.length) change(pad, []);
  else paint(pad);
}

function onKey(pad, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === "z") { event.preventDefault(); undo(pad); }
    return;
  }
  const step = STEPS[event.key];
  if (step) moveCursor(pad, step, event.shiftKey ? 4 : 1);
  else if (event.key === " ") pad.open ? finish(pad) : begin(pad, pad.at);
  else if (event.key === "Enter") finish(pad);
  else if (event.key === "Backspace") undo(pad);
  else if (event.key === "Delete" || event.key === "Escape") clear(pad);
  else return;
  event.preventDefault();
  pad.paper.classList.add("by-keys");
  pad.cursor.hidden = false;
  paint(pad);
}

function moveCursor(pad, [right, down], cells) {
  const [x, y] = pad.at;
  const held = (value) => Math.min(1 - CELL / 2, Math.max(CELL / 2, value));
  pad.at = [held(x + right * cells * CELL), held(y + down * cells * CELL)];
  if (pad.open) extend(pad, pad.at);
}

function paint(pad) {
  const all = pad.open ? [...pad.strokes, pad.open] : pad.strokes;
  while (pad.ink.childElementCount > all.length) pad.ink.lastChild.remove();
  while (pad.ink.childElementCount < all.length) {
    pad.ink.append(document.createElementNS(SVG, "polyline"));
  }
  all.forEach((stroke, index) => {
    const points = stroke.points.length > 1 ? stroke.points : [stroke.points[0], stroke.points[0]];
    pad.ink.children[index].setAttribute("points", points.join(" "));
    pad.ink.children[index].setAttribute("stroke-width", stroke.pen);
  });
  pad.hint.style.display = all.length ? "none" : "";
  pad.undo.disabled = !pad.strokes.length && !pad.before.length;
  pad.clear.disabled = !all.length;
  pad.cursor.setAttribute("cx", pad.at[0]);
  pad.cursor.setAttribute("cy", pad.at[1]);
  pad.cursor.classList.toggle("down", Boolean(pad.open));
  tell(pad);
}

function tell(pad) {
  const count = pad.strokes.length;
  const words = count === 1 ? "1 stroke" : `${count} strokes`;
  pad.paper.setAttribute("aria-label", `Drawing pad, ${count ? words : "empty"}`);
  const said = pad.cursor.hidden ? words : `${words}, pen ${pad.open ? "down" : "up"}`;
  if (pad.said.textContent !== said) pad.said.textContent = said;
}
