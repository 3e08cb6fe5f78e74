// Two questions side by side, each with its own layers and input, and what "same" padding means to
// whom. All numbers are the core's.
const preset = (name) => {
  const net = NETS.find((known) => known.name === name);
  return [net.layers, net.input];
};

// name: [left layers, left input, right layers, right input]
const READY = {
  stride: () => ["nn.Conv2d(1, 1, 3, padding=1)", "8x8", "nn.Conv2d(1, 1, 3, padding=1, stride=2)", "8x8"],
  padding: () => ["nn.Conv2d(1, 1, 3, padding=1)", "8x8", "nn.Conv2d(1, 1, 3)", "8x8"],
  dilation: () => ["nn.Conv2d(1, 1, 3)", "8x8", "nn.Conv2d(1, 1, 3, dilation=2)", "8x8"],
  ceil: () => ["nn.MaxPool2d(3, stride=2)", "8x8", "nn.MaxPool2d(3, stride=2, ceil_mode=True)", "8x8"],
  stacks: () => ["nn.Conv2d(64, 64, 5, padding=2)", "64x28x28",
    "nn.Sequential(nn.Conv2d(64, 64, 3, padding=1), nn.Conv2d(64, 64, 3, padding=1))", "64x28x28"],
  separable: () => ["nn.Conv2d(64, 128, 3, padding=1)", "64x28x28",
    "nn.Sequential(nn.Conv2d(64, 64, 3, padding=1, groups=64), nn.Conv2d(64, 128, 1))", "64x28x28"],
  pooling: () => ["nn.MaxPool2d(2)", "16x8x8", "nn.Conv2d(16, 16, 3, padding=1, stride=2)", "16x8x8"],
  transposed: () => ["nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1)", "4x4",
    "nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1)", "4x4"],
  resnets: () => [...preset("resnet18"), ...preset("resnet50")],
};

