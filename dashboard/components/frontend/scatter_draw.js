// How the map is drawn: its points pixel by pixel, which is quicker than paths, and what is around.
const LEFT = 52, BOTTOM = 42, TOP = 8, RIGHT = 8; // of the plot, in CSS pixels
const FAINT = 0.16; // of what is outside the selection
const TICK_PX = 84;

function plot(map) {
  return { width: map.width - LEFT - RIGHT, height: map.height - TOP - BOTTOM };
}

// One scale for both axes, so that the diagonal is one and distances are not bent.
function wholeView(map) {
  const { x, y } = map.points.ends;
  const { width, height } = plot(map);
  const across = Math.max(x[1] - x[0], 1e-9), up = Math.max(y[1] - y[0], 1e-9);
  const scale = 0.93 * Math.min(width / across, height / up);
  return { x: (x[0] + x[1]) / 2, y: (y[0] + y[1]) / 2, scale };
}

function toScreen(map, x, y) {
  const { width, height } = plot(map), { view } = map;
  return [LEFT + width / 2 + (x - view.x) * view.scale, TOP + height / 2 - (y - view.y) * view.scale];
}

function toData(map, left, top) {
  const { width, height } = plot(map), { view } = map;
  return [view.x + (left - LEFT - width / 2) / view.scale, view.y - (top - TOP - height / 2) / view.scale];
}

function paint(map) {
  const ratio = window.devicePixelRatio || 1;
  const context = map.canvas.getContext("2d");
  const size = [Math.round(map.width * ratio), Math.round(map.height * ratio)];
  if (map.canvas.width !== size[0] || map.canvas.height !== size[1]) {
    [map.canvas.width, map.canvas.height] = size;
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = map.data.paper;
  context.fillRect(0, 0, ...size);
  stampPoints(map, context, ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = `12px ${getComputedStyle(map.canvas).fontFamily}`;
  axes(map, context);
  within(map, context, () => {
    if (map.data.diagonal) diagonal(map, context);
    places(map, context);
    outline(map, context, map.drawing ?? map.data.region);
    if (map.at >= 0) ring(map, context);
  });
}

function within(map, context, draw) {
  const { width, height } = plot(map);
  context.save();
  context.beginPath();
  context.rect(LEFT, TOP, width, height);
  context.clip();
  draw();
  context.restore();
}

// Offsets of the pixels of a disc, or of a ring, and how much of each it covers.
function stamp(radius, line) {
  const reach = Math.ceil(radius + 0.5), cells = [];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const far = Math.hypot(x, y);
      const cover = Math.min(1, radius + 0.5 - far, line ? far - (radius - line) + 0.5 : 1);
      if (cover > 0.03) cells.push(x, y, cover);
    }
  }
  return Float32Array.from(cells);
}

function radiusOf(map) {
  const zoomed = Math.sqrt(map.view.scale / wholeView(map).scale);
  const start = map.points.n > 30000 ? 1.2 : map.points.n > 3000 ? 1.9 : 2.6;
  return Math.min(6, start * Math.max(1, zoomed));
}

function stampPoints(map, context, ratio) {
  const width = Math.round(plot(map).width * ratio), height = Math.round(plot(map).height * ratio);
  if (map.image?.width !== width || map.image?.height !== height) {
    map.image = context.createImageData(width, height);
  }
  const out = map.image.data;
  const [r, g, b] = channels(map.data.paper);
  new Uint32Array(out.buffer).fill((255 << 24) | (b << 16) | (g << 8) | r);
  const radius = radiusOf(map) * ratio;
  const shapes = [stamp(radius, 0), stamp(radius * 1.3, 1.1 * ratio)];
  const colours = map.data.colours.map(channels);
  const { points, inside, view } = map;
  const scale = view.scale * ratio, left = width / 2 - view.x * scale, top = height / 2 + view.y * scale;
  for (const chosen of inside ? [0, 1] : [1]) {
    for (const k of points.order) {
      if (inside && inside[k] !== chosen) continue;
      const x = Math.round(left + points.xs[k] * scale), y = Math.round(top - points.ys[k] * scale);
      if (x < -9 || y < -9 || x > width + 9 || y > height + 9) continue;
      const strength = (chosen ? 1 : FAINT) * map.data.strengths[points.hue[k]];
      blend(out, width, height, x, y, shapes[points.third[k]], colours[points.hue[k]], strength);
    }
  }
  context.putImageData(map.image, Math.round(LEFT * ratio), Math.round(TOP * ratio));
}

