// A network beside the window: its layers as a table, a graph and curves, and what one output sees.
const pickLayer = (row) => {
  const [rows, columns] = answered.layers[row]?.map ?? [0, 0];
  ask({ row, cell: [Math.floor(rows / 2), Math.floor(columns / 2)], out: 0, first: 0 }, "rows", true); // the middle sees most of the picture
  bringIntoSight();
};

/** Where there is one column only, what was chosen is below or above the table. */
function bringIntoSight() {
  const answerBox = byId("chosen").getBoundingClientRect();
  if (answerBox.bottom < 0 || answerBox.top > innerHeight) byId("chosen").scrollIntoView({ block: "start" });
}

const network = {
  table: new LayerTable(byId("rows"), pickLayer),
  picture: new NetworkPicture(byId("graph"), pickLayer, (row) => network.tell("graph-at", row)),
  curves: new Curves(byId("curve-list"), pickLayer, (row) => network.tell("curve-at", row)),
  tab: "table",
  layers: [],
  fresh: {}, // the parts that show the present answer

  /** Shows the layers of an answer; called for each new one, and for each new language. */
  build() {
    this.layers = answered.layers ?? [];
    this.fresh = {};
    const isNetwork = this.layers.length > 1;
    byId("network").hidden = !isNetwork;
    document.querySelector("main").classList.toggle("net", isNetwork);
    if (!isNetwork) return;
    this.search();
    const isCut = answered.layerCount > this.layers.length;
    byId("more-rows").hidden = !isCut;
    byId("more-rows").textContent = isCut ? words.moreRows(this.layers.length.toLocaleString("en"), answered.layerCount.toLocaleString("en")) : "";
    byId("graph-legend").replaceChildren(...Object.entries(words.kinds).map(([kind, text]) => element("span", text, { class: `kind ${kind}` })));
    this.open(this.tab);
  },

  /** Opens one of the three; what it shows is made when it is first seen. */
  open(tab) {
    this.tab = tab;
    for (const name of ["table", "graph", "curves"]) {
      byId(`panel-${name}`).hidden = name !== tab;
      byId(`tab-${name}`).setAttribute("aria-selected", name === tab);
      byId(`tab-${name}`).tabIndex = name === tab ? 0 : -1;
    }
    if (!this.fresh[tab]) {
      this.fresh[tab] = true;
      if (tab === "table") this.table.build(this.layers, answered, words);
      if (tab === "curves") this.curves.build(this.layers, words);
      if (tab === "graph" && this.layers.length > 1) this.picture.build(JSON.parse(graph()), (row) => this.layers[row]);
      this.filter();
    }
    this.choose(state.row);
  },

  /** Marks the chosen layer wherever it is shown. */
  choose(row) {
    this.table.choose(row);
    if (this.fresh.graph) this.picture.choose(row);
    if (this.fresh.curves) this.curves.choose(row);
    this.tell("graph-at", row);
    this.tell("curve-at", row);
  },

  tell(id, row) {
    const layer = this.layers[row];
    byId(id).textContent = layer ? `${layer.path}: ${layer.notation} → ${layer.output}, ${words.parameters} ${layer.parameters}, MACs ${layer.macs}, ${words.sees} ${layer.field}` : "";
  },

  search() {
    const text = byId("find").value.trim().toLowerCase();
    this.found = text === "" ? undefined
      : this.layers.flatMap((layer, index) => (`${layer.path} ${layer.notation}`.toLowerCase().includes(text) ? [index] : []));
    byId("found").textContent = this.found ? words.found(this.found.length) : "";
  },

  /** The last layer of the block that has this path, which gives the block's answer, or -1. */
  answerOf(path) {
    const isBlock = this.layers.some((layer) => layer.path.startsWith(`${path}.`));
    return isBlock ? this.layers.findLastIndex((layer) => layer.path === path || layer.path.startsWith(`${path}.`)) : -1;
  },

  filter() {
    const rows = this.found && new Set(this.found);
    this.table.filter(rows);
    if (this.fresh.graph) this.picture.filter(rows);
  },

  /** The layer before or behind the chosen one, or the next of those that were found. */
  walk(by) {
    const among = this.found ?? this.layers.map((_, index) => index);
    const next = by > 0 ? among.find((row) => row > state.row) : among.findLast((row) => row < state.row);
    if (next !== undefined) pickLayer(next);
  },
};

