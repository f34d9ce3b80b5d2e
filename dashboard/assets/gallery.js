// Draws the tiles it is given as buttons; a click or Enter tells Python which image was opened.
export default function ({ parentElement, data, setTriggerValue }) {
  const tiles = parentElement.querySelector(".tiles");
  tiles.style.setProperty("--right", data.right);
  tiles.style.setProperty("--wrong", data.wrong);
  tiles.setAttribute("aria-label", data.label);
  tiles.replaceChildren(...data.tiles.map((tile) => tileButton(tile, setTriggerValue)));
}

function tileButton(tile, setTriggerValue) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-pressed", String(tile.chosen));
  button.setAttribute("aria-label", tile.alt);
  button.title = tile.alt;
  const image = document.createElement("img");
  image.src = tile.src;
  image.alt = tile.alt;
  button.append(image, line("title " + (tile.right ? "right" : "wrong"), tile.title));
  button.append(line("note", tile.note));
  if (tile.flag) button.append(line("flag", tile.flag));
  button.onclick = () => setTriggerValue("opened", tile.index);
  return button;
}

function line(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
