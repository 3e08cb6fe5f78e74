// The window's drawing: input, kernel and output, and what is marked in them.
let preview; // what a pointer is over: {mode, at}; the chosen places stay
let picture = false; // whether the input is a picture from disk

// Of more cells than this each is never larger than a few pixels.
const MOST_MARKS = 4000;
const MOST_COLOURS = 1500;

/** What is followed: an output, an input or a tap, and where it is. */
function followed() {
  return preview ?? { mode: state.mode, at: state[PLACES[state.mode]] };
}

/** Inputs and taps can be followed where the meetings are few enough to be listed. */
function canFollow(mode) {
  return mode === "output" || (scened.height?.meetings != null && scened.width?.meetings != null && (mode !== "tap" || hasKernel()));
}

const hasKernel = () => scened.kernel.length > 0;

function showDrawing() {
  // The room for the new drawing is asked for, and then the old one would be laid out once more.
  for (const old of byId("drawing").querySelectorAll("svg")) old.replaceChildren();
  const drawn = scened.drawable === true;
  const impossible = answered.error !== null && drawImpossible();
  byId("drawing").hidden = !drawn && !impossible;
  byId("no-drawing").hidden = drawn || impossible || answered.error !== null;
  byId("no-drawing").textContent = scened.drawable === false ? words.tooLong : words.noWindow;
  for (const id of ["kernel-figure", "output-figure", "overview-figure", "spread-figure", "partial-figure", "channels", "matrix", "own"]) byId(id).hidden = true;
  byId("own").hidden = byId("keys").hidden = !drawn;
  byId("player").hidden = !drawn;
  for (const other of document.querySelectorAll(".channel:not(#channel)")) other.hidden = true;
  for (const sign of document.querySelectorAll(".sign")) sign.hidden = !drawn;
  for (const id of ["reads", "cell", "values-note"]) byId(id).replaceChildren();
  if (!drawn) return;
  arrange();
  showChannels();
  showMatrix();
  showOwn();
  drawOverview();
  drawWindow();
}

/** Room for the drawing in pixels. */
function room() {
  const width = byId("drawing").clientWidth || byId("drawing").parentElement.clientWidth - 24;
  const narrow = innerWidth < 700;
  const top = narrow ? 0 : byId("drawing").getBoundingClientRect().top + scrollY;
  const lines = scened.drawable && hasPartials() ? scened.channels.shown + 1 : 1; // of the formula
  const rest = narrow ? innerHeight * 0.7 : innerHeight - top - 116 - 25 * lines;
  return [Math.max(200, width), Math.max(narrow ? 200 : 230, rest)];
}

const SMALLEST_NUMBERED = 14;
const GAP = 34; // a sign between two grids
const CAPTION = 22;
let layout = {}; // the sides of the cells, and how the grids lie

/** The figures of a channel and that of their sum, each with its rows and columns. */
function figures(view) {
  const { height, width } = scened;
  const parts = [{ name: "input", ...view.input }];
  if (!view.isPart && (height.spread ?? width.spread)) {
    const along = (axis) => axis.spread?.count ?? axis.count;
    parts.push({ name: "spread", rows: along(height), columns: along(width) });
  }
  if (hasKernel()) parts.push({ name: "kernel", rows: height.kernel, columns: width.kernel });
  const output = { name: "output", ...view.output };
  if (hasPartials()) parts.push({ ...output, name: "partial" });
  return { parts, output };
}

/** All of input and output. */
function wholeView() {
  const { height, width } = scened;
  return {
    isPart: false, input: { row: height.from, rows: height.count, column: width.from, columns: width.count },
    output: { row: 0, rows: height.output, column: 0, columns: width.output },
  };
}

const LARGEST_PART = 16;

