// Shows one suspected label after the other; every decision is kept in the browser's storage at
// once, and told to Python a moment later.
const PREFIX = "digitscope labels ";
const TELL_MS = 300; // of quiet before Python is told
const KEYS = { k: "keep", s: "several", n: "none", l: "later" };
const WORDS = { keep: "kept", several: "several classes are right", none: "no class is right", later: "left for later" };
const reviews = new WeakMap();
const turns = new Map(); // by visit and store, the last turn of the server that was taken over

export default function ({ parentElement, data, setStateValue }) {
  let review = reviews.get(parentElement);
  if (!review || !review.root.isConnected) {
    review = makeReview(parentElement);
    reviews.set(parentElement, review);
  }
  review.send = (rows) => setStateValue("decisions", rows);
  takeOver(review, data);
  review.data = data;
  review.at = placeOf(review);
  style(review);
  draw(review);
}

function makeReview(parent) {
  const find = (name) => parent.querySelector("." + name);
  const names = ["count", "labels", "given", "proposed", "sure", "facts", "decided", "nearest", "said",
    "change", "keep", "several", "none", "later", "others", "undo", "back", "next"];
  const review = { root: find("review"), decisions: new Map(), before: [], at: 0 };
  for (const name of names) review[name] = find(name);
  review.picture = parent.querySelector(".one > .picture");
  for (const name of ["keep", "several", "none", "later"]) review[name].onclick = () => decide(review, name);
  review.change.onclick = () => decide(review, "change", suspect(review).proposed);
  review.others.onchange = () => { if (review.others.value) decide(review, "change", review.others.value); };
  review.undo.onclick = () => undo(review);
  review.back.onclick = () => move(review, -1);
  review.next.onclick = () => move(review, 1);
  review.root.addEventListener("keydown", (event) => onKey(review, event));
  window.addEventListener("storage", (event) => onStorage(review, event));
  return review;
}

// What the server holds, what this browser kept, and which of them counts. All tabs write to the
// browser's storage at once, so it is right, unless the server has got decisions from elsewhere.
function takeOver(review, data) {
  const visit = `${data.visit} ${data.store}`;
  if (review.visit === visit && review.turn === data.turn) return;
  const news = data.turn !== (turns.get(visit) ?? 0);
  turns.set(visit, data.turn);
  Object.assign(review, { visit, store: data.store, turn: data.turn, before: [] });
  const held = byKey(data.held);
  const kept = restored(data.store);
  if (!kept || (news && !held.size)) review.decisions = held; // forgotten, or not kept at all
  else review.decisions = news ? new Map([...kept, ...held]) : kept;
  store(review);
  const sorted = (rows) => JSON.stringify([...rows.values()].sort());
  if (sorted(review.decisions) !== sorted(held)) tell(review);
}

const byKey = (rows) => new Map(rows.map((row) => [key(row[0], row[1]), row]));

function restored(name) {
  try {
    return byKey(JSON.parse(localStorage.getItem(PREFIX + name)));
  } catch {
    return null; // nothing was kept, or what cannot be read was not written here
  }
}

// Another tab of this browser has decided something, or has forgotten everything.
function onStorage(review, event) {
  if (!review.root.isConnected || event.key !== PREFIX + review.store) return;
  review.decisions = restored(review.store) ?? new Map();
  review.before = [];
  tell(review);
  draw(review);
}

function store(review) {
  try {
    const rows = [...review.decisions.values()];
    const name = PREFIX + review.store;
    if (rows.length || localStorage.getItem(name)) localStorage.setItem(name, JSON.stringify(rows));
    review.unkept = false;
  } catch {
    review.unkept = true; // the browser refuses its storage: the counter says so
  }
}

function tell(review) {
  clearTimeout(review.timer);
  review.timer = setTimeout(() => review.send([...review.decisions.values()]), TELL_MS);
}

const key = (side, index) => side + " " + index;
const suspect = (review) => review.data.suspects[review.at];
const decisionOn = (review, one) => review.decisions.get(key(review.data.side, one.index));

// The image that is looked at stays; a new list begins at the first without a decision.
function placeOf(review) {
  const all = review.data.suspects;
  const same = all.findIndex((one) => key(review.data.side, one.index) === review.looked);
  if (same >= 0) return same;
  return Math.max(0, all.findIndex((one) => !decisionOn(review, one)));
}

function decide(review, verdict, changed = "") {
  const one = suspect(review);
  const name = key(review.data.side, one.index);
  review.before.push([name, review.decisions.get(name), review.at]);
  const why = verdict === "change" && changed === one.proposed ? one.said[0] : "";
  review.decisions.set(name, [review.data.side, one.index, verdict, changed, why, new Date().toISOString()]);
  store(review);
  tell(review);
  const said = `Image ${one.index}: ${words(review, one)}.`;
  const all = review.data.suspects;
  const later = all.findIndex((other, n) => n > review.at && !decisionOn(review, other));
  review.at = later >= 0 ? later : Math.min(review.at + 1, all.length - 1);
  draw(review);
  review.said.textContent = `${said} ${spoken(review)}`;
}

