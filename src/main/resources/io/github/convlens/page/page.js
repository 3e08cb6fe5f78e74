// The page: what is asked, what the core answers, and what is drawn of it. `answer` and `look` are
// the core's; everything that is computed comes from them.
const byId = (id) => document.getElementById(id);
const NETS = JSON.parse(byId("nets").textContent);
const START = JSON.parse(byId("start").textContent);

let language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
let words = WORDS[language];
let state = { layers: START.layers, input: START.input, row: undefined, cell: START.cell };
let answered = {};
let looked = {};
let languageChosen = false;
let remembering;
let shown; // the answer whose texts and table are shown, and in which words

const sliders = new Sliders(byId("sliders"), (numbers) => {
  ask({
    layers: notation(numbers),
    input: inputWith(sizesOf(state.input) ? state.input : "8x8", numbers.inputSize, isConvolution(numbers.type) ? numbers.in : undefined),
  }, "sliders");
});

/** Asks the core, and shows what it says. `from` is the control that must not be written to. */
function ask(change, from) {
  const sameQuestion = Object.keys(change).every((key) => key === "row" || key === "cell");
  state = { ...state, ...change };
  if (from !== "layers") byId("layers").value = state.layers;
  if (from !== "input") byId("input").value = state.input;
  try {
    find(sameQuestion && answered.layers !== undefined, "row" in change);
    if (from !== "sliders" && answered.numbers) sliders.set(answered.numbers, sizesOf(state.input));
    show();
  } catch (failure) {
    fail(failure);
  }
  clearTimeout(remembering);
  remembering = setTimeout(remember, 150); // browsers refuse an address that changes too often
}

/** Finds the answer, unless it is there, and what the chosen cell reads. */
function find(isKnown, rowIsGiven) {
  if (!isKnown) {
    answered = JSON.parse(answer(state.layers, state.input.trim()));
    if (!rowIsGiven) state.row = undefined;
  }
  const drawable = (answered.layers ?? []).findIndex((layer) => layer.window);
  if (state.row === undefined || !answered.layers?.[state.row]?.window) state.row = drawable;
  looked = state.row < 0 ? {} : JSON.parse(look(state.row, ...state.cell.map(String)));
  if (looked.drawable) state.cell = [looked.height.at, looked.width.at];
}

/** Shows that there is no answer, and nothing of an old one. */
function fail(failure) {
  answered = {};
  looked = {};
  shown = undefined;
  const message = `${words.fault} ${failure}`;
  for (const id of ["shape", "notes", "chosen", "formulas", "pytorch", "djl", "reads", "cell", "field"]) byId(id).replaceChildren();
  for (const id of ["impossible", "drawing", "no-drawing", "network", "code"]) byId(id).hidden = true;
  byId("error").hidden = false;
  byId("error").textContent = byId("here").textContent = message;
  byId("here").classList.add("wrong");
  for (const id of ["layers", "input"]) byId(id).setAttribute("aria-invalid", true);
}