/** What lies around the chosen place, for inputs that are too large; nothing where a window is. */
function partView() {
  const { height, width } = scened;
  let reads = lookAt(state.cell);
  if (state.mode === "input") {
    const met = pairs({ mode: "input", at: state.from });
    if (met?.length > 0) reads = lookAt([met[0].row.output, met[0].column.output]);
  }
  const spans = [reads.height.taps, reads.width.taps].map((taps) => (taps.count > 0 ? reach(taps) : span(0, 1)));
  if (spans.some(({ count }) => count > LARGEST_PART)) return undefined;
  const around = (first, count, from, all, most) => {
    const shown = Math.min(all, most);
    return [Math.max(from, Math.min(from + all - shown, first - Math.floor((shown - count) / 2))), shown];
  };
  const most = spans.map(({ count }) => Math.min(LARGEST_PART, Math.max(7, count + 2)));
  const [row, rows] = around(spans[0].first, spans[0].count, height.from, height.count, most[0]);
  const [column, columns] = around(spans[1].first, spans[1].count, width.from, width.count, most[1]);
  const [outRow, outRows] = around(reads.height.at, 1, 0, height.output, 5);
  const [outColumn, outColumns] = around(reads.width.at, 1, 0, width.output, 5);
  return { isPart: true, input: { row, rows, column, columns }, output: { row: outRow, rows: outRows, column: outColumn, columns: outColumns } };
}

/** A number of the input, or nothing where it is not known. */
function inputNumber(index, row, column) {
  const { near } = layout;
  return scened.x[index] ? scened.x[index][row][column] : near?.x[index]?.[row - near.row]?.[column - near.column];
}

/** A function for the numbers of an output, or of what a channel gives to it. */
function outputNumbers(index) {
  const { near } = layout;
  const whole = index === undefined ? scened.values : scened.partial[index];
  if (whole) return (row, column) => whole[row][column];
  const part = index === undefined ? near?.values : near?.partial[index];
  return part ? (row, column) => part[row - near.outRow]?.[column - near.outColumn] ?? "" : undefined;
}

const hasPartials = () => scened.partial.length > 0;

/** Finds the largest cells with which all grids find room, side by side or below each other. */
function arrange() {
  let fit = mostChannels(wholeView());
  if (fit.best < sideForInput() && !picture) {
    const part = partView();
    if (part) fit = mostChannels(part);
  }
  const { view, many, best, lies } = fit;
  const [width, high] = room();
  const { parts, output } = figures(view);
  byId("grids").dataset.lies = lies;
  layout = { view, many };
  if (view.isPart && (!scened.x[0] || !scened.values)) {
    const places = [view.input, view.output].flatMap(({ row, rows, column, columns }) => [row, rows, column, columns]);
    layout.near = JSON.parse(near(state.row, String(state.out), String(state.first), places.join(",")));
  }
  const sides = {};
  for (const part of [...parts, output]) {
    sides[part.name] = best >= SMALLEST_NUMBERED || view.isPart ? best : ownSide(part, width, high, many, parts.length + 1);
  }
  if (width < 560 && lies !== "beside") sides.output = Math.max(sides.output, Math.min(48, cellSide(output.rows, output.columns, width, innerHeight / 2)));
  else if (lies === "beside") sides.output = Math.max(sides.output, Math.min(sideForNumbers(output), fit.spare / output.columns, cellSide(output.rows, output.columns, width, high)));
  if (hasKernel() && sides.kernel < 26) sides.kernel = Math.max(sides.kernel, Math.min(26, cellSide(scened.height.kernel, scened.width.kernel, 180, 180)));
  Object.assign(layout, { sides, large: sides.input < CELL_WITH_LINE });
}

/** With as many channels below each other as leave room for numbers, at least one. */
function mostChannels(view) {
  let fit;
  for (let many = hasPartials() ? scened.channels.shown : 1; many >= 1; many--) {
    fit = { view, many, ...fitted(view, many) };
    if (fit.best >= Math.max(SMALLEST_NUMBERED + 4, sideForInput())) break;
  }
  return fit;
}

/** The side of a cell in which the input's largest number can be read. */
function sideForInput() {
  const rows = scened.x[0];
  const longest = rows ? Math.max(rows[0][0].length, rows.at(-1).at(-1).length) : String(scened.height.input * scened.width.input).length;
  return Math.max(SMALLEST_NUMBERED, 5 + longest * 0.66 * 6.5);
}