const comparison = {
  asked: [{ layers: "", input: "" }, { layers: "", input: "" }],
  cell: [0, 0],
  isSame: false,

  /** Writes the two sides in the page's language. */
  build() {
    byId("ready").replaceChildren(element("option", words.choose, { value: "" }),
        ...Object.entries(words.readyNames).map(([name, text]) => element("option", text, { value: name })));
    byId("compared").replaceChildren(...[0, 1].map((side) => this.side(side)));
    byId("same-numbers").replaceChildren(...["kernel", "stride", "inputSize"].map((name) => this.number(name)));
    if (byId("compare-open").open) this.show();
  },

  side(side) {
    const box = element("div", "", { class: "side" });
    const layers = element("textarea", "", { id: `layers-${side}`, rows: 3, spellcheck: "false", "aria-label": `${words.layers}, ${words.sides[side]}` });
    const input = element("input", "", { id: `input-${side}`, type: "text", spellcheck: "false", "aria-label": `${words.input}, ${words.sides[side]}` });
    layers.value = this.asked[side].layers;
    input.value = this.asked[side].input;
    layers.addEventListener("input", () => this.typed(side, { layers: layers.value }));
    input.addEventListener("input", () => this.typed(side, { input: input.value }));
    box.append(layers, input, element("p", "", { id: `shape-${side}`, class: "shape" }), element("pre", "", { id: `error-${side}`, class: "error", hidden: "" }),
        element("div", "", { id: `drawn-${side}`, class: "drawn" }));
    return box;
  },

  number(name) {
    const field = element("div", "", { class: "field" });
    const usual = { kernel: 4, stride: 1, inputSize: 8 }[name];
    const input = element("input", "", { type: "number", id: `same-${name}`, min: 1, max: 40, value: byId(`same-${name}`)?.value ?? usual });
    input.addEventListener("input", () => this.showSame());
    field.append(element("label", words[name], { for: `same-${name}` }), input);
    return field;
  },

  typed(side, change) {
    Object.assign(this.asked[side], change);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.show(), 60);
  },

  /** Shows both questions; a ready comparison, or what a link says. */
  ask(left, right) {
    this.isSame = false;
    this.asked = [left, right];
    this.cell = [0, 0];
    for (const side of [0, 1]) {
      byId(`layers-${side}`).value = this.asked[side].layers;
      byId(`input-${side}`).value = this.asked[side].input;
    }
    byId("compare-open").open = true;
    this.show();
  },

  show() {
    byId("pairs").hidden = this.isSame;
    byId("same").hidden = !this.isSame;
    if (this.isSame) {
      this.showSame();
      return;
    }
    const [left, right] = this.asked;
    const found = JSON.parse(compare(left.layers, left.input.trim(), right.layers, right.input.trim()));
    [found.left, found.right].forEach(({ error, shape: text }, side) => {
      byId(`shape-${side}`).textContent = text ?? "";
      byId(`error-${side}`).hidden = error === null;
      byId(`error-${side}`).textContent = error ?? "";
    });
    this.showFacts(found);
    this.showRows(found.rows);
    this.drawable = found.rows.length === 0 ? [-1, -1]
      : ["left", "right"].map((side) => found.rows.find((pair) => pair[side]?.window)?.[side].place ?? -1);
    this.draw();
    remember(false);
  },

  showFacts({ facts, rows }) {
    const head = element("tr", "");
    head.append(element("th", ""), ...words.sides.map((side) => element("th", side, { scope: "col" })), element("th", ""));
    byId("facts").tHead.replaceChildren(...(facts.length > 0 ? [head] : []));
    byId("facts").tBodies[0].replaceChildren(...facts.map(({ name, left, right }) => {
      const row = element("tr", "", left === right ? {} : { class: "differs" });
      row.append(element("th", words.facts[name], { scope: "row" }), element("td", left), element("td", right), element("td", this.factor(left, right)));
      return row;
    }));
    const count = facts.filter(({ left, right }) => left !== right).length + rows.filter((pair) => !this.isEqual(pair)).length;
    byId("difference").textContent = facts.length > 0 ? words.differs(count) : "";
  },

  /** How many times the left the right is. */
  factor(left, right) {
    const [one, other] = [left, right].map((text) => (/^[\d,]+$/.test(text) ? countOf(text) : NaN));
    return one > 0 && other > 0 && one !== other ? words.times(Number((other / one).toPrecision(3))) : "";
  },

  isEqual({ left, right }) {
    return left !== null && right !== null && ["notation", "output", "field"].every((name) => left[name] === right[name]);
  },

  showRows(rows) {
    byId("matched-title").hidden = rows.length < 2;
    const lines = rows.length < 2 ? [] : rows.slice(0, 1000);
    byId("matched").tBodies[0].replaceChildren(...lines.map((pair) => {
      const row = element("tr", "", this.isEqual(pair) ? {} : { class: "differs" });
      ["left", "right"].forEach((side, index) => {
        const layer = pair[side];
        const other = pair[side === "left" ? "right" : "left"];
        const cell = element("td", "", { class: layer ? "layer" : "layer none" });
        if (layer) {
          cell.append(element("span", layer.path, { class: "path" }), " ", ...marked(layer.notation, other?.notation), " → ", ...marked(layer.output, other?.output));
        } else {
          cell.textContent = words.only(words.sides[1 - index]);
        }
        row.append(cell);
      });
      return row;
    }));
  },

  /** The first window of each side, over one and the same output. */
  draw() {
    this.drawable.forEach((place, side) => {
      const found = place < 0 ? {} : JSON.parse(sceneOf(side, place));
      if (found.drawable) {
        const reads = JSON.parse(lookOf(side, place, ...this.cell.map(String)));
        for (const axis of ["height", "width"]) Object.assign(found[axis], reads[axis]);
      }
      byId(`drawn-${side}`).replaceChildren(...(found.drawable ? smallWindow(found, (cell) => {
        this.cell = cell;
        this.draw();
      }) : []));
    });
  },

  showSame() {
    const [kernel, stride, input] = ["kernel", "stride", "inputSize"].map((name) => Math.min(40, Math.max(1, Math.floor(Number(byId(`same-${name}`).value)) || 1)));
    const found = JSON.parse(samePaddings(kernel, stride, input));
    const authors = found.authors ?? [];
    const most = (name) => Math.max(0, ...authors.map((author) => author[name] ?? 0));
    const frame = { before: most("before"), after: most("after"), kernel, stride, input };
    const first = authors[0];
    byId("same-rows").replaceChildren(...authors.map((author) => {
      const box = element("div", "", { class: "author" });
      const differs = author.rejection !== null || author.before !== first.before || author.after !== first.after;
      const text = author.rejection === null ? words.sameOutput(author.before, author.after, author.output) : `${words.rejected} ${author.rejection.split("\n")[0]}`;
      const line = element("p", "", {});
      line.append(element("strong", words.authors[author.author]), ": ", element("span", text, differs ? { class: "differs" } : {}));
      box.append(line);
      if (author.rejection === null) box.append(axisWith(author, frame));
      return box;
    }));
  },
};