function show() {
  const failed = answered.error !== null;
  byId("shape").textContent = failed ? "" : answered.shape;
  byId("error").textContent = failed ? answered.error : "";
  byId("here").textContent = failed ? answered.error.split("\n")[0] : answered.shape;
  byId("here").classList.toggle("wrong", failed);
  byId("error").hidden = byId("impossible").hidden = !failed;
  for (const id of ["layers", "input"]) byId(id).setAttribute("aria-invalid", failed);
  byId("code").hidden = failed;
  byId("locked").hidden = answered.numbers !== null;
  byId("sliders").hidden = answered.numbers === null && !failed;
  byId("locked").textContent = (answered.layers ?? []).length > 1 ? words.lockedNet : words.lockedOther;
  if (shown?.answered !== answered || shown.words !== words) {
    shown = { answered, words };
    byId("notes").replaceChildren(...answered.notes.map((note) => element("li", note)));
    showCode();
    listLayers(answered.layers ?? []);
  }
  byId("rows").querySelector("[aria-current]")?.removeAttribute("aria-current");
  byId("rows").tBodies[0].rows[state.row]?.setAttribute("aria-current", true);
  showFormulas();
  showDrawing();
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function showCode() {
  byId("pytorch").textContent = answered.pytorch ?? "";
  byId("djl").textContent = answered.djl ?? "";
  byId("djl").hidden = byId("copy-djl").hidden = answered.djl === null;
  byId("no-code").hidden = !answered.noCode;
  byId("no-code").textContent = answered.noCode ? `${words.noCode}\n${answered.noCode}` : "";
}

/** Builds the table, which stays while the window moves. */
function listLayers(layers) {
  byId("network").hidden = layers.length < 2;
  const cell = (content, kind) => {
    const td = element("td", "", kind ? { class: kind } : {});
    td.append(content);
    return td;
  };
  byId("rows").tBodies[0].replaceChildren(...layers.map((layer, index) => {
    const row = element("tr", "");
    let name = layer.notation;
    if (layer.window) {
      name = element("button", layer.notation, { type: "button" });
      name.addEventListener("click", () => ask({ row: index, cell: [0, 0] }));
    }
    row.append(cell(layer.path), cell(name, "layer"), cell(layer.output),
        cell(layer.parameters, "number"), cell(layer.macs, "number"));
    return row;
  }));
  const total = element("tr", "");
  total.append(cell(words.total), cell(""), cell(answered.shape ?? ""),
      cell(answered.parameters ?? "", "number"), cell(answered.macs ?? "", "number"));
  byId("rows").tFoot.replaceChildren(total);
  const isCut = answered.layerCount > layers.length;
  byId("more-rows").hidden = !isCut;
  byId("more-rows").textContent = isCut ? words.moreRows(layers.length.toLocaleString("en"), answered.layerCount.toLocaleString("en")) : "";
}

function showFormulas() {
  const layer = answered.layers?.[state.row];
  byId("chosen").hidden = (answered.layers ?? []).length < 2 || !layer;
  byId("chosen").textContent = layer ? words.chosen(layer.path, layer.notation) : "";
  const list = byId("formulas");
  list.replaceChildren();
  for (const axis of ["height", "width"]) {
    const formula = looked[axis]?.formula;
    if (formula) list.append(element("dt", words[axis]), element("dd", formula, { id: `formula-${axis}` }));
  }
}

function showDrawing() {
  const drawn = looked.drawable === true;
  const impossible = answered.error !== null && drawImpossible();
  byId("drawing").hidden = !drawn && !impossible;
  byId("no-drawing").hidden = drawn || impossible || answered.error !== null;
  byId("no-drawing").textContent = looked.drawable === false ? words.tooLong : words.noWindow;
  for (const id of ["kernel-figure", "output-figure", "field-figure", "values-note"]) byId(id).hidden = !drawn;
  byId("stepper").hidden = !drawn || !Number.isSafeInteger(looked.height.output * looked.width.output);
  for (const id of ["reads", "cell", "field"]) byId(id).textContent = "";
  if (drawn) drawWindow(looked.height, looked.width);
}

/** Room for the drawing in pixels. */
function room(share) {
  const width = Math.max(220, byId("drawing").parentElement.clientWidth - 40);
  return [Math.min(width, Math.max(width * share, 300)), 420];
}

/** Where positions lie on an axis. */
const span = (first, count) => ({ first, count });

function place(rows, columns, style) {
  return { row: rows.first, rows: rows.count, column: columns.first, columns: columns.count, style };
}

/** The rows and columns that an input takes with its padding. */
function padded(axis) {
  return span(-axis.padBefore, axis.input + axis.padBefore + axis.padAfter);
}

/** Padding, and what a window needs beyond it where it hangs over. */
function around(axis) {
  const all = padded(axis);
  if (axis.taps.count === 0) return all;
  const read = reach(axis.taps);
  const first = Math.min(all.first, read.first);
  const last = Math.max(all.first + all.count, read.first + read.count);
  return span(first, last - first);
}

/** What lies between the first and the last position that taps read. */
function reach({ position, positionStep, count }) {
  const far = position + (count - 1) * positionStep;
  return span(Math.min(position, far), Math.abs(far - position) + 1);
}

/** Taps as spans: one for all where no positions lie between them. */
function spans({ position, positionStep, count }) {
  if (count > 1 && Math.abs(positionStep) === 1) return [reach({ position, positionStep, count })];
  return Array.from({ length: count }, (_, i) => span(position + i * positionStep, 1));
}

// More marks than this are never larger than a few pixels.
const MOST_MARKS = 4000;

/** The cells that the taps of both axes meet, as marks. */
function marksOf(rows, columns) {
  if (rows.count === 0 || columns.count === 0) return [];
  const parts = (taps) => (Math.abs(taps.positionStep) === 1 ? 1 : taps.count);
  if (parts(rows) * parts(columns) > MOST_MARKS) {
    const density = (taps) => taps.count / reach(taps).count;
    return [{ ...place(reach(rows), reach(columns), "tap"), share: density(rows) * density(columns) }];
  }
  const across = spans(columns);
  return spans(rows).flatMap((row) => across.map((column) => place(row, column, "tap")));
}

/** The same taps by their places in the kernel. */
const inKernel = ({ tap, tapStep, count }) => ({ position: tap, positionStep: tapStep, count });

function drawWindow(height, width) {
  const rows = around(height);
  const columns = around(width);
  const [inputWidth, most] = room(0.55);
  const side = cellSide(rows.count, columns.count, inputWidth, most);
  drawInput(height, width, rows, columns, side);
  drawKernel(height, width, side);
  drawOutput(height, width, Math.min(side < 12 ? LARGEST_CELL : Math.max(side, 30), cellSide(height.output, width.output, room(0.4)[0], most)));
  drawField(looked.field);
  const isPadded = height.padBefore + height.padAfter + width.padBefore + width.padAfter > 0;
  byId("input-caption").textContent = isPadded ? words.inputPadded : words.inputGrid;
  showLegend([["tap", "tap-line", words.legendTap], ["out", "out-line", words.legendOut],
    ...(isPadded ? [["padding", "cell-line", words.legendPadding]] : [])]);
  const large = side < CELL_WITH_LINE;
  byId("no-drawing").hidden = !large;
  byId("no-drawing").textContent = words.tooLarge(height.input, width.input);
  showWords(height, width);
}

function drawInput(height, width, rows, columns, side) {
  const marks = marksOf(height.taps, width.taps);
  const frames = marks.length > 0 ? [place(reach(height.taps), reach(width.taps), "tap")] : [];
  const inside = (row, column) => row >= 0 && row < height.input && column >= 0 && column < width.input;
  drawGrid(byId("input-grid"), {
    rows: rows.count, columns: columns.count, firstRow: rows.first, firstColumn: columns.first,
    inner: place(span(0, height.input), span(0, width.input)), marks, frames,
    text: (row, column) => (inside(row, column) ? String(row * width.input + column) : ""),
  }, side, words.inputLabel(height.input, width.input));
}

function drawKernel(height, width, side) {
  const hasKernel = answered.layers[state.row].notation.includes("Conv");
  byId("kernel-figure").hidden = !hasKernel;
  if (!hasKernel) return;
  const marks = marksOf(inKernel(height.taps), inKernel(width.taps));
  drawGrid(byId("kernel-grid"), {
    rows: height.kernel, columns: width.kernel, firstRow: 0, firstColumn: 0,
    inner: place(span(0, height.kernel), span(0, width.kernel)), marks,
    text: (row, column) => String(row * width.kernel + column),
  }, Math.min(Math.max(side, 24), cellSide(height.kernel, width.kernel, 220, 220)), words.kernelLabel(height.kernel, width.kernel));
}

function drawOutput(height, width, side) {
  drawGrid(byId("output-grid"), {
    rows: height.output, columns: width.output, firstRow: 0, firstColumn: 0,
    inner: place(span(0, height.output), span(0, width.output)),
    marks: [place(span(height.at, 1), span(width.at, 1), "out")],
    frames: [place(span(height.at, 1), span(width.at, 1), "out")],
    text: (row, column) => looked.values?.[row][column] ?? "",
  }, side, words.outputLabel(height.output, width.output));
  const step = byId("step");
  step.max = height.output * width.output - 1;
  step.value = height.at * width.output + width.at;
  step.setAttribute("aria-valuetext", words.stepText(height.at, width.at));
  byId("values-note").hidden = looked.cell === undefined;
}

/** For a network: what the output sees of the picture that goes in. */
function drawField(field) {
  byId("field-figure").hidden = answered.layers.length < 2 || field === null;
  if (byId("field-figure").hidden) return;
  const [high, wide] = field.picture;
  const clipped = ([from, to], size) => {
    const first = Math.max(0, from);
    return span(first, Math.max(0, Math.min(size - 1, to) - first + 1));
  };
  const rows = clipped(field.rows, high);
  const columns = clipped(field.columns, wide);
  const all = rows.count > 0 && columns.count > 0 ? [place(rows, columns, "tap")] : [];
  drawGrid(byId("field-grid"), {
    rows: high, columns: wide, firstRow: 0, firstColumn: 0,
    inner: place(span(0, high), span(0, wide)),
    marks: field.parts?.map(([row, down, column, across]) => place(span(row, down), span(column, across), "tap")) ?? all,
    frames: all,
  }, Math.min(12, cellSide(high, wide, 240, 240)), words.fieldLabel(high, wide));
}

function showLegend(entries) {
  byId("legend").replaceChildren(...entries.map(([style, edge, text]) => element("span", text, {
    style: `--fill: var(--${style}); --edge: var(--${edge})`,
  })));
}

function showWords(height, width) {
  const at = `[${height.at}, ${width.at}]`;
  if (height.taps.count > 0 && width.taps.count > 0) {
    const outside = [height, width].some((axis) => {
      const read = reach(axis.taps);
      return read.first < 0 || read.first + read.count > axis.input;
    });
    byId("reads").textContent = words.reads(at, positions(height.taps, words.rows), positions(width.taps, words.columns)) + (outside ? ` ${words.negative}` : "");
  } else {
    byId("reads").textContent = words.readsNothing(at);
  }
  if (looked.cell !== undefined) byId("cell").textContent = `Y${at} = ${looked.cell}`;
  if (looked.field === null) return;
  const { picture, rows, columns, holes } = looked.field;
  byId("field").textContent = words.field(range(...rows, words.rows), range(...columns, words.columns), picture.join("x"))
    + (holes === null ? "" : ` ${words.holes(...holes)}`);
}

/** `row 3`, `rows 3 to 5`. */
function range(first, last, text) {
  return first === last ? text(String(first), false) : text(words.range(first, last), true);
}

/** The positions that taps read: `rows 3 to 5`, `rows 0, 2, 4`. */
function positions(taps, text) {
  const { first, count } = reach(taps);
  const last = first + count - 1;
  if (count === taps.count) return range(first, last, text);
  const step = Math.abs(taps.positionStep);
  const some = Array.from({ length: Math.min(taps.count, 11) }, (_, i) => first + i * step);
  const rest = taps.count > 12 ? ["...", last] : taps.count === 12 ? [last] : [];
  return text(words.list([...some, ...rest]), true);
}

/** Where a window does not fit: the input with its padding, and the window over it. */
function drawImpossible() {
  const numbers = answered.numbers;
  const input = sizesOf(state.input);
  if (!numbers || !input || numbers.type === "ConvTranspose2d") return false;
  const axes = [0, 1].map((axis) => {
    const before = numbers.padding[axis];
    const reach = (numbers.dilation?.[axis] ?? 1) * (numbers.kernel[axis] - 1) + 1;
    return { input: input[axis], before, reach, total: Math.max(input[axis] + 2 * before, reach) };
  });
  const [rows, columns] = axes;
  if (Math.max(rows.total, columns.total) > 4096) return false;
  const [width, height] = room(0.8);
  drawGrid(byId("input-grid"), {
    rows: rows.total, columns: columns.total, firstRow: -rows.before, firstColumn: -columns.before,
    ground: "missing", inner: place(span(0, rows.input), span(0, columns.input)), marks: [],
    padded: place(span(-rows.before, rows.input + 2 * rows.before), span(-columns.before, columns.input + 2 * columns.before)),
    frames: [place(span(-rows.before, rows.reach), span(-columns.before, columns.reach), "tap")],
  }, cellSide(rows.total, columns.total, width, height), words.inputLabel(rows.input, columns.input));
  byId("input-caption").textContent = words.inputImpossible;
  showLegend([["cell", "cell-line", words.inputGrid], ["padding", "cell-line", words.legendPadding],
    ["missing", "cell-line", words.legendMissing], ["page", "tap-line", words.legendWindow]]);
  return true;
}

/** Moves the chosen output cell. */
function step(rows, columns) {
  const { height, width } = looked;
  const clamp = (value, size) => Math.max(0, Math.min(size - 1, value));
  ask({ cell: [clamp(rows, height.output), clamp(columns, width.output)] });
}

byId("output-grid").addEventListener("keydown", (event) => {
  const [row, column] = state.cell;
  const moves = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1], Home: [0, 0], End: [Infinity, Infinity],
  };
  if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  step(...moves[event.key]);
});
byId("output-grid").addEventListener("click", (event) => {
  const box = byId("output-grid").getBoundingClientRect();
  const edge = 2 * box.width / byId("output-grid").viewBox.baseVal.width;
  const cell = (from, size, count) => Math.floor((from - edge) / (size - 2 * edge) * count);
  step(cell(event.clientY - box.top, box.height, looked.height.output), cell(event.clientX - box.left, box.width, looked.width.output));
});
byId("step").addEventListener("input", () => {
  const place = Number(byId("step").value);
  step(Math.floor(place / looked.width.output), place % looked.width.output);
});
byId("layers").addEventListener("input", () => ask({ layers: byId("layers").value }, "layers"));
byId("input").addEventListener("input", () => ask({ input: byId("input").value }, "input"));
byId("net").addEventListener("change", () => {
  const net = NETS.find((known) => known.name === byId("net").value);
  if (net) ask({ layers: net.layers, input: net.input, cell: [0, 0] });
});
addEventListener("resize", showDrawing);

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(byId(button.dataset.copy).textContent));
}
byId("link").addEventListener("click", () => {
  remember();
  copy(location.href);
});

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    byId("copied").textContent = words.copied;
  } catch {
    byId("copied").textContent = words.notCopied;
  }
}