/** The side of a cell in which the output's longest number can be read. */
function sideForNumbers({ row, rows, column, columns }) {
  const number = outputNumbers();
  if (!number || rows * columns > MOST_MARKS) return 0;
  let longest = 0;
  for (let y = row; y < row + rows; y++) for (let x = column; x < column + columns; x++) longest = Math.max(longest, number(y, x).length);
  return 5 + longest * 0.66 * 9;
}

/** The side of the drawing of the whole input, beside the others. */
const MAP_SIDE = 170;

/** The largest side of a cell, and how the grids lie then. */
function fitted(view, many) {
  const [width, high] = room();
  const { parts, output } = figures(view);
  const tall = Math.max(...parts.map((part) => part.rows));
  const wide = parts.reduce((sum, part) => sum + part.columns, 0);
  const edge = AXIS_ROOM + 4;
  const map = (view.isPart ? MAP_SIDE + 45 : 0) + (scened.channels.depth > many ? 75 : 0); // and a longer sign
  const side = (columns, figuresAcross, rows, figuresDown, beside = 0) => Math.min(LARGEST_CELL,
    (width - beside - figuresAcross * edge - (figuresAcross - 1) * GAP - 8) / columns, (high - figuresDown * (edge + CAPTION)) / rows);
  let best = side(wide + output.columns, parts.length + 1, Math.max(many * tall, output.rows), many, map);
  let lies = "beside";
  const below = side(Math.max(wide, output.columns), parts.length, many * tall + output.rows, many + 1, many > 1 ? GAP : 0);
  const stacked = side(Math.max(...parts.map((part) => part.columns), output.columns), 1,
    parts.reduce((sum, part) => sum + part.rows, 0) * many + output.rows, parts.length * many + 1);
  if (below > best * 1.15) [best, lies] = [below, "below"];
  if (stacked > best * 1.35) [best, lies] = [stacked, "stacked"];
  const spare = width - map - wide * best - (parts.length + 1) * edge - parts.length * GAP - 8;
  return { best, lies, spare };
}

/** Where cells are too small for numbers, each grid takes its share of the room. */
function ownSide(part, width, high, many, figuresAcross) {
  const isNarrow = width < 560;
  if (part.name === "kernel") return Math.min(40, cellSide(part.rows, part.columns, 170, Math.max(120, high / many)));
  const across = isNarrow ? (many > 1 ? width / 3 : width) : (width - 200) / Math.max(2, figuresAcross - 1);
  return Math.min(34, cellSide(part.rows, part.columns, across - GAP, Math.max(isNarrow ? 180 : 130, high / many - CAPTION)));
}

/** Where positions lie on an axis. */
const span = (first, count) => ({ first, count });

function place(rows, columns, style) {
  return { row: rows.first, rows: rows.count, column: columns.first, columns: columns.count, style };
}

const cellAt = (row, column, style) => place(span(row, 1), span(column, 1), style);

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

/** The cells that the taps of both axes meet, as marks of one colour. */
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

/**
 * The colour of a tap: between four colours at the kernel's corners, from blue over pink to
 * orange along a row and from light to dark down a column, which eyes that do not tell red from
 * green keep apart.
 */
function colourOf(row, column) {
  const share = (at, count) => `${count > 1 ? Math.round((at / (count - 1)) * 100) : 0}%`;
  const across = share(column, scened.width.kernel);
  const mix = (space, one, other, part) => `color-mix(in ${space}, ${one}, ${other} ${part})`;
  const along = (one, other) => mix("oklch increasing hue", `var(--tap-${one})`, `var(--tap-${other})`, across);
  return mix("oklab", along("a", "b"), along("c", "d"), share(row, scened.height.kernel));
}

/** Whether each tap has its colour: there is a kernel, and there are not too many taps. */
const isColoured = () => hasKernel() && scened.height.meetings !== null && scened.width.meetings !== null
  && scened.height.kernel * scened.width.kernel <= 225;

/** The meetings of one axis that belong to what is followed, as {output, tap, position, source}. */
function meetings(axis, mode, at) {
  const found = [];
  for (const [output, tap, position] of axis.meetings) {
    const source = axis.sources[position - axis.from];
    if ({ output, tap, input: source }[mode] === at) found.push({ output, tap, position, source });
  }
  return found;
}