function blend(out, width, height, x, y, cells, [r, g, b], strength) {
  for (let c = 0; c < cells.length; c += 3) {
    const column = x + cells[c], row = y + cells[c + 1];
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    const at = 4 * (row * width + column), part = cells[c + 2] * strength;
    out[at] += (r - out[at]) * part;
    out[at + 1] += (g - out[at + 1]) * part;
    out[at + 2] += (b - out[at + 2]) * part;
  }
}

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function axes(map, context) {
  const { width, height } = plot(map), { data } = map;
  context.strokeStyle = context.fillStyle = data.faint;
  context.lineWidth = 1;
  context.strokeRect(LEFT - 0.5, TOP - 0.5, width + 1, height + 1);
  const [x0, y1] = toData(map, LEFT, TOP), [x1, y0] = toData(map, LEFT + width, TOP + height);
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const [value, text] of ticks(x0, x1, width)) context.fillText(text, toScreen(map, value, 0)[0], TOP + height + 5);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [value, text] of ticks(y0, y1, height)) context.fillText(text, LEFT - 6, toScreen(map, 0, value)[1]);
  context.fillStyle = data.ink;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText(data.axes[0], LEFT + width / 2, map.height - 6, width);
  context.save();
  context.translate(12, TOP + height / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(data.axes[1], 0, 0, height);
  context.restore();
}

function ticks(low, high, length) {
  const least = ((high - low) * TICK_PX) / length, power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= least) ?? least;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high && found.length < 40; k++) {
    found.push([k * step, (k * step).toFixed(Math.min(decimals, 12)).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "")]);
  }
  return found;
}

// The decision between both classes, and which of them is nearer on each side of it.
function diagonal(map, context) {
  const { width, height } = plot(map), { data } = map;
  const [x0, y1] = toData(map, LEFT, TOP), [x1, y0] = toData(map, LEFT + width, TOP + height);
  const low = Math.max(x0, y0), high = Math.min(x1, y1);
  if (low >= high) return;
  const from = toScreen(map, low, low), to = toScreen(map, high, high);
  context.strokeStyle = data.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
  context.font = `600 ${context.font}`;
  label(context, data, data.sides[0], LEFT + 8, TOP + 16, "left", width / 2);
  label(context, data, data.sides[1], LEFT + width - 8, TOP + height - 10, "right", width / 2);
}

function label(context, data, text, x, y, align, most) {
  context.textAlign = align;
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = data.paper;
  context.fillStyle = data.ink;
  context.strokeText(text, x, y, most);
  context.fillText(text, x, y, most);
}

// Names where classes lie, on a map that has no axis for them.
function places(map, context) {
  context.font = context.font.startsWith("600") ? context.font : `600 ${context.font}`;
  for (const [name, x, y] of map.data.places) label(context, map.data, name, ...toScreen(map, x, y), "center", 90);
}

function outline(map, context, region) {
  if (!region || region.corners.length < 2) return;
  const corners = region.kind === "box" ? boxCorners(region.corners) : region.corners;
  context.beginPath();
  corners.forEach(([x, y], k) => context[k ? "lineTo" : "moveTo"](...toScreen(map, x, y)));
  context.closePath();
  context.globalAlpha = 0.08;
  context.fillStyle = map.data.ink;
  context.fill("evenodd");
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.strokeStyle = map.data.ink;
  context.stroke();
  context.setLineDash([]);
}

function boxCorners([[x0, y0], [x1, y1]]) {
  return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
}

function ring(map, context) {
  context.strokeStyle = map.data.ink;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(...toScreen(map, map.points.xs[map.at], map.points.ys[map.at]), radiusOf(map) + 4, 0, 2 * Math.PI);
  context.stroke();
}
