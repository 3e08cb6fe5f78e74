// The numbers of one layer, each as a slider and a number box that show the same value.
const TYPES = ["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"];
const isConvolution = (type) => type.startsWith("Conv");

// name: [least, most on the slider, default]; a pair has a number for each axis.
const PAIRS = {
  inputSize: [1, 40, 8],
  kernel: [1, 11, 3],
  stride: [1, 8, 1],
  padding: [0, 8, 0],
  dilation: [1, 6, 1],
  output_padding: [0, 5, 0],
};
const SINGLES = { in: [1, 64, 1], out: [1, 64, 1], groups: [1, 16, 1] };

/** Whether a layer of this type has the number. */
function has(type, name) {
  if (name === "output_padding") return type === "ConvTranspose2d";
  if (name === "dilation") return type !== "AvgPool2d";
  return name in PAIRS || isConvolution(type);
}

/** PyTorch's notation of the numbers; arguments that have their default are left out. */
function notation(numbers) {
  const pair = ([height, width]) => (height === width ? `${height}` : `(${height}, ${width})`);
  const parts = isConvolution(numbers.type) ? [numbers.in, numbers.out] : [];
  parts.push(`kernel_size=${pair(numbers.kernel)}`);
  const add = (name, value, usual) => {
    if (has(numbers.type, name) && String(value) !== String(usual)) parts.push(`${name}=${pair(value)}`);
  };
  add("stride", numbers.stride, isConvolution(numbers.type) ? [1, 1] : numbers.kernel);
  add("padding", numbers.padding, [0, 0]);
  add("output_padding", numbers.output_padding, [0, 0]);
  add("dilation", numbers.dilation, [1, 1]);
  if (isConvolution(numbers.type)) {
    if (numbers.groups !== 1) parts.push(`groups=${numbers.groups}`);
  } else if (numbers.ceil) {
    parts.push("ceil_mode=True");
  }
  return `nn.${numbers.type}(${parts.join(", ")})`;
}

/** The input with other sizes, in the rank that the user wrote it in. */
function inputWith(text, [height, width], channels) {
  const sizes = text.split("x");
  const front = sizes.slice(0, -2);
  if (front.length > 0 && channels !== undefined) front[front.length - 1] = channels;
  return [...front, height, width].join("x");
}

/** The height and width of an input, or nothing where it cannot be read. */
function sizesOf(text) {
  const sizes = text.split("x").map(Number);
  return sizes.length >= 2 && sizes.every((s) => Number.isInteger(s) && s > 0) ? sizes.slice(-2) : undefined;
}

/** Makes the controls; `changed` is called with the numbers whenever one is moved. */
class Sliders {
  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    this.numbers = { type: "Conv2d", ceil: false };
    for (const [name, [, , usual]] of Object.entries(PAIRS)) this.numbers[name] = [usual, usual];
    for (const [name, [, , usual]] of Object.entries(SINGLES)) this.numbers[name] = usual;
    this.both = true;
    this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Takes over what a layer says. */
  set(numbers, inputSize) {
    const usual = { groups: 1, output_padding: [0, 0], dilation: [1, 1], ceil: false };
    Object.assign(this.numbers, usual, structuredClone(numbers));
    if (inputSize) this.numbers.inputSize = inputSize;
    if (Object.keys(PAIRS).some((name) => this.numbers[name][0] !== this.numbers[name][1])) this.both = false;
    this.show();
  }

  /** Writes labels in the page's language; builds the controls anew. */
  build(words) {
    const children = [this.typeField(words)];
    children.push(this.pair("inputSize", words));
    const channels = this.element("div", { class: "pair" });
    channels.append(this.number("in", undefined, words.in), this.number("out", undefined, words.out));
    children.push(this.fieldset("channels", "", [channels]));
    children.push(this.checkbox("both", words.both));
    for (const name of ["kernel", "stride", "padding", "output_padding", "dilation"]) children.push(this.pair(name, words));
    children.push(this.fieldset("groups", "", [this.number("groups", undefined, words.groups)]));
    children.push(this.checkbox("ceil", words.ceil));
    this.form.replaceChildren(...children);
    this.show();
  }

