const NARROW = 640; // pixels: from here on Streamlit puts columns under one another

const BLANK = document.createElement("template");
BLANK.innerHTML = `<button type="button"><div class="picture"></div><span class="title"></span><span class="note"></span></button>`;

// Draws the tiles it is given as buttons; a click or Enter tells Python which image was opened.
export default function ({ parentElement, data, setTriggerValue }) {
  const tiles = parentElement.querySelector(".tiles");
  tiles.style.setProperty("--right", data.right);
  tiles.style.setProperty("--wrong", data.wrong);
  tiles.setAttribute("aria-label", data.label);
  tiles.style.setProperty("--tile", data.long ? "8.4rem" : "6.2rem");
  showSheet(tiles.style, data);
  const focused = parentElement.activeElement ?? tiles.getRootNode().activeElement;
  const index = tiles.contains(focused) ? focused.dataset.index : undefined;
  fillTiles(tiles, data);
  listen(tiles, setTriggerValue);
  const opened = String(data.tiles.find((tile) => tile.chosen)?.index);
  const moved = opened !== tiles.dataset.opened; // also by a key or a button beside the tiles
  const now = index && tiles.querySelector(`button[data-index="${moved ? opened : index}"]`);
  if (now) now.focus({ preventScroll: true }); // who came by keyboard goes on from here
  if (moved && opened === tiles.dataset.asked) comeToReader(data.shown);
  delete tiles.dataset.asked;
  tiles.dataset.opened = opened;
}

// The buttons stay where they are, and only what is new on them is written: two hundred of them
// are some thousand elements that the browser need not make again.
function fillTiles(tiles, data) {
  while (tiles.children.length > data.tiles.length) tiles.lastElementChild.remove();
  while (tiles.children.length < data.tiles.length) tiles.append(BLANK.content.cloneNode(true));
  [...tiles.children].forEach((button, n) => fill(button, n, data));
}

function listen(tiles, setTriggerValue) {
  const buttonOf = (event) => event.target.closest("button");
  tiles.onclick = (event) => {
    const button = buttonOf(event);
    if (!button) return;
    tiles.dataset.asked = button.dataset.index;
    setTriggerValue("opened", Number(button.dataset.index));
  };
  tiles.onpointerover = (event) => { // its name as a hint, once there is a pointer
    const button = buttonOf(event);
    if (button) button.title = button.getAttribute("aria-label");
  };
}

// On a narrow screen what was opened stands below all tiles.
function comeToReader(shown) {
  const there = shown && window.innerWidth <= NARROW && document.querySelector(`.st-key-${shown}`);
  if (there) there.scrollIntoView({ block: "start" });
}

// All images are one picture, which every tile shows enlarged and shifted to its own part.
function showSheet(style, { sheet, columns, width, height, gap, tiles }) {
  const rows = Math.ceil(tiles.length / columns);
  style.setProperty("--sheet", `url("${sheet}")`);
  style.setProperty("--aspect", `${width} / ${height}`);
  style.setProperty("--across", `${(100 * columns * (width + 2 * gap)) / width}%`);
  style.setProperty("--down", `${(100 * rows * (height + 2 * gap)) / height}%`);
}

// CSS counts a shift in parts of what the whole sheet is larger than the tile.
function shift(place, all, size, gap) {
  return `${(100 * (place * (size + 2 * gap) + gap)) / (all * (size + 2 * gap) - size)}%`;
}

function fill(button, n, data) {
  const tile = data.tiles[n], [picture, title, note] = button.children;
  const told = JSON.stringify([tile, data.long]);
  placePicture(picture.style, n, data);
  if (button.told === told) return;
  button.told = told;
  button.setAttribute("aria-pressed", String(tile.chosen));
  button.removeAttribute("title");
  button.dataset.index = tile.index;
  button.setAttribute("aria-label", tile.alt);
  writeTitle(title, tile, data.long);
  note.textContent = tile.note;
  while (button.children.length > 3) button.lastElementChild.remove();
  if (tile.tags.length) button.append(tags(tile.tags));
  if (tile.flag) button.append(line("flag", tile.flag));
}

function placePicture(style, n, { columns, width, height, gap, tiles }) {
  const rows = Math.ceil(tiles.length / columns);
  const down = shift(Math.floor(n / columns), rows, height, gap);
  style.backgroundPosition = `${shift(n % columns, columns, width, gap)} ${down}`;
}

// Long names stand under one another, each cut after two lines; the whole of both is in the hint.
function writeTitle(span, { right, names }, long) {
  span.className = `title ${right ? "right" : "wrong"}${long ? " long" : ""}`;
  if (long) span.replaceChildren(line("", names[0]), line("", `→ ${names[1]}`));
  else span.textContent = names.join(" → ");
}

function tags(names) {
  const span = line("tags", "");
  span.append(...names.map((name) => line("tag", name)));
  return span;
}

function line(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