/** All pairs of input and output that belong to what is followed; nothing where they are too many. */
function pairs({ mode, at }) {
  if (!canFollow("input")) return undefined;
  const rows = meetings(scened.height, mode, at[0]);
  const columns = meetings(scened.width, mode, at[1]);
  if (rows.length * columns.length > MOST_COLOURS) return undefined;
  return rows.flatMap((row) => columns.map((column) => ({ row, column })));
}

/** Draws what is followed: everything that changes with a step of the window. */
function drawWindow() {
  const now = followed();
  const { height, width } = scened;
  const met = pairs(now);
  const reads = now.mode === "output" ? lookAt(now.at) : undefined;
  byId("drawing").dataset.follows = now.mode;
  for (let index = 0; index < layout.many; index++) drawChannel(index, now, met, reads);
  drawOutput(byId("output-grid"), outputNumbers(), now, met, layout.sides.output);
  showSignOfOutput();
  byId("output-figure").hidden = false;
  const isPadded = height.padBefore + height.padAfter + width.padBefore + width.padAfter > 0 || height.count > height.input || width.count > width.input;
  showLegend(isPadded);
  const says = layout.large || layout.view.isPart;
  byId("no-drawing").hidden = !says;
  byId("no-drawing").textContent = layout.large ? words.tooLarge(height.input, width.input) : words.part(height.input, width.input);
  showPlayer();
  showWords(now, met, reads);
}

/** The figures of a drawn channel: those of the page for the first, copies for the others. */
function channelFigures(index) {
  const all = byId("channels-drawn");
  while (all.children.length <= index) {
    const copy = byId("channel").cloneNode(true);
    copy.removeAttribute("id");
    for (const part of copy.querySelectorAll("[id]")) part.removeAttribute("id");
    for (const svg of copy.querySelectorAll("svg")) {
      svg.removeAttribute("tabindex");
      svg.setAttribute("role", "img");
    }
    all.append(copy);
  }
  const row = all.children[index];
  row.hidden = false;
  return (part) => row.querySelector(`[data-part=${part}]`);
}

function drawChannel(index, now, met, reads) {
  const part = channelFigures(index);
  const { height, width, channels } = scened;
  const channel = channels.from + channels.first + index;
  drawInput(part("input").querySelector("svg"), index, now, met, reads);
  const isPadded = height.count > height.input || width.count > width.input;
  part("input").querySelector("figcaption").textContent = channels.in > 1 ? words.inputOf(channel, isPadded) : isPadded ? words.inputPadded : words.inputGrid;
  const spread = part("spread");
  spread.hidden = layout.view.isPart || !(height.spread && width.spread) && !(scened.axes === 1 && width.spread);
  spread.querySelector("figcaption").textContent = words.spreadGrid;
  if (!spread.hidden) drawSpread(spread.querySelector("svg"), index, now);
  const kernel = part("kernel");
  kernel.hidden = !hasKernel();
  kernel.querySelector("figcaption").textContent = channels.in > 1 || channels.out > 1 ? words.kernelOf(channels.chosen, channel) : words.kernelGrid;
  if (hasKernel()) drawKernel(kernel.querySelector("svg"), index, now, met, reads);
  const partial = part("partial");
  partial.hidden = !hasPartials();
  partial.querySelector("figcaption").textContent = words.partialGrid(channel);
  if (hasPartials()) drawOutput(partial.querySelector("svg"), outputNumbers(index), now, met, layout.sides.partial);
  part("sign-kernel").hidden = !hasKernel();
  part("sign-partial").hidden = !hasPartials();
  const last = index === layout.many - 1;
  part("sign-sum").textContent = !hasPartials() ? "=" : last ? restOfSum() : "+";
  part("sign-sum").classList.toggle("long", last && channels.depth > layout.many);
  part("sign-sum").hidden = byId("grids").dataset.lies !== "beside" && last;
}

/** What stands before the output: the channels that are not drawn, and the sign of equality. */
function restOfSum() {
  const rest = scened.channels.depth - layout.many;
  return rest > 0 && hasPartials() ? `+ ${words.moreChannels(rest)} =` : "=";
}

