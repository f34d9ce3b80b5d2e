const NARROW = 640; // pixels: from here on Streamlit puts columns under one another

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
  tiles.replaceChildren(...data.tiles.map((tile, n) => tileButton(tile, n, data, setTriggerValue)));
  const opened = String(data.tiles.find((tile) => tile.chosen)?.index);
  const moved = opened !== tiles.dataset.opened; // also by a key or a button beside the tiles
  const now = index && tiles.querySelector(`button[data-index="${moved ? opened : index}"]`);
  if (now) now.focus({ preventScroll: true }); // who came by keyboard goes on from here
  if (moved && opened === tiles.dataset.asked) comeToReader(data.shown);
  delete tiles.dataset.asked;
  tiles.dataset.opened = opened;
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

function picture(n, { columns, width, height, gap, tiles }) {
  const rows = Math.ceil(tiles.length / columns);
  const part = document.createElement("div");
  part.className = "picture";
  const across = shift(n % columns, columns, width, gap);
  part.style.backgroundPosition = `${across} ${shift(Math.floor(n / columns), rows, height, gap)}`;
  return part;
}

function tileButton(tile, n, data, setTriggerValue) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.index = tile.index;
  button.setAttribute("aria-pressed", String(tile.chosen));
  button.setAttribute("aria-label", tile.alt);
  button.title = tile.alt;
  button.append(picture(n, data), title(tile, data.long));
  button.append(line("note", tile.note));
  if (tile.tags.length) button.append(tags(tile.tags));
  if (tile.flag) button.append(line("flag", tile.flag));
  button.onclick = () => {
    button.parentElement.dataset.asked = tile.index;
    setTriggerValue("opened", tile.index);
  };
  return button;
}

// Long names stand under one another, each cut after two lines; the whole of both is in the hint.
function title({ right, names }, long) {
  const span = line("title " + (right ? "right" : "wrong"), long ? "" : names.join(" → "));
  if (long) {
    span.classList.add("long");
    span.append(line("", names[0]), line("", "→ " + names[1]));
  }
  return span;
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