/** A text with the arguments that another lacks marked: those with a name by it, others by place. */
function marked(text, other) {
  if (other === undefined || text === other) return [text];
  const [head, own, tail] = argumentsOf(text);
  const [otherHead, theirs] = argumentsOf(other);
  if (head !== otherHead) return [element("mark", text)];
  const isThere = (part, place) => (part.includes("=") ? theirs.includes(part) : theirs[place] === part);
  return [head, ...own.flatMap((part, place) => [...(place > 0 ? [", "] : []), isThere(part, place) ? part : element("mark", part)]), tail];
}

/** `Conv2d(1, 1, kernel_size=(3, 3))` as what stands in front, the arguments, and what is behind. */
function argumentsOf(text) {
  const open = text.search(/[([]/);
  if (open < 0) return [text, [], ""];
  const parts = [];
  let depth = 0;
  let from = open + 1;
  for (let i = open; i < text.length; i++) {
    if ("([".includes(text[i])) depth++;
    if (")]".includes(text[i])) depth--;
    if ((text[i] === "," && depth === 1) || depth === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
      if (depth === 0) return [text.slice(0, open + 1), parts, text.slice(i)];
    }
  }
  return [text, [], ""];
}

/** Input and output of a window, small; a click on an output chooses it. */
function smallWindow({ height, width }, chosen) {
  const [rows, columns] = [height, width].map(({ from, count }) => span(from, count));
  const side = Math.max(0.5, Math.min(22, 230 / Math.max(rows.count, columns.count)));
  const input = shape("svg", { role: "img" });
  plainGrid(input, [[rows.first, rows.first + rows.count], [columns.first, columns.first + columns.count]], side, words.inputLabel(height.input, width.input));
  input.querySelector(".plain").classList.add("padded");
  input.append(shape("rect", { x: -columns.first * side, y: -rows.first * side, width: width.input * side, height: height.input * side, class: "plain" }));
  for (const mark of marksOf(height.taps, width.taps)) {
    input.append(shape("rect", { x: (mark.column - columns.first) * side, y: (mark.row - rows.first) * side, width: mark.columns * side, height: mark.rows * side, class: "seen" }));
  }
  gridOver(input, [[0, rows.count], [0, columns.count]], side);
  if (height.taps.count > 0 && width.taps.count > 0) {
    const [down, across] = [reach(height.taps), reach(width.taps)];
    input.append(shape("rect", { x: (across.first - columns.first) * side, y: (down.first - rows.first) * side, width: across.count * side, height: down.count * side, class: "seen-frame" }));
  }
  const output = shape("svg", { role: "img", class: "choosable" });
  const small = Math.max(0.5, Math.min(22, 150 / Math.max(height.output, width.output)));
  plainGrid(output, [[0, height.output], [0, width.output]], small, words.outputLabel(height.output, width.output));
  gridOver(output, [[0, height.output], [0, width.output]], small);
  output.append(shape("rect", { x: width.at * small, y: height.at * small, width: Math.max(4, small), height: Math.max(4, small), class: "map-cell" }));
  output.addEventListener("click", (event) => {
    const box = output.getBoundingClientRect();
    const place = (from, length, count) => Math.max(0, Math.min(count - 1, Math.floor(from / length * count)));
    chosen([place(event.clientY - box.top, box.height, height.output), place(event.clientX - box.left, box.width, width.output)]);
  });
  return [input, output];
}

/** One axis of an author's padding, with the first and the last window. */
function axisWith({ before, after, output }, frame) {
  const side = Math.min(26, 900 / (frame.before + frame.input + frame.after));
  const svg = shape("svg", { role: "img", "aria-hidden": "true" });
  const x = (position) => (position + frame.before) * side;
  plainGrid(svg, [[0, 1], [0, frame.before + frame.input + frame.after]], side, "");
  svg.querySelector(".plain").remove();
  for (let position = -before; position < frame.input + after; position++) {
    const isInput = position >= 0 && position < frame.input;
    svg.append(shape("rect", { x: x(position), y: 0, width: side, height: side, class: isInput ? "plain" : "plain padded" }));
  }
  const window = (at, kind) => shape("rect", { x: x(at * frame.stride - before), y: 1, width: frame.kernel * side, height: side - 2, class: kind });
  svg.append(window(0, "seen-frame"));
  if (output > 1) svg.append(window(output - 1, "seen-frame last"));
  return svg;
}

byId("ready").addEventListener("change", () => {
  const name = byId("ready").value;
  if (name === "same") {
    comparison.isSame = true;
    comparison.show();
    remember(false);
  } else if (name in READY) {
    const [layers, input, otherLayers, otherInput] = READY[name]();
    comparison.ask({ layers, input }, { layers: otherLayers, input: otherInput });
  }
  byId("ready").value = "";
});
byId("compare-this").addEventListener("click", () => {
  comparison.ask({ layers: state.layers, input: state.input }, comparison.asked[1].layers === "" ? { layers: state.layers, input: state.input } : comparison.asked[1]);
});
byId("swap").addEventListener("click", () => comparison.ask(comparison.asked[1], comparison.asked[0]));
byId("compare-open").addEventListener("toggle", () => {
  if (!byId("compare-open").open) return;
  if (comparison.asked[0].layers === "" && !comparison.isSame) {
    comparison.ask({ layers: state.layers, input: state.input }, { layers: state.layers, input: state.input });
  } else {
    comparison.show();
  }
});

/** What a link says of the comparison. */
comparison.remember = (fields) => {
  if (!byId("compare-open").open) return;
  if (comparison.isSame) {
    fields.set("same", ["kernel", "stride", "inputSize"].map((name) => byId(`same-${name}`).value).join(","));
    return;
  }
  ["left", "right"].forEach((name, side) => {
    fields.set(name, comparison.asked[side].layers);
    fields.set(`${name}Input`, comparison.asked[side].input);
  });
};
comparison.recall = (fields) => {
  if (fields.has("same")) {
    fields.get("same").split(",").slice(0, 3).forEach((value, index) => { byId(`same-${["kernel", "stride", "inputSize"][index]}`).value = value; });
    comparison.isSame = true;
    comparison.asked = [{ layers: state.layers, input: state.input }, { layers: state.layers, input: state.input }];
    byId("compare-open").open = true;
  } else if (fields.has("left") && fields.has("right")) {
    const asked = (name) => ({ layers: fields.get(name), input: fields.get(`${name}Input`) ?? "" });
    comparison.ask(asked("left"), asked("right"));
  }
};