/** Where the output lies below the channels, its sign lies there, too. */
function showSignOfOutput() {
  byId("sign-output").hidden = byId("grids").dataset.lies === "beside";
  byId("sign-output").textContent = restOfSum();
  byId("sign-output").classList.toggle("long", byId("sign-output").textContent !== "=");
}

function drawInput(svg, index, now, met, reads) {
  const { height, width } = scened;
  const coloured = isColoured() && met;
  let marks = [];
  let frames = [];
  if (coloured) {
    marks = met.map(({ row, column }) => ({ ...cellAt(row.position, column.position, "tap"), fill: colourOf(row.tap, column.tap), share: isInside(row, column) ? undefined : 0.45 }));
  } else if (reads) {
    marks = marksOf(reads.height.taps, reads.width.taps);
  } else if (met) {
    marks = met.map(({ row, column }) => cellAt(row.position, column.position, "tap"));
  }
  if (reads && reads.height.taps.count * reads.width.taps.count > 0) frames = [place(reach(reads.height.taps), reach(reads.width.taps), "tap")];
  if (now.mode === "input") frames = [cellAt(...now.at, "out")];
  const corners = new Map();
  if (coloured && now.mode === "output" && scened.kernel[index]) {
    for (const { row, column } of met) corners.set(`${row.position},${column.position}`, `×${scened.kernel[index][row.tap][column.tap]}`);
  }
  const marked = new Set((met ?? []).map(({ row, column }) => `${row.position},${column.position}`));
  const { input: view } = layout.view;
  drawGrid(svg, {
    rows: view.rows, columns: view.columns, firstRow: view.row, firstColumn: view.column, axes: true, torn: torn(view, height.from, height.count, width.from, width.count),
    inner: place(span(0, height.input), span(0, width.input)), ground: "outside",
    padded: place(span(-height.padBefore, height.input + height.padBefore + height.padAfter), span(-width.padBefore, width.input + width.padBefore + width.padAfter)),
    marks: [...unread(height, width), ...marks], frames, shade: picture && scened.x[index] ? shadeOf(scened.x[index]) : undefined,
    text: (row, column) => ({
      text: inputText(index, row, column), corner: corners.get(`${row},${column}`), soft: !isInsideAt(row, column) && !marked.has(`${row},${column}`),
    }),
  }, layout.sides.input, words.inputLabel(height.input, width.input));
}

const isInside = (row, column) => row.position === row.source && column.position === column.source;
const isInsideAt = (row, column) => row >= 0 && row < scened.height.input && column >= 0 && column < scened.width.input;

/** What stands at a position: the input's number, the one that is mirrored there, or the padding's. */
function inputText(index, row, column) {
  if (isInsideAt(row, column)) return inputNumber(index, row, column) ?? "";
  const axes = [[scened.height, row], [scened.width, column]];
  if (axes.some(([axis]) => !axis.sources)) return "";
  const sources = axes.map(([axis, at]) => axis.sources[at - axis.from]);
  if (!sources.includes(-1)) return inputNumber(index, ...sources) ?? "";
  const isPadding = axes.every(([axis, at]) => at < axis.input + axis.padAfter);
  return isPadding || scened.padding === "-inf" ? scened.padding : "";
}

/** The sides of a part beyond which an array goes on. */
function torn({ row, rows, column, columns }, firstRow, allRows, firstColumn, allColumns) {
  return { top: row > firstRow, bottom: row + rows < firstRow + allRows, left: column > firstColumn, right: column + columns < firstColumn + allColumns };
}

/** Rows and columns that no output reads. */
function unread(height, width) {
  const down = (height.unread ?? []).map(([first, count]) => place(span(first, count), span(0, width.input), "unread"));
  const across = (width.unread ?? []).map(([first, count]) => place(span(0, height.input), span(first, count), "unread"));
  return [...down, ...across];
}

