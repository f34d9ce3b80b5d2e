// The points and the small images of maps, as they travel: a head in JSON, typed arrays after it.
// What has arrived stays in the window, so that a new selection need not bring it again.
const ARRIVED = "digitscope-map";
const held = (globalThis.digitscopeMaps ??= new Map());
const HELD_OF_A_KIND = 3;

export default function ({ data }) {
  const { about, parts } = unpack(data);
  if (!held.has(about.name)) {
    if (about.kind === "points") keep(about, pointsOf(about, parts));
    else inflated(parts[0]).then((grey) => keep(about, { kind: "sheet", ...about, grey }));
  }
}

function keep(about, value) {
  held.set(about.name, value);
  const same = [...held].filter(([, other]) => other.kind === about.kind);
  for (const [name] of same.slice(0, -HELD_OF_A_KIND)) held.delete(name);
  window.dispatchEvent(new CustomEvent(ARRIVED));
}

function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const about = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let at = 4 + length;
  const parts = about.lengths.map((size) => {
    const part = bytes.slice(at, at + size); // a copy begins where a typed array may
    at += size + (-size & 3);
    return part;
  });
  return { about, parts };
}

function pointsOf(about, parts) {
  const [x, y, index, truth, predicted, third, hue] = parts;
  const n = hue.length;
  const between = ([low, high], part) => {
    const steps = new Uint16Array(part.buffer);
    return Float64Array.from(steps, (step) => low + ((high - low) * step) / 65535);
  };
  return {
    kind: "points", n, ends: { x: about.x, y: about.y },
    xs: between(about.x, x), ys: between(about.y, y),
    index: new Uint32Array(index.buffer), truth, predicted, third, hue,
    order: drawOrder(hue, about.groups),
  };
}

// The first group lies on top; of a scale of colours the order stays as it is.
function drawOrder(hue, groups) {
  const order = Uint32Array.from(hue, (_, k) => k);
  return groups ? order.sort((a, b) => hue[b] - hue[a] || a - b) : order;
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
