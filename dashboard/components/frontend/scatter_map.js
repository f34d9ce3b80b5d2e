// The map's own behaviour: zoom, pan, box and lasso, hints and keys. Python gets what was drawn.
const held = (globalThis.digitscopeMaps ??= new Map());
const MOST_CORNERS = 40, NEAR = { mouse: 12, pen: 16, touch: 26 };
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const maps = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  let map = maps.get(parentElement);
  if (!map || !map.canvas.isConnected) {
    map = makeMap(parentElement);
    maps.set(parentElement, map);
  }
  map.tell = setTriggerValue;
  map.data = data;
  map.drawing = null;
  legend(map);
  take(map);
}

function makeMap(root) {
  const find = (name) => root.querySelector(name);
  const map = {
    canvas: find(".points"), card: find(".card"), picture: find(".picture"), words: find(".words"),
    said: find(".said"), list: find(".legend"), open: find(".open"), clear: find(".clear"),
    at: -1, pointers: new Map(), drawing: null, width: 0, height: 0, image: null,
  };
  find(".in").onclick = () => zoom(map, 1.5);
  find(".out").onclick = () => zoom(map, 1 / 1.5);
  find(".whole").onclick = () => whole(map);
  map.clear.onclick = () => drop(map);
  map.open.onclick = () => openAt(map);
  listen(map);
  const arrived = () => (map.canvas.isConnected ? take(map) : window.removeEventListener("digitscope-map", arrived));
  window.addEventListener("digitscope-map", arrived);
  new ResizeObserver(() => resize(map)).observe(find(".frame"));
  return map;
}

// Points that are other ones are shown whole; the same ones stay where they were.
function take(map) {
  const points = held.get(map.data.points);
  map.sheet = held.get(map.data.sheet);
  map.canvas.setAttribute("aria-label", map.data.label);
  map.canvas.classList.toggle("moving", map.data.tool === "Pan");
  map.clear.disabled = !map.data.region;
  if (!points) return;
  if (points !== map.points) {
    const moved = map.frame !== map.data.frame;
    Object.assign(map, { points, frame: map.data.frame });
    if (moved) Object.assign(map, { at: -1, view: null });
  }
  choose(map);
  resize(map);
}

function choose(map) {
  const region = map.drawing ?? map.data.region;
  map.inside = region ? insideOf(map.points, region) : null;
}

function resize(map) {
  const width = map.canvas.parentElement.clientWidth;
  if (!width || !map.points) return;
  const height = Math.round(Math.max(260, Math.min(width, 0.74 * window.innerHeight, 640)));
  if (width !== map.width || height !== map.height) {
    const kept = map.view && map.width ? map.view.scale / wholeView(map).scale : 1;
    Object.assign(map, { width, height });
    map.canvas.style.height = `${height}px`;
    if (map.view) map.view.scale = kept * wholeView(map).scale;
  }
  map.view ??= wholeView(map);
  redraw(map);
}

function redraw(map) {
  map.open.disabled = map.at < 0;
  map.waiting ??= requestAnimationFrame(() => {
    map.waiting = null;
    paint(map);
    card(map);
  });
}

function legend(map) {
  const { groups, scale, hollow, colours } = map.data;
  const items = groups.map((text, k) => item("dot", text, "--dot", colours[k]));
  if (scale) items.push(item("scale", scale, "--ramp", `linear-gradient(90deg, ${colours.filter((_, k) => k % 51 === 0).join()})`));
  if (hollow) items.push(item("dot hollow", hollow));
  map.list.replaceChildren(...items);
}

function item(className, text, variable, value) {
  const line = document.createElement("li"), mark = document.createElement("span");
  mark.className = className;
  if (variable) mark.style.setProperty(variable, value);
  line.append(mark, text);
  return line;
}

function whole(map) {
  map.view = wholeView(map);
  redraw(map);
}

function zoom(map, times, left, top) {
  if (!map.points) return;
  const { width, height } = plot(map);
  const x = left ?? LEFT + width / 2, y = top ?? TOP + height / 2;
  const before = toData(map, x, y), first = wholeView(map).scale;
  map.view.scale = Math.min(Math.max(map.view.scale * times, first / 2), first * 500);
  const after = toData(map, x, y);
  move(map, before[0] - after[0], before[1] - after[1]);
}