/** A transposed convolution's input with the zeros between its elements, under the turned kernel. */
function drawSpread(svg, index, now) {
  const whole = { from: 0, count: 1, at: [0], dilation: 1 };
  const axes = [scened.height, scened.width].map((axis) => ({ ...(axis.spread ?? whole), kernel: axis.kernel }));
  const [rows, columns] = axes;
  const at = axes.map((axis) => new Map(axis.at.map((position, element) => [position, element])));
  const x = scened.x[index];
  let marks = [];
  let frames = [];
  if (now.mode === "output") {
    const taps = axes.map((axis, i) => Array.from({ length: axis.kernel }, (_, j) => ({ tap: axis.kernel - 1 - j, position: now.at[i] + j * axis.dilation })));
    if (taps[0].length * taps[1].length <= 225) marks = taps[0].flatMap((row) => taps[1].map((column) => ({ ...cellAt(row.position, column.position, "tap"), fill: colourOf(row.tap, column.tap) })));
    frames = [place(...axes.map((axis, i) => span(now.at[i], (axis.kernel - 1) * axis.dilation + 1)), "tap")];
  } else if (now.mode === "input") {
    frames = [cellAt(rows.at[now.at[0]], columns.at[now.at[1]], "out")];
  }
  drawGrid(svg, {
    rows: rows.count, columns: columns.count, firstRow: rows.from, firstColumn: columns.from,
    inner: place(span(rows.from, 0), span(columns.from, 0)), ground: "padding",
    marks: [...elements(axes), ...marks], frames,
    text: x ? (row, column) => {
      const [y, z] = [at[0].get(row), at[1].get(column)];
      return y === undefined || z === undefined ? { text: "0", soft: true } : x[y][z];
    } : undefined,
  }, layout.sides.spread, words.spreadGrid);
}

/** The places of the input's elements among the zeros. */
function elements([rows, columns]) {
  if (rows.at.length * columns.at.length > MOST_COLOURS) return [];
  return rows.at.flatMap((row) => columns.at.map((column) => cellAt(row, column, "cell")));
}

function drawKernel(svg, index, now, met, reads) {
  const { height, width } = scened;
  const coloured = isColoured();
  const used = new Set((met ?? []).map(({ row, column }) => `${row.tap},${column.tap}`));
  const isUsed = (row, column) => used.has(`${row},${column}`);
  let marks = [];
  if (coloured) {
    for (let row = 0; row < height.kernel; row++) {
      for (let column = 0; column < width.kernel; column++) {
        marks.push({ ...cellAt(row, column, isUsed(row, column) ? "tap" : "unused"), fill: colourOf(row, column), share: isUsed(row, column) || !met ? 1 : 0.25 });
      }
    }
  } else if (reads) {
    marks = marksOf(inKernel(reads.height.taps), inKernel(reads.width.taps));
  }
  const kernel = scened.kernel[index];
  drawGrid(svg, {
    rows: height.kernel, columns: width.kernel, firstRow: 0, firstColumn: 0, axes: true,
    inner: place(span(0, height.kernel), span(0, width.kernel)), marks,
    frames: now.mode === "tap" ? [cellAt(...now.at, "out")] : [],
    text: kernel ? (row, column) => kernel[row][column] : undefined,
  }, layout.sides.kernel, words.kernelLabel(height.kernel, width.kernel));
}

/** The same taps by their places in the kernel. */
const inKernel = ({ tap, tapStep, count }) => ({ position: tap, positionStep: tapStep, count });

function drawOutput(svg, number, now, met, side) {
  const { height, width } = scened;
  const isOutput = now.mode === "output";
  const corners = new Map();
  let marks = [];
  if (isOutput) {
    marks = [cellAt(...now.at, "out")];
  } else if (met) {
    marks = met.map(({ row, column }) => ({ ...cellAt(row.output, column.output, "tap"), ...(isColoured() ? { fill: colourOf(row.tap, column.tap) } : {}) }));
    if (now.mode === "input" && scened.kernel[0]) {
      for (const { row, column } of met) corners.set(`${row.output},${column.output}`, `×${scened.kernel[0][row.tap][column.tap]}`);
    }
  }
  const { output: view } = layout.view;
  drawGrid(svg, {
    rows: view.rows, columns: view.columns, firstRow: view.row, firstColumn: view.column, axes: true, torn: torn(view, 0, height.output, 0, width.output),
    inner: place(span(0, height.output), span(0, width.output)), marks, frames: isOutput ? [cellAt(...now.at, "out")] : [],
    shade: picture && number ? shadeOf(Array.from({ length: height.output }, (_, row) => Array.from({ length: width.output }, (_, column) => number(row, column)))) : undefined,
    text: number ? (row, column) => ({ text: number(row, column), corner: layout.many === 1 ? corners.get(`${row},${column}`) : undefined }) : undefined,
  }, side, words.outputLabel(height.output, width.output));
  if (svg.id === "output-grid") {
    const { channels } = scened;
    byId("output-caption").textContent = channels.out > 1 ? words.outputOf(channels.chosen) : words.outputGrid;
  }
}

