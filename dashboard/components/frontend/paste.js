// Takes a picture from the clipboard, shrinks it in the browser and hands it to Python as a PNG.
const SIDE = 560; // pixels sent at most; Python reduces further
const boxes = new WeakMap();

export default function ({ parentElement, setStateValue }) {
  const box = parentElement.querySelector(".box");
  const said = parentElement.querySelector(".said");
  boxes.set(box, setStateValue);
  if (box.dataset.ready) return;
  box.dataset.ready = "yes";
  const take = async (blob) => {
    try {
      boxes.get(box)("picture", await shrunk(blob));
      said.textContent = "Pasted.";
    } catch {
      said.textContent = "This picture cannot be read.";
    }
  };
  box.addEventListener("paste", (event) => {
    event.preventDefault();
    const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
    if (file) take(file);
    else said.textContent = "There is no picture in the clipboard.";
  });
  parentElement.querySelector(".fetch").onclick = async () => {
    try {
      const items = await navigator.clipboard.read();
      const item = items.find((each) => each.types.some((type) => type.startsWith("image/")));
      if (!item) throw new Error();
      take(await item.getType(item.types.find((type) => type.startsWith("image/"))));
    } catch {
      said.textContent = "No picture could be read from the clipboard. Try the keys.";
      box.focus();
    }
  };
}

async function shrunk(blob) {
  const picture = await createImageBitmap(blob);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png").split(",")[1];
}
