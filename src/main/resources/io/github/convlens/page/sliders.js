// The numbers of one layer, each as a slider and a number box that show the same value.
const TYPES = ["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d", "Conv1d", "ConvTranspose1d", "MaxPool1d", "AvgPool1d"];
const isConvolution = (type) => type.startsWith("Conv");
const axesOf = (type) => (type.endsWith("1d") ? 1 : 2);
const isPlain = (type) => isConvolution(type) && !type.startsWith("ConvT");

// name: [least, most on the slider, default]; a pair has a number for each axis.
const PAIRS = {
  inputSize: [1, 40, 8],
  kernel: [1, 11, 3],
  stride: [1, 8, 1],
  padding: [0, 8, 0],
  after: [0, 8, 0],
  dilation: [1, 6, 1],
  output_padding: [0, 5, 0],
};
const SINGLES = { in: [1, 64, 1], out: [1, 64, 1], groups: [1, 16, 1] };
const CHECKS = { same: false, sides: false, bias: true, ceil: false, count_include_pad: true };
const PAD_LAYERS = { zeros: "ZeroPad", reflect: "ReflectionPad", replicate: "ReplicationPad", circular: "CircularPad" };

/** Whether a layer with these numbers has the number. */
function has(numbers, name) {
  const { type } = numbers;
  switch (name) {
    case "padding": return !(isPlain(type) && numbers.same);
    case "after": return isPlain(type) && numbers.sides && !numbers.same;
    case "sides": return isPlain(type) && !numbers.same;
    case "same": case "padding_mode": return isPlain(type);
    case "output_padding": return isConvolution(type) && !isPlain(type);
    case "dilation": return !type.startsWith("AvgPool");
    case "channels": case "groups": case "bias": return isConvolution(type);
    case "ceil": return !isConvolution(type);
    case "count_include_pad": return type.startsWith("AvgPool");
    case "both": return axesOf(type) === 2;
    default: return true;
  }
}

/** PyTorch's notation of the numbers; arguments that have their default are left out. */
function notation(numbers) {
  const { type } = numbers;
  const own = (pair) => (axesOf(type) === 1 ? pair.slice(1) : pair);
  const text = (pair) => (own(pair).every((n) => n === own(pair)[0]) ? `${own(pair)[0]}` : `(${own(pair).join(", ")})`);
  const differs = (one, other) => String(own(one)) !== String(own(other));
  const parts = isConvolution(type) ? [numbers.in, numbers.out] : [];
  parts.push(`kernel_size=${text(numbers.kernel)}`);
  if (differs(numbers.stride, isConvolution(type) ? [1, 1] : numbers.kernel)) parts.push(`stride=${text(numbers.stride)}`);
  const isSided = has(numbers, "after") && differs(numbers.padding, numbers.after);
  if (!has(numbers, "padding")) parts.push("padding='same'");
  else if (!isSided && differs(numbers.padding, [0, 0])) parts.push(`padding=${text(numbers.padding)}`);
  for (const [name, usual] of [["output_padding", [0, 0]], ["dilation", [1, 1]]]) {
    if (has(numbers, name) && differs(numbers[name], usual)) parts.push(`${name}=${text(numbers[name])}`);
  }
  if (has(numbers, "groups") && numbers.groups !== 1) parts.push(`groups=${numbers.groups}`);
  if (has(numbers, "bias") && !numbers.bias) parts.push("bias=False");
  if (has(numbers, "padding_mode") && numbers.padding_mode !== "zeros" && !isSided) parts.push(`padding_mode='${numbers.padding_mode}'`);
  if (has(numbers, "ceil") && numbers.ceil) parts.push("ceil_mode=True");
  if (has(numbers, "count_include_pad") && !numbers.count_include_pad) parts.push("count_include_pad=False");
  const layer = `nn.${type}(${parts.join(", ")})`;
  if (!isSided) return layer;
  const lastAxisFirst = own([0, 1]).reverse().flatMap((axis) => [numbers.padding[axisOf(type, axis)], numbers.after[axisOf(type, axis)]]);
  return `nn.Sequential(nn.${PAD_LAYERS[numbers.padding_mode]}${axesOf(type)}d((${lastAxisFirst.join(", ")})), ${layer})`;
}