/** Where the drawn part of a large input lies. */
function drawOverview() {
  const { view } = layout;
  byId("overview-figure").hidden = !view.isPart;
  if (!view.isPart) return;
  const { height, width } = scened;
  const [high, wide] = [height.input, width.input];
  byId("overview-caption").textContent = words.overview(high, wide);
  drawGrid(byId("overview-grid"), {
    rows: high, columns: wide, firstRow: 0, firstColumn: 0, axes: true,
    inner: place(span(0, high), span(0, wide)), marks: [], frames: [{ ...view.input, style: "out" }],
  }, Math.min(20, cellSide(high, wide, MAP_SIDE, MAP_SIDE)), words.overview(high, wide));
}

function showLegend(isPadded) {
  const { height, width } = scened;
  const coloured = isColoured();
  const isUnread = [height, width].some((axis) => axis.unread?.length > 0);
  legend([
    [coloured ? "taps" : "tap", "tap-line", coloured ? words.legendTaps : words.legendTap],
    ["out", "out-line", words.legendFollowed[followed().mode]],
    ...(isPadded ? [["padding", "cell-line", words.legendPadding]] : []),
    ...(isUnread ? [["unread", "cell-line", words.legendUnread]] : []),
    ...(height.spread ?? width.spread ? [["padding", "cell-line", words.legendSpread]] : []),
  ]);
}

function legend(entries) {
  byId("legend").replaceChildren(...entries.map(([style, edge, text]) => element("span", text, {
    style: `--fill: var(--${style}); --edge: var(--${edge})`,
  })));
}

/** Where a window does not fit: the input with its padding, and the window over it. */
function drawImpossible() {
  const numbers = answered.numbers;
  const input = sizesOf(state.input);
  if (!numbers || !input || !isPlain(numbers.type) && isConvolution(numbers.type)) return false;
  const isSequence = axesOf(numbers.type) === 1;
  const axes = [0, 1].map((axis) => {
    const before = numbers.same ? 0 : numbers.padding[axis];
    const after = numbers.same ? 0 : numbers.after[axis];
    const reach = (numbers.dilation?.[axis] ?? 1) * (numbers.kernel[axis] - 1) + 1;
    const size = isSequence && axis === 0 ? 1 : input[axis];
    return { input: size, before, padded: size + before + after, reach, total: Math.max(size + before + after, reach) };
  });
  const [rows, columns] = axes;
  if (Math.max(rows.total, columns.total) > 4096 || axes.every((axis) => axis.reach <= axis.padded)) return false;
  const [width, height] = room();
  byId("grids").dataset.lies = "beside";
  drawGrid(byId("input-grid"), {
    rows: rows.total, columns: columns.total, firstRow: -rows.before, firstColumn: -columns.before, axes: true,
    ground: "missing", inner: place(span(0, rows.input), span(0, columns.input)), marks: [],
    padded: place(span(-rows.before, rows.padded), span(-columns.before, columns.padded)),
    frames: [place(span(-rows.before, rows.reach), span(-columns.before, columns.reach), "tap")],
  }, Math.min(48, cellSide(rows.total, columns.total, width * 0.8, height)), words.inputLabel(rows.input, columns.input));
  byId("input-caption").textContent = words.inputImpossible;
  legend([["cell", "cell-line", words.inputGrid], ["padding", "cell-line", words.legendPadding],
    ["missing", "cell-line", words.legendMissing], ["page", "tap-line", words.legendWindow]]);
  return true;
}