for (const name of ["table", "graph", "curves"]) {
  byId(`tab-${name}`).addEventListener("click", () => network.open(name));
  byId(`tab-${name}`).addEventListener("keydown", (event) => {
    const names = ["table", "graph", "curves"];
    const by = { ArrowLeft: 2, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = names[(names.indexOf(name) + by) % 3];
    network.open(next);
    byId(`tab-${next}`).focus();
  });
}
byId("layer-before").addEventListener("click", () => network.walk(-1));
byId("layer-after").addEventListener("click", () => network.walk(1));
byId("find").addEventListener("input", () => {
  clearTimeout(network.searching);
  network.searching = setTimeout(() => {
    network.search();
    network.filter();
  }, 120);
});
byId("find").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  network.search();
  network.filter();
  const row = network.answerOf(byId("find").value.trim());
  if (row >= 0 && row !== state.row) pickLayer(row);
  else if (network.found?.length > 0) pickLayer(network.found.find((row) => row > state.row) ?? network.found[0]);
});
byId("graph-nearer").addEventListener("click", () => network.picture.zoom(1.4));
byId("graph-farther").addEventListener("click", () => network.picture.zoom(1 / 1.4));
byId("graph-fit").addEventListener("click", () => network.picture.fit());
byId("graph").addEventListener("keydown", (event) => {
  const keys = {
    ArrowLeft: () => network.walk(-1), ArrowRight: () => network.walk(1),
    "+": () => network.picture.zoom(1.4), "=": () => network.picture.zoom(1.4), "-": () => network.picture.zoom(1 / 1.4),
    0: () => network.picture.fit(), Home: () => pickLayer(0), End: () => pickLayer(network.layers.length - 1),
  };
  if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key]();
});

// What one output of the chosen layer sees of the picture that goes in.

/** The sides of the map, the picture and the picture from near by, so that they stand side by side. */
function sidesOfField() {
  const room = byId("answer-title").parentElement.clientWidth - 80;
  return room < 400 ? [room * 0.36, room * 0.6, room * 0.6] : [Math.min(140, room * 0.25), Math.min(250, room * 0.45), Math.min(170, room * 0.28)];
}

function showField() {
  const isShown = (answered.layers ?? []).length > 1 && state.row >= 0;
  const found = isShown ? JSON.parse(sees(state.row, ...(state.cell ?? [0, 0]).map(String))) : {};
  byId("sees").hidden = !isShown || !found.field;
  byId("field").textContent = "";
  if (!isShown || !found.field) return;
  if (found.map) state.cell = found.at;
  drawCellMap(found);
  drawSeen(byId("field-grid"), found.field, [[0, found.field.picture[0]], [0, found.field.picture[1]]], sidesOfField()[1]);
  drawNearer(found.field);
  const { picture, rows, columns, holes } = found.field;
  const text = words.field(range(...rows, words.rows), range(...columns, words.columns), picture.join("x"))
    + (holes === null ? "" : ` ${words.holes(...holes)}`);
  byId("field").textContent = found.map ? words.fieldOf(`[${found.at.join(", ")}]`, text) : words.fieldOfAll(text);
}

/** The layer's output as a map on which a cell is chosen. */
function drawCellMap({ map, at }) {
  byId("map-figure").hidden = !map;
  if (!map) return;
  const [rows, columns] = map;
  const side = Math.min(24, sidesOfField()[0] / Math.max(rows, columns));
  byId("map-caption").textContent = words.mapGrid(answered.layers[state.row].path);
  plainGrid(byId("map-grid"), [[0, rows], [0, columns]], side, words.mapLabel(rows, columns));
  const cell = { x: at[1] * side, y: at[0] * side };
  const large = Math.max(side, 5);
  byId("map-grid").append(shape("rect", { x: cell.x - (large - side) / 2, y: cell.y - (large - side) / 2, width: large, height: large, class: "map-cell" }));
}

