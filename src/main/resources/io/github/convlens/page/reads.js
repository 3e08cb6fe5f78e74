// What is followed, in words: what an output reads, which outputs use an input, what a tap met.
const MOST_TERMS = 30; // a longer sum is folded
const MOST_PAIRS = 12;
let unfolded = false;

function showWords(now, met, reads) {
  for (const id of ["reads", "cell"]) byId(id).replaceChildren();
  if (now.mode === "output") sayOutput(reads);
  else if (now.mode === "input") sayInput(now.at, met);
  else sayTap(now.at, met);
  byId("values-note").hidden = outputNumbers() === undefined || state.x !== "" || state.kernel !== "";
  byId("values-note").textContent = words.valuesNote;
}

const at = ([row, column]) => (scened.axes === 1 ? `[${column}]` : `[${row}, ${column}]`);
const inChannel = (index, count) => (count > 1 ? `[${index}]` : "");

function sayOutput({ height, width, cell }) {
  const place = at([height.at, width.at]);
  if (height.taps.count > 0 && width.taps.count > 0) {
    const outside = [[height, scened.height], [width, scened.width]].some(([axis, { input }]) => {
      const read = reach(axis.taps);
      return read.first < 0 || read.first + read.count > input;
    });
    const rows = scened.axes === 1 ? "" : positions(height.taps, words.rows);
    const columns = positions(width.taps, scened.axes === 1 ? words.positions : words.columns);
    byId("reads").textContent = words.reads(place, rows, columns) + (outside ? ` ${words.negative}` : "");
  } else {
    byId("reads").textContent = words.readsNothing(place);
  }
  if (cell !== null) sayFormula(place, cell);
}

/** `Y[0, 0] = 0×0 + 1×1 = 1`; with several channels a line for each of them, and their sum. */
function sayFormula(place, cell) {
  const { channels } = scened;
  const name = `Y${inChannel(channels.chosen, channels.out)}${place} = `;
  const lines = cell.channels.map((channel) => termsOf(cell, channel));
  if (channels.depth === 1) {
    byId("cell").append(name, ...lines[0], ` = ${cell.value}`);
    return;
  }
  const list = element("div", "", { class: "sums" });
  cell.channels.forEach((channel, i) => {
    const line = element("div", "");
    line.append(element("span", words.channelName(channel.channel), { class: "channel-name" }), " ", ...lines[i], ` = ${channel.value}`);
    list.append(line);
  });
  const hidden = channels.depth - cell.channels.length;
  const parts = cell.channels.map((channel) => channel.value);
  const sum = element("div", `${name}${parts.join(" + ")}${hidden > 0 ? ` + ${words.moreChannels(hidden)}` : ""} = ${cell.value}`, { class: "sum" });
  list.append(sum);
  byId("cell").append(list);
}

/** The terms of one channel, each underlined in its tap's colour; a long sum is folded. */
function termsOf({ form, divisor }, { terms }) {
  const [open, separator, close] = { sum: ["", " + ", ""], maximum: ["max(", ", ", ")"], mean: ["(", " + ", `) / ${divisor}`] }[form];
  const coloured = isColoured();
  const nodes = [];
  const fold = terms.length > MOST_TERMS && !unfolded ? MOST_TERMS / 2 : terms.length;
  terms.slice(0, fold).forEach((term, i) => {
    if (i > 0) nodes.push(separator);
    nodes.push(coloured ? element("span", term.text, { class: "term", style: `--fill: ${colourOf(...term.tap)}` }) : term.text);
  });
  if (fold < terms.length) {
    const more = element("button", words.moreTerms(terms.length - fold), { type: "button", class: "fold" });
    more.addEventListener("click", () => {
      unfolded = true;
      drawWindow();
    });
    nodes.push(separator, more);
  }
  if (terms.length === 0) nodes.push(form === "maximum" ? "" : "0");
  return [open, ...nodes, close];
}

function sayInput(place, met) {
  const { channels } = scened;
  const value = inputNumber(0, ...place);
  const name = `X${inChannel(channels.from + channels.first, channels.in)}${at(place)}${value === undefined ? "" : ` = ${value}`}`;
  if (!met) {
    byId("reads").textContent = "";
    return;
  }
  byId("reads").textContent = met.length === 0 ? words.usedByNone(name) : words.usedBy(name, met.length);
  const parts = met.slice(0, MOST_PAIRS).map(({ row, column }) => {
    const target = `Y${inChannel(channels.chosen, channels.out)}${at([row.output, column.output])}`;
    const weight = scened.kernel[0]?.[row.tap][column.tap];
    return weight === undefined ? target : `${target}: ×${weight}`;
  });
  byId("cell").textContent = words.list(parts) + (met.length > MOST_PAIRS ? ` ${words.moreTerms(met.length - MOST_PAIRS)}` : "");
}

function sayTap(place, met) {
  const { channels } = scened;
  const weight = scened.kernel[0]?.[place[0]][place[1]];
  const name = `K${channels.in * channels.out > 1 ? `[${channels.chosen}, ${channels.from + channels.first}]` : ""}${at(place)}${weight === undefined ? "" : ` = ${weight}`}`;
  if (!met) return;
  const real = met.filter(({ row, column }) => row.source >= 0 && column.source >= 0);
  byId("reads").textContent = words.tapMet(name, real.length, met.length - real.length);
  const parts = real.slice(0, MOST_PAIRS).map(({ row, column }) => `X${at([row.source, column.source])} → Y${at([row.output, column.output])}`);
  byId("cell").textContent = words.list(parts) + (real.length > MOST_PAIRS ? ` ${words.moreTerms(real.length - MOST_PAIRS)}` : "");
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
