// Channels: which inputs make the chosen output, and a 1x1 convolution as a matrix product.
const MOST_DOTS = 64;
const MOST_LINES = 400; // more are a grey area

function showChannels() {
  const { channels } = scened;
  byId("channels").hidden = channels.in * channels.out === 1;
  if (byId("channels").hidden) return;
  const isPool = !hasKernel();
  byId("channels-text").textContent = channels.depth === 1 && channels.groups > 1
    ? (isPool ? words.eachChannel(channels.in) : words.depthwise(channels.in, channels.out))
    : channels.groups > 1 ? words.grouped(channels.groups, channels.depth, channels.out / channels.groups) : words.allChannels(channels.in, channels.out);
  if (Math.max(channels.in, channels.out) > MOST_DOTS) byId("channels-text").textContent += ` ${words.mapCut(MOST_DOTS)}`;
  for (const [id, value, most, key] of [["out-channel", channels.chosen, channels.out - 1, "out"], ["first-channel", channels.first, channels.depth - 1, "first"]]) {
    const field = byId(id);
    field.max = most;
    if (document.activeElement !== field || Number(field.value) !== state[key]) field.value = value;
  }
  byId("out-field").hidden = channels.out === 1;
  byId("first-field").hidden = channels.depth <= layout.many && channels.first === 0;
  drawMap(byId("channel-map"));
}

/** Input channels above, output channels below, and lines between those that belong together. */
function drawMap(svg) {
  const { channels } = scened;
  const [inputs, outputs] = [Math.min(channels.in, MOST_DOTS), Math.min(channels.out, MOST_DOTS)];
  const width = Math.min(640, Math.max(160, Math.max(inputs, outputs) * 22));
  const height = 62;
  const at = (index, count) => ((index + 0.5) * width) / count;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.setAttribute("aria-label", words.mapLabel(channels.in, channels.out, channels.groups));
  const perGroup = [channels.in / channels.groups, channels.out / channels.groups];
  const line = (input, output, isChosen) => svg.append(shape("line", {
    x1: at(input, inputs), y1: 12, x2: at(output, outputs), y2: height - 12,
    stroke: `var(--${isChosen ? "out-line" : "cell-line"})`, "stroke-width": isChosen && inputs <= 24 ? 2 : 0.6, class: isChosen ? "used" : "other",
  }));
  const isIn = (input, output) => Math.floor(input / perGroup[0]) === Math.floor(output / perGroup[1]);
  for (const chosen of [false, true]) {
    for (let output = 0; output < outputs; output++) {
      if ((output === channels.chosen) !== chosen || (!chosen && perGroup[0] * outputs > MOST_LINES)) continue;
      for (let input = 0; input < inputs; input++) if (isIn(input, output)) line(input, output, chosen);
    }
  }
  const dot = (index, count, y, isChosen, text) => {
    const size = Math.min(16, (width / count) * 0.8);
    svg.append(shape("rect", {
      x: at(index, count) - size / 2, y: y - size / 2, width: size, height: size, stroke: "var(--cell-line)",
      fill: `var(--${isChosen ? "out" : "cell"})`, ...(y > 20 ? { "data-out": index, class: "dot" } : {}),
    }));
    if (size >= 12) svg.append(shape("text", { x: at(index, count), y, "font-size": 10, "text-anchor": "middle", "dominant-baseline": "central", fill: "var(--cell-text)", "pointer-events": "none" }, text));
  };
  for (let input = 0; input < inputs; input++) dot(input, inputs, 10, isIn(input, channels.chosen), input);
  for (let output = 0; output < outputs; output++) dot(output, outputs, height - 10, output === channels.chosen, output);
}

byId("channel-map").addEventListener("click", (event) => {
  const out = event.target.dataset?.out;
  if (out !== undefined) ask({ out: Number(out), first: 0 });
});
for (const [id, key] of [["out-channel", "out"], ["first-channel", "first"]]) {
  byId(id).addEventListener("input", () => {
    const value = Number(byId(id).value);
    if (byId(id).value !== "" && Number.isInteger(value) && value >= 0) ask({ [key]: value });
  });
}

/** A 1x1 convolution: the kernel as a matrix times the input, a column for each position. */
function showMatrix() {
  const { matrix, channels } = scened;
  byId("matrix").hidden = !matrix || channels.in * channels.out === 1;
  if (byId("matrix").hidden) return;
  const position = state.cell[0] * scened.width.output + state.cell[1];
  const columns = matrix.x[0].length;
  const across = channels.in + 2 * columns;
  const side = Math.max(20, Math.min(44, (byId("drawing").clientWidth - 3 * 40) / across));
  const draw = (id, rows, marks) => drawGrid(byId(id), {
    rows: rows.length, columns: rows[0].length, firstRow: 0, firstColumn: 0, axes: true, frames: [],
    inner: place(span(0, rows.length), span(0, rows[0].length)), marks, text: (row, column) => rows[row][column],
  }, side, byId(id).parentElement.querySelector("figcaption").textContent);
  byId("matrix-k-caption").textContent = words.matrixK(channels.out, channels.in);
  byId("matrix-x-caption").textContent = words.matrixX(channels.in, columns);
  byId("matrix-y-caption").textContent = words.matrixY(channels.out, columns);
  draw("matrix-k", matrix.k, [place(span(channels.chosen, 1), span(0, channels.in), "tap")]);
  draw("matrix-x", matrix.x, [place(span(0, channels.in), span(position, 1), "tap")]);
  draw("matrix-y", matrix.y, [cellAt(channels.chosen, position, "out")]);
}