const axisOf = (type, axis) => (axesOf(type) === 1 ? 1 : axis);

/** The sizes of an input, or nothing where it cannot be read. */
function sizesIn(text) {
  return /^[\s([]*\d+([x,\s]+\d+)*[\s)\]]*$/.test(text) ? text.match(/\d+/g).map(Number) : undefined;
}

/** The input with other sizes, in the rank that the user wrote it in. */
function inputWith(text, numbers) {
  const front = (sizesIn(text) ?? []).slice(0, -numbers.wasAxes || undefined);
  if (front.length > 0 && isConvolution(numbers.type)) front[front.length - 1] = numbers.in;
  return [...front, ...numbers.inputSize.slice(-axesOf(numbers.type))].join("x");
}

/** The height and width of an input, or nothing where it cannot be read. */
function sizesOf(text) {
  const sizes = sizesIn(text);
  if (!sizes?.every((s) => s > 0)) return undefined;
  return sizes.length === 1 ? [sizes[0], sizes[0]] : sizes.slice(-2);
}

/** Makes the controls; `changed` is called with the numbers whenever one is moved. */
class Sliders {
  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    this.numbers = { type: "Conv2d", padding_mode: "zeros", ...CHECKS, wasAxes: 2 };
    for (const [name, [, , usual]] of Object.entries(PAIRS)) this.numbers[name] = [usual, usual];
    for (const [name, [, , usual]] of Object.entries(SINGLES)) this.numbers[name] = usual;
    this.wantsBoth = this.both = true;
    this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Takes over what a layer says. */
  set(numbers, inputSize) {
    const usual = { groups: 1, output_padding: [0, 0], dilation: [1, 1], padding_mode: "zeros", ...CHECKS };
    Object.assign(this.numbers, usual, structuredClone(numbers));
    this.numbers.after = [...(numbers.after ?? this.numbers.padding)];
    this.numbers.sides = String(this.numbers.after) !== String(this.numbers.padding);
    this.numbers.wasAxes = axesOf(numbers.type);
    if (inputSize) this.numbers.inputSize = inputSize;
    this.both = this.wantsBoth && this.axesAgree();
    this.show();
  }

  /** Whether no number of the layer differs between height and width. */
  axesAgree() {
    const { numbers } = this;
    const pairs = Object.keys(PAIRS).filter((name) => name !== "inputSize" && has(numbers, name));
    return axesOf(numbers.type) === 1 || pairs.every((name) => numbers[name][0] === numbers[name][1]);
  }

  /** Whether a text is what the numbers say. */
  say(text) {
    return notation(this.numbers) === text;
  }

  /** Writes labels in the page's language; builds the controls anew. */
  build(words) {
    const heads = this.element("div", { class: "line heads", "data-group": "heads", "aria-hidden": "true" });
    heads.append(this.element("span", {}), this.element("span", { class: "head-height" }, words.height), this.element("span", { class: "head-width" }, words.width));
    const channels = this.line("channels", words.channels, [this.number("in", undefined, words.in), this.number("out", undefined, words.out)]);
    const checks = this.element("div", { class: "checks" });
    for (const name of ["both", "same", "sides", "bias", "ceil", "count_include_pad"]) checks.append(this.checkbox(name, words[name]));
    this.form.replaceChildren(
      this.select("type", TYPES, words.type, words), heads, this.pair("inputSize", words), channels,
      ...["kernel", "stride", "padding", "after", "output_padding", "dilation"].map((name) => this.pair(name, words)),
      this.line("groups", words.groups, [this.number("groups", undefined, words.groups)]),
      this.select("padding_mode", Object.keys(PAD_LAYERS), words.padding_mode, words), checks);
    this.show();
  }

