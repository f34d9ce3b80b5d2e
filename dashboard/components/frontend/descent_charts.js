// The four charts of a descent at one of its states, each as the markup of its SVG.
const CURVE_POINTS = 190, HIGHEST = 1e12;
const CIRCLE = Array.from({ length: 2001 }, (_, k) => [Math.cos((Math.PI * k) / 1000), Math.sin((Math.PI * k) / 1000)]);

function fitChart(svg, run, { at }) {
  const plot = axes(frameOf(svg), { ...linear(-0.5, 19.5, "time"), low: -0.5, high: 19.5 }, linear(...run.frame, "speed"));
  const { x, y, top, bottom } = plot, height = bottom - top;
  const [shift, size] = run.scaled;
  const speed = ([a, b, c], time) => {
    const u = (time - shift) / size;
    return a * u * u + b * u + c;
  };
  const first = run.time[0], last = run.time.at(-1);
  const near = (value) => (Math.abs(value) < 20 * height ? value : NaN); // far enough to leave at its slope
  const curve = (state) => line(Array.from({ length: CURVE_POINTS + 1 }, (_, k) => {
    const time = first + ((last - first) * k) / CURVE_POINTS;
    return [x(time), near(y(speed(state, time)))];
  }));
  const now = run.states[at];
  const points = run.time.map((time, k) => dot("point", x(time), y(run.speed[k]), 3, `time ${shown(time)}, speed ${shown(run.speed[k])}`));
  const lines = `<path class="line flat" d="M${x(first)} ${y(run.mean)}H${x(last)}"/><path class="line optimum" d="${curve(run.optimum)}"/>`;
  const fit = now.includes(null) ? "" : `<path class="line now" d="${curve(now)}"/>`;
  return plot.markup + clipped(plot, "fit", lines + fit + points.join("")) + outside(run, now, speed, plot);
}

// A triangle at the border for each prediction beyond it.
function outside(run, now, speed, { x, top, bottom }) {
  const [low, high] = run.frame;
  return run.time.map((time) => {
    const there = speed(now, time), up = there > high;
    if (there >= low && there <= high) return "";
    const [edge, tip] = up ? [top + 8, top] : [bottom - 8, bottom];
    return `<path class="out" d="M${x(time) - 4.5} ${edge}H${x(time) + 4.5}L${x(time)} ${tip}Z"/>`;
  }).join("");
}

function lossChart(svg, run, { at, span }) {
  const reached = run.reached[at], taken = rows(run, reached);
  const plot = axes(frameOf(svg), stepsAxis(span.last), logarithmic(span.loss, "loss (mean squared error)"));
  const [steps, losses] = run.trace, { x, y, left, right } = plot;
  const high = (value) => (value <= HIGHEST ? y(value) : NaN);
  const through = (some) => line(some.map((k) => [x(steps[k]), high(losses[k])]));
  const levels = run.levels.map(([value, name], k) => `<path class="level ${k ? "low" : ""}" d="M${left} ${y(value)}H${right}"/><text class="word ${k ? "low" : ""}" x="${right - 4}" y="${y(value) + 14}">${name}</text>`);
  const last = taken.findLast((k) => losses[k] <= HIGHEST);
  const here = last === undefined ? "" : dot("here", x(steps[last]), y(losses[last]), 6, `step ${shown(reached)}, loss ${shown(losses[last])}`);
  const lines = `<path class="line ahead" d="${through(rows(run, span.last))}"/><path class="line now" d="${through(taken)}"/>`;
  return plot.markup + clipped(plot, "loss", lines) + levels.join("") + here;
}

// The rows of the table up to this step.
function rows(run, last) {
  const end = run.trace[0].findLastIndex((step) => step <= last) + 1;
  return Array.from({ length: end }, (_, k) => k);
}

// Where the axes end after some steps: those not yet taken are there, too, up to 50.
function spanOf(run, at) {
  const last = Math.max(run.reached[at], 50);
  return run.spans.find((each) => each.last === last);
}

