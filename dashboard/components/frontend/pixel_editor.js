// Shows an image as large pixels to draw and erase; the pixels set travel to Python.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FULL = 255;
const editors = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  let editor = editors.get(parentElement);
  if (!editor || !editor.canvas.isConnected) {
    editor = makeEditor(parentElement);
    editors.set(parentElement, editor);
  }
  editor.send = () => setStateValue("pixels", [...editor.set]);
  Object.assign(editor, { rows: data.rows, columns: data.columns, dark: data.dark });
  editor.base = Uint8Array.from(atob(data.base), (letter) => letter.charCodeAt(0));
  if (data.rev !== editor.rev) {
    editor.rev = data.rev;
    editor.set = new Map(data.pixels);
    editor.before = [];
  }
  paint(editor);
}

function makeEditor(root) {
  const find = (name) => root.querySelector(name);
  const editor = {
    canvas: find(".pixels"), cursor: find(".cursor"), said: find(".said"), undo: find(".undo"),
    clear: find(".clear"), draw: find(".draw"), erase: find(".erase"),
    set: new Map(), before: [], level: FULL, pointer: null, last: null, at: [0, 0], base: [],
  };
  editor.draw.onclick = () => choose(editor, FULL);
  editor.erase.onclick = () => choose(editor, 0);
  editor.undo.onclick = () => undo(editor);
  editor.clear.onclick = () => clear(editor);
  listenToPointer(editor);
  editor.canvas.addEventListener("keydown", (event) => onKey(editor, event));
  editor.canvas.addEventListener("blur", () => { editor.cursor.hidden = true; });
  return editor;
}

function choose(editor, level) {
  editor.level = level;
  editor.draw.setAttribute("aria-pressed", String(level === FULL));
  editor.erase.setAttribute("aria-pressed", String(level !== FULL));
}

function listenToPointer(editor) {
  const { canvas } = editor;
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("pointerdown", (event) => {
    if (editor.pointer !== null || event.button > 2) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    editor.cursor.hidden = true;
    editor.pointer = event.pointerId;
    canvas.setPointerCapture(event.pointerId);
    remember(editor);
    editor.touch = event.button === 2 || event.shiftKey ? FULL - editor.level : editor.level;
    editor.last = null;
    drag(editor, event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId === editor.pointer) drag(editor, event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== editor.pointer) return;
      editor.pointer = null;
      editor.send();
    });
  }
}

// Sets every pixel between the last place and this one, so that a quick line has no holes.
function drag(editor, event) {
  const box = editor.canvas.getBoundingClientRect();
  const x = Math.floor(((event.clientX - box.left) / box.width) * editor.columns);
  const y = Math.floor(((event.clientY - box.top) / box.height) * editor.rows);
  const [a, b] = editor.last ?? [x, y];
  const steps = Math.max(1, Math.abs(x - a), Math.abs(y - b));
  for (let step = 0; step <= steps; step++) {
    const part = step / steps;
    setPixel(editor, Math.round(a + (x - a) * part), Math.round(b + (y - b) * part), editor.touch);
  }
  editor.last = [x, y];
  paint(editor);
}

function setPixel(editor, x, y, level) {
  if (x < 0 || y < 0 || x >= editor.columns || y >= editor.rows) return;
  editor.set.set(y * editor.columns + x, level);
}

function remember(editor) {
  editor.before.push(new Map(editor.set));
}

function undo(editor) {
  if (!editor.before.length) return;
  editor.set = editor.before.pop();
  paint(editor);
  editor.send();
}

function clear(editor) {
  if (!editor.set.size) return;
  remember(editor);
  editor.set = new Map();
  paint(editor);
  editor.send();
}

function onKey(editor, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  const [x, y] = editor.at;
  if (step) {
    editor.at = [
      Math.min(editor.columns - 1, Math.max(0, x + step[0])),
      Math.min(editor.rows - 1, Math.max(0, y + step[1])),
    ];
  } else if (event.key === " ") {
    remember(editor);
    setPixel(editor, x, y, editor.level);
    editor.send();
  } else if (event.key.toLowerCase() === "e") choose(editor, FULL - editor.level);
  else if (event.key === "Backspace") undo(editor);
  else if (event.key === "Delete") clear(editor);
  else return;
  event.preventDefault();
  editor.cursor.hidden = false;
  paint(editor);
}

function paint(editor) {
  const { canvas, rows, columns } = editor;
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    editor.at = [Math.floor(columns / 2), Math.floor(rows / 2)];
  }
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(columns, rows);
  for (let index = 0; index < rows * columns; index++) {
    const ink = editor.set.get(index) ?? editor.base[index];
    const shade = editor.dark ? ink : FULL - ink;
    picture.data.set([shade, shade, shade, 255], 4 * index);
  }
  pen.putImageData(picture, 0, 0);
  const [x, y] = editor.at;
  Object.assign(editor.cursor.style, {
    left: `${(100 * x) / columns}%`, top: `${(100 * y) / rows}%`,
    width: `${100 / columns}%`, height: `${100 / rows}%`,
  });
  editor.undo.disabled = !editor.before.length;
  editor.clear.disabled = !editor.set.size;
  tell(editor);
}

function tell(editor) {
  const { set, at, columns, base } = editor;
  const changed = `${set.size} ${set.size === 1 ? "pixel" : "pixels"} set`;
  editor.canvas.setAttribute("aria-label", `The image as pixels, ${changed}`);
  const ink = set.get(at[1] * columns + at[0]) ?? base[at[1] * columns + at[0]];
  const said = editor.cursor.hidden ? changed : `row ${at[1]}, column ${at[0]}, ink ${ink} of 255`;
  if (editor.said.textContent !== said) editor.said.textContent = said;
}