/** A grid of empty cells from and to these rows and columns, without lines where cells are tiny. */
function plainGrid(svg, [[top, bottom], [left, right]], side, label) {
  const width = (right - left) * side;
  const height = (bottom - top) * side;
  svg.replaceChildren(shape("rect", { x: 0, y: 0, width, height, class: "plain" }));
  svg.setAttribute("viewBox", `-2 -2 ${width + 4} ${height + 4}`);
  svg.setAttribute("width", width + 4);
  svg.setAttribute("height", height + 4);
  svg.setAttribute("aria-label", label);
}

function gridOver(svg, [[top, bottom], [left, right]], side) {
  let d = "";
  if (side >= 5) {
    for (let row = 0; row <= bottom - top; row++) d += `M0 ${row * side}H${(right - left) * side}`;
    for (let column = 0; column <= right - left; column++) d += `M${column * side} 0V${(bottom - top) * side}`;
  }
  svg.append(shape("path", { d, class: "plain-lines" }));
}

/** The part of the picture in this area, with what is seen of it, holes and all. */
function drawSeen(svg, field, area, room) {
  const [[top, bottom], [left, right]] = area;
  const side = Math.min(24, room / Math.max(bottom - top, right - left));
  plainGrid(svg, area, side, words.fieldLabel(...field.picture));
  const inside = ([from, to], size) => [Math.max(0, from), Math.min(size - 1, to)];
  const [firstRow, lastRow] = inside(field.rows, field.picture[0]);
  const [firstColumn, lastColumn] = inside(field.columns, field.picture[1]);
  const parts = field.parts ?? [[firstRow, lastRow - firstRow + 1, firstColumn, lastColumn - firstColumn + 1]];
  let d = "";
  for (const [row, down, column, across] of parts) d += `M${(column - left) * side} ${(row - top) * side}h${across * side}v${down * side}h${-across * side}z`;
  svg.append(shape("path", { d, class: field.parts ? "seen" : "seen-about" }));
  gridOver(svg, area, side);
  if (lastRow < firstRow || lastColumn < firstColumn) return;
  svg.append(shape("rect", {
    x: (firstColumn - left) * side, y: (firstRow - top) * side,
    width: (lastColumn - firstColumn + 1) * side, height: (lastRow - firstRow + 1) * side, class: "seen-frame",
  }));
}

/** What is small on the picture is shown once more from near by. */
function drawNearer(field) {
  const [high, wide] = field.picture;
  const around = ([from, to], size) => [Math.max(0, from - 2), Math.min(size, to + 3)];
  const area = [around(field.rows, high), around(field.columns, wide)];
  const isSmall = area.every(([from, to]) => to - from > 0)
    && Math.max(high, wide) > 40 && Math.max(area[0][1] - area[0][0], area[1][1] - area[1][0]) * 2.5 < Math.max(high, wide);
  byId("zoom-figure").hidden = !isSmall;
  if (isSmall) drawSeen(byId("zoom-grid"), field, area, sidesOfField()[2]);
}

/** Chooses a cell of the map, in a layer with a window or without. */
function pickCell(row, column) {
  const [rows, columns] = answered.layers[state.row].map;
  const within = (value, size) => Math.max(0, Math.min(size - 1, value));
  ask({ cell: [within(row, rows), within(column, columns)] });
}

byId("map-grid").addEventListener("click", (event) => {
  const box = byId("map-grid").getBoundingClientRect();
  const [rows, columns] = answered.layers[state.row].map;
  pickCell(Math.floor((event.clientY - box.top) / box.height * rows), Math.floor((event.clientX - box.left) / box.width * columns));
});
byId("map-grid").addEventListener("keydown", (event) => {
  const [row, column] = state.cell;
  const to = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: [0, 0], End: [Infinity, Infinity],
  }[event.key];
  if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  pickCell(...to);
});