  select(name, values, text, words) {
    const line = this.element("div", { class: "line", "data-group": name });
    const select = this.element("select", { id: name });
    for (const value of values) select.append(this.element("option", { value }, words.modes[value] ?? value));
    select.addEventListener("change", () => {
      const usual = () => (isConvolution(this.numbers.type) ? [1, 1] : [...this.numbers.kernel]);
      const hasUsual = String(this.numbers.stride) === String(usual());
      this.numbers[name] = select.value;
      if (hasUsual) this.numbers.stride = usual();
      this.moved();
    });
    line.append(this.element("label", { for: name }, text), select);
    return line;
  }

  pair(name, words) {
    return this.line(name, words[name], [this.number(name, 0, words.height), this.number(name, 1, words.width)]);
  }

  line(name, text, controls) {
    const line = this.element("div", { class: "line", role: "group", "data-group": name, "aria-label": text });
    line.append(this.element("span", { class: "name", "aria-hidden": "true" }, text), ...controls);
    return line;
  }

  number(name, axis, text) {
    const id = axis === undefined ? `n-${name}` : `n-${name}-${axis === 0 ? "height" : "width"}`;
    const [least, most] = PAIRS[name] ?? SINGLES[name];
    const box = this.element("div", { class: "control", "data-name": name, "data-axis": axis ?? "" });
    const label = this.labelOf(name, text);
    const range = this.element("input", { type: "range", id: `${id}-slider`, min: least, max: most, "aria-label": label });
    const field = this.element("input", { type: "number", id, min: least, step: 1, "aria-label": label, title: text });
    for (const control of [range, field]) {
      control.addEventListener("input", () => {
        if (control.value !== "") this.take(name, axis, Number(control.value));
      });
    }
    box.append(range, field);
    return box;
  }

  labelOf(name, text) {
    return name in PAIRS ? `${WORDS[language][name]}, ${text}` : text;
  }

  checkbox(name, text) {
    const field = this.element("div", { class: "check", "data-group": name });
    const box = this.element("input", { type: "checkbox", id: `n-${name}` });
    box.addEventListener("change", () => {
      if (name === "both") {
        this.wantsBoth = this.both = box.checked;
        return; // says how the next number is moved, and changes none itself
      }
      this.numbers[name] = box.checked;
      if (name === "sides") this.numbers.after = [...this.numbers.padding];
      this.moved();
    });
    field.append(box, this.element("label", { for: `n-${name}` }, text));
    return field;
  }

  take(name, axis, value) {
    const numbers = this.numbers;
    if (axis === undefined) numbers[name] = value;
    else if (this.both && name !== "inputSize" && axesOf(numbers.type) === 2) numbers[name] = [value, value];
    else numbers[name][axis] = value;
    if (name === "padding" && !numbers.sides) numbers.after = [...numbers.padding];
    this.moved();
  }

  moved() {
    this.show();
    this.changed(this.numbers);
    this.numbers.wasAxes = axesOf(this.numbers.type);
  }

  /** Shows the numbers, and only those that the type has. */
  show() {
    const { numbers } = this;
    this.form.classList.toggle("sequence", axesOf(numbers.type) === 1);
    for (const box of this.form.querySelectorAll(".control")) {
      const value = box.dataset.axis === "" ? numbers[box.dataset.name] : numbers[box.dataset.name][box.dataset.axis];
      box.hidden = axesOf(numbers.type) === 1 && box.dataset.axis === "0";
      for (const control of box.querySelectorAll("input")) {
        if (control !== document.activeElement || Number(control.value) !== value) control.value = value;
      }
    }
    for (const group of this.form.querySelectorAll("[data-group]")) group.hidden = !has(numbers, group.dataset.group);
    const find = (id) => this.form.querySelector(id);
    if (!find("#type")) return;
    find("#type").value = numbers.type;
    find("#padding_mode").value = numbers.padding_mode;
    find("#n-both").checked = this.both;
    for (const name of Object.keys(CHECKS)) find(`#n-${name}`).checked = numbers[name];
    const padding = find("[data-group=padding] .name");
    padding.textContent = numbers.sides && isPlain(numbers.type) ? WORDS[language].before : WORDS[language].padding;
    find(".head-height").hidden = axesOf(numbers.type) === 1;
    find(".head-width").textContent = axesOf(numbers.type) === 1 ? WORDS[language].length : WORDS[language].width;
  }

  element(name, attributes, text) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }
}