/** The state in the address, so that a link or a reload brings it back. */
function remember() {
  const fields = new URLSearchParams({ layers: state.layers, input: state.input, cell: state.cell.join(",") });
  if (state.row > 0) fields.set("row", state.row);
  if (languageChosen) fields.set("language", language);
  history.replaceState(null, "", `#${fields}`);
}

function recall() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const whole = (text) => (/^\d{1,15}$/.test(text ?? "") ? Number(text) : undefined);
  const change = { layers: fields.get("layers") ?? state.layers, input: fields.get("input") ?? state.input };
  const cell = (fields.get("cell") ?? "").split(",").map(whole);
  if (cell.length === 2 && !cell.includes(undefined)) change.cell = cell;
  change.row = whole(fields.get("row"));
  if (Object.hasOwn(WORDS, fields.get("language") ?? "")) speak(fields.get("language"));
  ask(change);
}

function speak(chosen) {
  language = chosen;
  languageChosen = true;
  write();
}

function write() {
  words = WORDS[language];
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const labelled of document.querySelectorAll("[data-t]")) labelled.textContent = words[labelled.dataset.t];
  byId("language").textContent = words.other;
  byId("language").lang = language === "zh" ? "en" : "zh-CN";
  const chosen = byId("net").value;
  byId("net").replaceChildren(element("option", words.choose, { value: "" }), ...NETS.map(({ name }) => element("option", name, { value: name })));
  byId("net").value = chosen;
  sliders.build(words);
  byId("copied").textContent = "";
}

byId("language").addEventListener("click", () => {
  speak(language === "en" ? "zh" : "en");
  ask({ row: state.row });
});
addEventListener("hashchange", recall);

write();
recall();
