// Cost and size along the depth of a network: a step for each layer, over one axis of layers.
const CURVES = [
  { name: "curveMap", of: (layer) => layer.map?.[0] ?? 0, isLog: true },
  { name: "curveField", of: (layer) => layer.sees, isLog: true },
  { name: "curveMacs", of: (layer) => countOf(layer.macs) },
  { name: "curveParameters", of: (layer) => countOf(layer.parameters) },
];

/** `1,728` as a number. */
function countOf(text) {
  return Number(text.replaceAll(",", ""));
}

/** `118M`, `3.5k`: as short as it can be told. */
function short(value) {
  for (const [unit, size] of [["T", 1e12], ["G", 1e9], ["M", 1e6], ["k", 1e3]]) {
    if (value >= size) return `${Number((value / size).toPrecision(3))}${unit}`;
  }
  return String(value);
}

class Curves {
  static WIDTH = 600;
  static HEIGHT = 96;

  constructor(list, chosen, hovered) {
    this.list = list;
    const rowAt = (event) => {
      const svg = event.target.closest("svg");
      if (!svg || this.layers.length === 0) return undefined;
      const box = svg.getBoundingClientRect();
      const place = Math.floor((event.clientX - box.left) / box.width * this.layers.length);
      return Math.max(0, Math.min(this.layers.length - 1, place));
    };
    list.addEventListener("pointermove", (event) => {
      const row = rowAt(event);
      if (row !== undefined) hovered(row);
    });
    list.addEventListener("click", (event) => {
      const row = rowAt(event);
      if (row !== undefined) chosen(row);
    });
  }

  build(layers, words) {
    this.layers = layers;
    this.list.replaceChildren(...CURVES.map((curve) => this.figure(curve, words)));
  }

  figure({ name, of, isLog }, words) {
    const values = this.layers.map(of);
    const most = Math.max(...values, 1);
    const height = (value) => (isLog ? Math.log1p(value) / Math.log1p(most) : value / most) * (Curves.HEIGHT - 4);
    const step = Curves.WIDTH / values.length;
    let line = `M0 ${Curves.HEIGHT}`;
    values.forEach((value, index) => { line += `V${(Curves.HEIGHT - height(value)).toFixed(1)}H${((index + 1) * step).toFixed(2)}`; });
    const svg = shape("svg", { viewBox: `0 0 ${Curves.WIDTH} ${Curves.HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": `${words[name]}: ${short(most)}`, class: "curve" });
    svg.append(shape("path", { d: `${line}V${Curves.HEIGHT}Z`, class: "under-curve" }),
        shape("rect", { x: 0, y: 0, width: Math.max(step, 2), height: Curves.HEIGHT, class: "curve-mark" }));
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = `${words[name]} (0 … ${short(most)}${isLog ? ", log" : ""})`;
    figure.append(caption, svg);
    return figure;
  }

  choose(row) {
    if (!this.layers) return;
    const step = Curves.WIDTH / this.layers.length;
    for (const mark of this.list.querySelectorAll(".curve-mark")) mark.setAttribute("x", row * step);
  }
}