  typeField(words) {
    const field = this.element("div", { class: "field" });
    const label = this.element("label", { for: "type" }, words.type);
    const select = this.element("select", { id: "type" });
    for (const type of TYPES) select.append(this.element("option", { value: type }, type));
    select.addEventListener("change", () => {
      this.numbers.type = select.value;
      if (!isConvolution(select.value)) this.numbers.stride = [...this.numbers.kernel];
      this.moved();
    });
    field.append(label, select);
    return field;
  }

  pair(name, words) {
    const pair = this.element("div", { class: "pair" });
    pair.append(this.number(name, 0, words.height), this.number(name, 1, words.width));
    return this.fieldset(name, words[name], [pair]);
  }

  fieldset(name, legend, children) {
    const fieldset = this.element("fieldset", { "data-group": name });
    if (legend) fieldset.append(this.element("legend", {}, legend));
    fieldset.append(...children);
    return fieldset;
  }

  number(name, axis, text) {
    const id = axis === undefined ? `n-${name}` : `n-${name}-${axis === 0 ? "height" : "width"}`;
    const [least, most] = PAIRS[name] ?? SINGLES[name];
    const box = this.element("div", { class: "control", "data-name": name, "data-axis": axis ?? "" });
    const label = this.element("label", { for: id }, text);
    const range = this.element("input", { type: "range", id: `${id}-slider`, min: least, max: most, "aria-label": this.labelOf(name, text) });
    const field = this.element("input", { type: "number", id, min: least, step: 1, "aria-label": this.labelOf(name, text) });
    for (const control of [range, field]) {
      control.addEventListener("input", () => {
        if (control.value !== "") this.take(name, axis, Number(control.value));
      });
    }
    box.append(label, range, field);
    return box;
  }

  labelOf(name, text) {
    return name in PAIRS ? `${WORDS[language][name]}, ${text}` : text;
  }

  checkbox(name, text) {
    const field = this.element("div", { class: "check", "data-group": name });
    const box = this.element("input", { type: "checkbox", id: `n-${name}` });
    box.addEventListener("change", () => {
      if (name === "ceil") this.numbers.ceil = box.checked;
      else this.both = box.checked;
      if (this.both) for (const pair of Object.keys(PAIRS)) this.numbers[pair][1] = this.numbers[pair][0];
      this.moved();
    });
    field.append(box, this.element("label", { for: `n-${name}` }, text));
    return field;
  }

  take(name, axis, value) {
    if (axis === undefined) this.numbers[name] = value;
    else if (this.both) this.numbers[name] = [value, value];
    else this.numbers[name][axis] = value;
    this.moved();
  }

  moved() {
    this.show();
    this.changed(this.numbers);
  }

  /** Shows the numbers, and only those that the type has. */
  show() {
    const type = this.numbers.type;
    for (const box of this.form.querySelectorAll(".control")) {
      const value = box.dataset.axis === "" ? this.numbers[box.dataset.name] : this.numbers[box.dataset.name][box.dataset.axis];
      for (const control of box.querySelectorAll("input")) {
        if (control !== document.activeElement || Number(control.value) !== value) control.value = value;
      }
    }
    for (const group of this.form.querySelectorAll("[data-group]")) {
      const name = group.dataset.group;
      if (name === "channels" || name === "groups") group.hidden = !isConvolution(type);
      else if (name === "ceil") group.hidden = isConvolution(type);
      else if (name !== "both") group.hidden = !has(type, name);
    }
    const find = (id) => this.form.querySelector(id);
    if (find("#type")) {
      find("#type").value = type;
      find("#n-both").checked = this.both;
      find("#n-ceil").checked = this.numbers.ceil;
    }
  }

  element(name, attributes, text) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }
}