function undo(review) {
  const last = review.before.pop();
  if (!last) return;
  const [name, row, at] = last;
  if (row) review.decisions.set(name, row);
  else review.decisions.delete(name);
  review.at = Math.min(at, review.data.suspects.length - 1);
  store(review);
  tell(review);
  draw(review);
  review.said.textContent = `Undone. ${spoken(review)}`;
}

function move(review, by) {
  review.at = Math.min(Math.max(review.at + by, 0), review.data.suspects.length - 1);
  draw(review);
  review.said.textContent = spoken(review);
}

function onKey(review, event) {
  if (event.target.closest("select") || event.altKey || event.metaKey) return;
  if (event.ctrlKey && event.key !== "z") return;
  const pressed = event.key.toLowerCase();
  const classes = review.data.classes;
  if (pressed in KEYS) decide(review, KEYS[pressed]);
  else if (pressed === "c") decide(review, "change", suspect(review).proposed);
  else if (pressed === "u" || pressed === "z") undo(review);
  else if (pressed === "arrowleft") move(review, -1);
  else if (pressed === "arrowright") move(review, 1);
  else if (/^\d$/.test(pressed) && classes.includes(pressed)) {
    if (pressed === suspect(review).given) decide(review, "keep");
    else decide(review, "change", pressed);
  } else return;
  event.preventDefault();
}

function words(review, one) {
  const row = decisionOn(review, one);
  if (!row) return "";
  return row[2] === "change" ? `changed to ${row[3]}` : WORDS[row[2]];
}

function spoken(review) {
  const one = suspect(review);
  return `Now image ${one.index}: given ${one.given}, proposed ${one.proposed}. ${one.said[0]}`;
}

function style(review) {
  const { width, height, rows, columns, gap, sheet, right, wrong } = review.data;
  const set = (name, value) => review.root.style.setProperty(name, value);
  set("--sheet", `url("${sheet}")`);
  set("--aspect", `${width} / ${height}`);
  set("--across", `${(100 * columns * (width + 2 * gap)) / width}%`);
  set("--down", `${(100 * rows * (height + 2 * gap)) / height}%`);
  set("--right", right);
  set("--wrong", wrong);
}

// CSS counts a shift in parts of what the whole sheet is larger than one image.
function shift(place, all, size, gap) {
  return `${(100 * (place * (size + 2 * gap) + gap)) / (all * (size + 2 * gap) - size)}%`;
}

function show(element, n, { width, height, rows, columns, gap }) {
  const across = shift(n % columns, columns, width, gap);
  element.style.backgroundPosition = `${across} ${shift(Math.floor(n / columns), rows, height, gap)}`;
}

function draw(review) {
  const one = suspect(review);
  const all = review.data.suspects;
  review.looked = key(review.data.side, one.index);
  const n = all.filter((other) => decisionOn(review, other)).length;
  const kept = review.unkept ? "; this browser keeps none of it: download the corrections" : "";
  review.count.textContent =
    `Suspect ${review.at + 1} of ${all.length} · ${n} decided${kept} · ${review.data.side} image ${one.index} · ${one.file}`;
  show(review.picture, one.at, review.data);
  review.picture.setAttribute("aria-label", `${review.data.side} image ${one.index}, given label ${one.given}`);
  review.given.textContent = one.given;
  review.proposed.textContent = one.proposed;
  review.sure.textContent = one.agreed;
  review.facts.replaceChildren(...one.said.map((text) => line("p", text)));
  const made = words(review, one);
  review.decided.textContent = made ? `Decided: ${made}` : "";
  review.nearest.replaceChildren(...one.near.map((label, place) => tile(review, one.at + 1 + place, label, one)));
  tools(review, one);
}

function tools(review, one) {
  const row = decisionOn(review, one);
  review.change.replaceChildren(`Change to ${one.proposed} `, line("kbd", "C"));
  const pressed = (button, on) => button.setAttribute("aria-pressed", String(Boolean(on)));
  pressed(review.change, row && row[2] === "change" && row[3] === one.proposed);
  for (const name of ["keep", "several", "none", "later"]) pressed(review[name], row && row[2] === name);
  const others = review.data.classes.filter((name) => name !== one.given && name !== one.proposed);
  const first = new Option("choose…", "");
  review.others.replaceChildren(first, ...others.map((name) => new Option(name, name)));
  review.others.value = row && row[2] === "change" && others.includes(row[3]) ? row[3] : "";
  review.undo.disabled = !review.before.length;
  review.back.disabled = review.at === 0;
  review.next.disabled = review.at === review.data.suspects.length - 1;
}

function tile(review, at, label, one) {
  const figure = document.createElement("figure");
  figure.setAttribute("role", "listitem");
  const picture = document.createElement("div");
  picture.className = "picture";
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", `near image labelled ${label}`);
  show(picture, at, review.data);
  const caption = line("figcaption", label);
  if (label === one.given) caption.style.color = "var(--wrong)";
  if (label === one.proposed) caption.style.color = "var(--right)";
  figure.append(picture, caption);
  return figure;
}

function line(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