function costsChart(svg, run, { at, span }) {
  const reached = run.reached[at], taken = rows(run, reached);
  const plot = axes(frameOf(svg), stepsAxis(span.last), logarithmic(span.costs, "loss above the optimum"));
  const [steps] = run.trace, [low, high] = span.costs, { x, y } = plot;
  const lines = [5, 6, 7].map((column, k) => {
    const costs = run.trace[column], inside = (value) => (value >= low && value <= high ? y(value) : NaN);
    const path = line(rows(run, span.last).map((row) => [x(steps[row]), inside(costs[row])]));
    const last = taken.length - 1, now = inside(costs[last]);
    const here = Number.isFinite(now) ? dot("spot", x(steps[last]), now, 5, `${run.directions[k]}, step ${shown(reached)}: ${shown(costs[last])}`) : "";
    return `<g style="--hue: var(--series-${k})"><path class="line" d="${path}"/>${here}</g>`;
  });
  return plot.markup + lines.join("");
}

function pathChart(svg, run, { at, plane: name }) {
  const plane = run.planes[name], [left, right, bottom, top] = plane.frame, taken = rows(run, run.reached[at]);
  const [across, up] = plane.pair.map((place) => "abc"[place]);
  const plot = axes(frameOf(svg), linear(left, right, across, 4), linear(bottom, top, up));
  const { x, y } = plot, [steps, losses] = run.trace, [xs, ys] = plane.pair.map((place) => run.trace[2 + place]);
  const inside = (a, b) => a >= left && a <= right && b >= bottom && b <= top;
  const walked = taken.filter((k) => inside(xs[k], ys[k]));
  const path = `<path class="line walked" d="${line(walked.map((k) => [x(xs[k]), y(ys[k])]))}"/>`;
  const dots = walked.map((k) => dot("step", x(xs[k]), y(ys[k]), 2.6, `step ${shown(steps[k])}, loss ${shown(losses[k])}, ${across} ${shown(xs[k])}, ${up} ${shown(ys[k])}`));
  const marks = [["cross", run.optimum], ["square", run.states[0]], ["circle", run.states[at]]].map(([kind, state]) => {
    const [a, b] = plane.pair.map((place) => state[place]);
    return a !== null && b !== null && inside(a, b) ? mark(kind, x(a), y(b)) : "";
  });
  return plot.markup + clipped(plot, "path", ringsOf(run, plane, at, plot)) + path + dots.join("") + marks.join("");
}

// Ellipses of equal loss, the highest through the farthest corner; colours by the loss's logarithm.
function ringsOf(run, plane, at, { x, y, left, right, top, bottom }) {
  const [cx, cy, floor, highest] = plane.around[at], [[ax, bx], [ay, by]] = plane.unit, [count, ratio] = run.rings;
  if (plane.around[at].includes(null)) return "";
  const excess = Array.from({ length: count }, (_, k) => highest / ratio ** (k + 1));
  const [low, high] = [excess.at(-1), excess[0]].map((each) => Math.log(floor + each));
  const near = (px, py) => px > left - 99 && px < right + 99 && py > top - 99 && py < bottom + 99;
  return excess.map((each) => {
    const root = Math.sqrt(each), points = [];
    let last = [NaN, NaN];
    for (const [cos, sin] of CIRCLE) {
      const px = x(cx + root * (ax * cos + bx * sin)), py = y(cy + root * (ay * cos + by * sin));
      if ((px - last[0]) ** 2 + (py - last[1]) ** 2 < 9) continue; // pixels that nobody tells apart
      points.push((last = near(px, py) ? [px, py] : [NaN, NaN]));
    }
    points.push(points[0]);
    const place = (Math.log(floor + each) - low) / (high - low || 1);
    return `<path class="ring" stroke="${blended(place)}" d="${line(points)}"><title>loss ${shown(floor + each)}</title></path>`;
  }).join("");
}

// A place from 0 to 1 between the four colours of the rings.
function blended(place) {
  const k = Math.min(Math.floor(place * 3), 2), part = Math.round(100 * (place * 3 - k));
  return `color-mix(in lab, var(--ring-${k + 1}) ${part}%, var(--ring-${k}))`;
}

function mark(kind, x, y) {
  if (kind === "cross") return `<path class="mark" d="M${x - 7} ${y}H${x + 7}M${x} ${y - 7}V${y + 7}"/>`;
  if (kind === "square") return `<rect class="mark" x="${x - 5}" y="${y - 5}" width="10" height="10"/>`;
  return `<circle class="mark" cx="${x}" cy="${y}" r="6"/>`;
}

function dot(name, x, y, size, words) {
  return `<circle class="${name}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size}"><title>${words}</title></circle>`;
}

function shown(value) {
  const text = Math.abs(value) >= 1e9 ? value.toExponential(2) : value.toLocaleString("en", { maximumSignificantDigits: 5 });
  return text.replace("e+", "e").replace(/-/g, "−");
}
