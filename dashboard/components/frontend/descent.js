// A descent that is stepped through in the browser. Python hears of it once the hand rests.
const RESTS_AFTER = 300, PLAYS_EVERY = 120; // ms
const views = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  let view = views.get(parentElement);
  if (!view || !view.slider.isConnected) {
    view = makeView(parentElement);
    views.set(parentElement, view);
  }
  view.tell = (value) => setTriggerValue("rested", value);
  const look = JSON.stringify(data.colours), same = data.run === view.text && look === view.look;
  if (data.run !== view.text) Object.assign(view, { text: data.run, run: JSON.parse(data.run) });
  if (follow(view, data) && same) return; // what was told from here is on the screen already
  view.look = look;
  colours(view, data.colours);
  once(view);
  show(view);
}

function makeView(root) {
  const find = (name) => root.querySelector(name);
  const view = {
    root, slider: find(".slider"), output: find("output"), said: find(".said"), back: find(".back"), on: find(".on"),
    play: find(".play"), cells: [...root.querySelectorAll(".numbers td")], planes: find(".planes"),
    figures: Object.fromEntries(["fit", "loss", "path", "costs"].map((name) => [name, find(`.${name}`)])),
    at: 0, over: null, sent: [], told: "", plane: "", rest: 0, clock: 0, drawn: 0,
  };
  view.slider.oninput = () => go(view, Number(view.slider.value));
  view.back.onclick = () => go(view, view.at - 1);
  view.on.onclick = () => go(view, view.at + 1);
  view.play.onclick = () => (view.clock ? pause(view) : play(view));
  listenToLoss(view);
  new ResizeObserver(() => show(view)).observe(find(".charts"));
  return view;
}

// What Python holds is taken, unless it only answers what was told from here; whether it does.
function follow(view, { steps, plane }) {
  const held = `${steps} ${plane}`, answer = view.sent.indexOf(held), known = answer >= 0 || held === view.told;
  view.told = held;
  if (answer >= 0) view.sent.splice(0, answer + 1);
  if (known) return true;
  pause(view);
  clearTimeout(view.rest);
  Object.assign(view, { at: view.run.steps.indexOf(steps), plane, sent: [] });
  return false;
}

function colours({ root }, { right, wrong, faint, rings, series }) {
  const { style } = root.querySelector(".descent");
  const all = { right, wrong, faint, ramp: `linear-gradient(90deg, ${rings.join()})` };
  rings.forEach((colour, k) => { all[`ring-${k}`] = colour; });
  series.forEach((colour, k) => { all[`series-${k}`] = colour; });
  for (const [name, colour] of Object.entries(all)) style.setProperty(`--${name}`, colour);
}

// What is the same at every step.
function once(view) {
  const { run, figures } = view;
  view.slider.max = run.steps.length - 1;
  const names = run.directions.map((name, k) => {
    const item = document.createElement("li");
    item.style.setProperty("--hue", `var(--series-${k})`);
    item.textContent = name;
    return item;
  });
  figures.costs.querySelector(".key").replaceChildren(...names);
  for (const [name, words] of Object.entries(run.alts)) figures[name].querySelector("svg").setAttribute("aria-label", words);
  if (view.planes.children.length) return;
  view.planes.replaceChildren(...Object.keys(run.planes).map((name) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: name, onclick: () => choosePlane(view, name) });
    return button;
  }));
}

function choosePlane(view, plane) {
  view.plane = plane;
  changed(view);
}

function go(view, at) {
  view.at = Math.min(Math.max(at, 0), view.run.steps.length - 1);
  view.over = null;
  changed(view);
}

function changed(view) {
  show(view);
  clearTimeout(view.rest);
  view.rest = setTimeout(() => rests(view), RESTS_AFTER);
}

function rests(view) {
  const { run, at, plane } = view, steps = run.steps[at], now = `${steps} ${plane}`;
  view.said.textContent = `${run.titles[at]}: loss ${run.figures[at][1]}`;
  if (now === (view.sent.at(-1) ?? view.told)) return;
  view.sent.push(now);
  view.tell({ steps, plane });
}

function play(view) {
  if (view.at === view.run.steps.length - 1) go(view, 0);
  view.play.textContent = "Pause";
  view.clock = setInterval(() => {
    if (!view.slider.isConnected || view.at === view.run.steps.length - 1) return pause(view);
    go(view, view.at + 1);
  }, PLAYS_EVERY);
}

function pause(view) {
  clearInterval(view.clock);
  view.clock = 0;
  view.play.textContent = "Play";
}

// A pointer on the loss chart shows the state it is at; a click stays there.
function listenToLoss(view) {
  const svg = view.figures.loss.querySelector("svg");
  const peek = (event) => {
    view.over = stateAt(view, svg, event);
    show(view);
  };
  svg.addEventListener("pointermove", peek);
  svg.addEventListener("pointerleave", () => { view.over = null; show(view); });
  svg.addEventListener("click", (event) => { pause(view); go(view, stateAt(view, svg, event)); });
}

function stateAt({ run, at }, svg, event) {
  const span = spanOf(run, at), { left, right } = frameOf(svg), { of } = stepsAxis(span.last);
  const x = scale(0, span.last, left, right, of), pointer = event.clientX - svg.getBoundingClientRect().left;
  const far = run.steps.map((step) => (step <= span.last ? Math.abs(x(step) - pointer) : Infinity));
  return far.indexOf(Math.min(...far));
}

// At most once a frame, however many events there are.
function show(view) {
  view.drawn ||= requestAnimationFrame(() => {
    view.drawn = 0;
    if (view.run && view.figures.fit.clientWidth) draw(view);
  });
}

function draw(view) {
  const { run, figures, plane } = view, at = view.over ?? view.at;
  view.slider.value = view.at;
  view.slider.setAttribute("aria-valuetext", `${run.steps[view.at].toLocaleString("en")} step${view.at === 1 ? "" : "s"}`);
  view.output.textContent = run.steps[view.at].toLocaleString("en");
  view.back.disabled = view.at === 0;
  view.on.disabled = view.at === run.steps.length - 1;
  view.cells.forEach((cell, k) => { cell.textContent = run.figures[at][k]; });
  words(view, at);
  const span = spanOf(run, view.at); // what a pointer shows leaves the axes as they are
  const draws = { fit: fitChart, loss: lossChart, path: pathChart, costs: costsChart };
  for (const [name, chart] of Object.entries(draws)) {
    const svg = figures[name].querySelector("svg");
    svg.innerHTML = chart(svg, run, { at, plane, span });
  }
}

function words({ run, figures, planes, plane }, at) {
  const put = (name, tag, text) => { figures[name].querySelector(tag).textContent = text; };
  put("fit", "h4", run.titles[at]);
  put("fit", ".note", run.outside[at]);
  put("loss", ".note", run.notes[at]);
  put("path", "h4", `How ${plane} change, step by step`);
  put("path", ".note", run.planes[plane].note);
  put("path", ".caption", run.planes[plane].caption);
  figures.path.querySelector("svg").setAttribute("aria-label", run.planes[plane].alt);
  for (const button of planes.children) button.setAttribute("aria-pressed", String(button.textContent === plane));
}