function move(map, x, y) {
  const { ends } = map.points;
  map.view.x = Math.min(Math.max(map.view.x + x, ends.x[0]), ends.x[1]);
  map.view.y = Math.min(Math.max(map.view.y + y, ends.y[0]), ends.y[1]);
  redraw(map);
}

function drop(map) {
  const had = map.drawing || map.data.region;
  map.drawing = null;
  if (had) {
    map.data = { ...map.data, region: null };
    map.tell("drawn", { kind: "none", corners: [] });
  }
  choose(map);
  redraw(map);
}

function openAt(map) {
  if (map.at >= 0) map.tell("opened", map.points.index[map.at]);
}

function hover(map, k) {
  if (map.over === k) return;
  map.over = k;
  card(map);
}

function show(map, k) {
  map.at = k;
  map.over = -1;
  map.said.textContent = k < 0 ? "" : words(map, k);
  redraw(map);
}

function words(map, k) {
  const { points, data } = map;
  const truth = data.ones[points.truth[k]], called = data.names[points.predicted[k]];
  const verdict = points.truth[k] === points.predicted[k] ? `rightly called ${called}` : `called ${called}`;
  const [x, y] = [points.xs[k], points.ys[k]].map((value) => value.toPrecision(3).replace("-", "−"));
  return `test image ${points.index[k].toLocaleString("en")}: ${truth} ${verdict}; ${data.says[0]}${x}${data.says[1]}${y}`;
}

// Beside its point, on the side that has room: the image of what is hovered, else of what is chosen.
function card(map) {
  const k = map.over >= 0 ? map.over : map.at;
  map.card.hidden = !(k >= 0) || map.drawing !== null;
  if (map.card.hidden) return;
  const [x, y] = toScreen(map, map.points.xs[k], map.points.ys[k]);
  map.words.textContent = words(map, k);
  picture(map, map.points.index[k]);
  const right = x < map.width / 2, below = y < map.height / 2;
  map.card.style.left = right ? `${Math.max(x, 0) + 14}px` : "auto";
  map.card.style.right = right ? "auto" : `${map.width - Math.min(x, map.width) + 14}px`;
  map.card.style.top = below ? `${Math.max(y, 0) + 8}px` : "auto";
  map.card.style.bottom = below ? "auto" : `${map.height - Math.min(y, map.height) + 8}px`;
}

function picture(map, index) {
  map.picture.hidden = !map.sheet;
  if (!map.sheet) return;
  const { width, height, grey } = map.sheet;
  Object.assign(map.picture, { width, height });
  const context = map.picture.getContext("2d"), image = context.createImageData(width, height);
  for (let k = 0; k < width * height; k++) {
    const ink = grey[index * width * height + k], level = map.data.dark ? ink : 255 - ink;
    image.data.set([level, level, level, 255], 4 * k);
  }
  context.putImageData(image, 0, 0);
}

function onKey(map, event) {
  const step = STEPS[event.key];
  const acts = {
    "+": () => zoom(map, 1.5), "=": () => zoom(map, 1.5), "-": () => zoom(map, 1 / 1.5), "−": () => zoom(map, 1 / 1.5),
    0: () => whole(map), Enter: () => openAt(map), Escape: () => (map.drawing || map.data.region ? drop(map) : show(map, -1)),
  };
  if (event.ctrlKey || event.metaKey || event.altKey || !(step || acts[event.key])) return;
  event.preventDefault();
  event.stopPropagation(); // the page has keys of its own
  if (!step) return acts[event.key]();
  if (event.shiftKey) return move(map, (step[0] * map.width) / 6 / map.view.scale, (-step[1] * map.height) / 6 / map.view.scale);
  show(map, nextPoint(map, step));
  keepInSight(map);
}

function keepInSight(map) {
  const { width, height } = plot(map);
  const [x, y] = toScreen(map, map.points.xs[map.at], map.points.ys[map.at]);
  if (x < LEFT || y < TOP || x > LEFT + width || y > TOP + height) {
    Object.assign(map.view, { x: map.points.xs[map.at], y: map.points.ys[map.at] });
  }
}
