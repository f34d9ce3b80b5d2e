// Which points lie where: in a region, near a place, next in a direction; and a line with few corners.
function insideOf({ n, xs, ys }, { kind, corners }) {
  const inside = new Uint8Array(n);
  if (kind === "box") {
    const [[xa, ya], [xb, yb]] = corners;
    const [left, right, low, high] = [Math.min(xa, xb), Math.max(xa, xb), Math.min(ya, yb), Math.max(ya, yb)];
    for (let k = 0; k < n; k++) inside[k] = xs[k] >= left && xs[k] <= right && ys[k] >= low && ys[k] <= high;
    return inside;
  }
  corners.forEach(([x1, y1], c) => { // a ray to the right crosses the line an odd number of times
    const [x2, y2] = corners[(c + 1) % corners.length];
    for (let k = 0; k < n; k++) {
      if (y1 > ys[k] !== y2 > ys[k] && xs[k] < x1 + ((ys[k] - y1) / (y2 - y1)) * (x2 - x1)) inside[k] ^= 1;
    }
  });
  return inside;
}

// The point nearest to a place on the screen, of those within ``most`` pixels; -1 for none.
function nearest(map, left, top, most) {
  const [x, y] = toData(map, left, top), { xs, ys, n } = map.points;
  let best = -1, least = (most / map.view.scale) ** 2;
  for (let k = 0; k < n; k++) {
    const far = (xs[k] - x) ** 2 + (ys[k] - y) ** 2;
    if (far <= least) [best, least] = [k, far];
  }
  return best;
}

// The nearest point that lies more in this direction than across it; the same one where none does.
function nextPoint(map, [right, down]) {
  const { xs, ys, n } = map.points;
  if (map.at < 0) return nearest(map, map.width / 2, map.height / 2, 1e9);
  let best = map.at, least = Infinity;
  for (let k = 0; k < n; k++) {
    const x = xs[k] - xs[map.at], y = ys[map.at] - ys[k];
    const ahead = x * right + y * down, across = Math.abs(x * down) + Math.abs(y * right);
    const far = x * x + y * y;
    if (ahead > 0 && ahead >= across && far < least) [best, least] = [k, far];
  }
  return best;
}

// Douglas and Peucker's line: farther from the trail only as far as few corners ask for.
function simplified(trail, most) {
  let corners = trail;
  for (let far = 0.75; corners.length > most; far *= 1.4) corners = thinned(trail, far);
  return corners;
}

function thinned(trail, far) {
  if (trail.length < 3) return trail;
  const first = trail[0], last = trail.at(-1);
  const length = Math.hypot(last[0] - first[0], last[1] - first[1]);
  const off = ([x, y]) => length
    ? Math.abs((last[0] - first[0]) * (first[1] - y) - (first[0] - x) * (last[1] - first[1])) / length
    : Math.hypot(x - first[0], y - first[1]);
  let at = 0, most = -1;
  for (let k = 1; k < trail.length - 1; k++) {
    const away = off(trail[k]);
    if (away > most) [at, most] = [k, away];
  }
  if (most <= far) return [first, last];
  return [...thinned(trail.slice(0, at + 1), far).slice(0, -1), ...thinned(trail.slice(at), far)];
}
