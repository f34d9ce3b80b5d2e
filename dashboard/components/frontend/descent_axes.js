// The frame of a chart in SVG: scales, lines of the grid, and lettered ticks, as text to be shown.
const LEFT = 58, RIGHT = 12, TOP = 8, BOTTOM = 40;
const SUFFIXES = [[1e6, " M"], [1e3, " k"]];

// From numbers to pixels; `of` straightens an axis first: a logarithm, or nothing.
function scale(low, high, from, to, of = (value) => value) {
  const a = of(low), b = of(high);
  return (value) => from + ((of(value) - a) / (b - a)) * (to - from);
}

function frameOf(svg) {
  const { width, height } = svg.getBoundingClientRect();
  return { left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
}

function axes(frame, across, up) {
  const { left, right, top, bottom } = frame;
  const x = scale(across.low, across.high, left, right, across.of);
  const y = scale(up.low, up.high, bottom, top, up.of);
  const rows = up.ticks.map(([value, text]) => `<path class="grid" d="M${left} ${y(value)}H${right}"/><text class="tick up" x="${left - 6}" y="${y(value) + 4}">${text}</text>`);
  const columns = across.ticks.map(([value, text]) => `<path class="grid" d="M${x(value)} ${top}V${bottom}"/><text class="tick across" x="${x(value)}" y="${bottom + 16}">${text}</text>`);
  const middle = (top + bottom) / 2;
  const titles = `<text class="axis" x="${(left + right) / 2}" y="${bottom + 34}">${across.title}</text>`
    + `<text class="axis" transform="translate(12 ${middle}) rotate(-90)">${up.title}</text>`;
  return { x, y, ...frame, markup: rows.join("") + columns.join("") + titles };
}

// About `count` round numbers; many digits where the axis is short beside what it counts from.
function linear(low, high, title, count = 5) {
  const raw = (high - low) / count, ten = 10 ** Math.floor(Math.log10(raw));
  const step = ten * ([1, 2, 5].find((times) => ten * times >= raw) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let k = Math.ceil(low / step); k * step <= high && ticks.length < 20; k++) ticks.push([k * step, written(k * step, decimals)]);
  return { low, high, title, ticks };
}

function logarithmic([low, high], title) {
  const powers = [];
  for (let power = Math.ceil(Math.log10(low)); 10 ** power <= high; power++) powers.push(power);
  const every = Math.ceil(powers.length / 8);
  const ticks = powers.filter((power) => power % every === 0).map((power) => [10 ** power, powerOf(power)]);
  return { low, high, title, ticks, of: Math.log10 };
}

// Steps: linear to 50, beyond that logarithmic but for its zero.
function stepsAxis(last) {
  if (last <= 50) return linear(0, last, "step");
  const jumps = [0, 1, 10, 100, 1e3, 1e4, 1e5, 1e6].filter((jump) => jump <= last);
  return { low: 0, high: last, title: "step (log scale)", of: Math.log1p, ticks: jumps.map((jump) => [jump, short(jump)]) };
}

function short(value) {
  const [size, suffix] = SUFFIXES.find(([size]) => value >= size) ?? [1, ""];
  return value / size + suffix;
}

function powerOf(power) {
  return power < -3 || power >= 6 ? `1e${power}` : (10 ** power).toLocaleString("en");
}

function written(value, decimals) {
  const text = Math.abs(value) >= 1e6 || decimals > 6 ? value.toPrecision(4) : value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return text.replace("e+", "e").replace(/-/g, "−").replace(/^−(0(\.0*)?)$/, "$1");
}

// A line through points of the screen; what cannot be drawn breaks it.
function line(points) {
  let pen = "M";
  return points.map(([x, y]) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return (pen = "M"), "";
    const part = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
    return part;
  }).join("");
}

function clipped(frame, name, markup) {
  const { left, right, top, bottom } = frame;
  return `<clipPath id="within-${name}"><rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/></clipPath><g clip-path="url(#within-${name})">${markup}</g>`;
}
