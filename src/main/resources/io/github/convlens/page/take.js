// What can be taken away: a picture of what is drawn, its steps as an animation, the layers as a
// script. All of it is made here, and given as a file.
Object.assign(WORDS.en, {
  pictures: "To take away", takeWhat: "A picture of",
  takeSteps: "Animation of the steps (APNG)", takeScript: "Copy a Python script",
  takeParts: { drawing: "the window", sees: "what one output sees", graph: "the graph", "curve-list": "the curves", compared: "the comparison" },
  taking: (done, all) => `Step ${done} of ${all} ...`,
  taken: (name) => `${name} is made.`,
  takenFirst: (name, shown, all) => `${name} is made: every step up to ${shown} of ${all}.`,
  notTaken: "The picture cannot be made: it is too large.",
  copiedHere: "Copied. The link is to a file: it works on this machine only. Put the page on a web server for a link that works for others.",
});
Object.assign(WORDS.zh, {
  pictures: "带走", takeWhat: "图片内容：",
  takeSteps: "逐步动画（APNG）", takeScript: "复制 Python 脚本",
  takeParts: { drawing: "窗口", sees: "一个输出看到什么", graph: "结构图", "curve-list": "曲线", compared: "比较" },
  taking: (done, all) => `第 ${done} 步，共 ${all} 步……`,
  taken: (name) => `已生成 ${name}。`,
  takenFirst: (name, shown, all) => `已生成 ${name}：共 ${all} 步，取前 ${shown} 步。`,
  notTaken: "图片太大，无法生成。",
  copiedHere: "已复制。这个链接指向本机的文件，只在这台机器上有效。把页面放到网站上，链接才能给别人用。",
});

const DRAWN_STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family",
  "font-weight", "text-anchor", "dominant-baseline", "vector-effect", "image-rendering"];
const MOST_STEPS = 100;
const MOST_PIXELS = 6e7;

/** Which parts are there to be taken, as their ids. */
function takeable() {
  return Object.keys(words.takeParts).filter((id) => byId(id)?.checkVisibility() && byId(id).getBoundingClientRect().width > 0);
}

function offerParts() {
  const chosen = byId("take-what").value;
  const parts = takeable();
  byId("take-what").replaceChildren(...parts.map((id) => element("option", words.takeParts[id], { value: id })));
  if (parts.includes(chosen)) byId("take-what").value = chosen;
  byId("take-png").disabled = byId("take-svg").disabled = parts.length === 0;
  byId("take-steps").disabled = !parts.includes("drawing");
}

const plainColours = new Map();
const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

/** A colour that every program reads: a mixed one, which browsers write as `oklab(..)`, as `rgb(..)`. */
function plainColour(name, value) {
  if (!["fill", "stroke"].includes(name) || !/^(ok|color|lab|lch)/.test(value)) return value;
  if (!plainColours.has(value)) {
    pixel.fillStyle = value;
    pixel.fillRect(0, 0, 1, 1);
    plainColours.set(value, `rgb(${pixel.getImageData(0, 0, 1, 1).data.slice(0, 3).join(", ")})`);
  }
  return plainColours.get(value);
}

/** A copy of a drawing that needs no style sheet. */
function withStyles(original) {
  const copy = original.cloneNode(true);
  const from = [original, ...original.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((node, index) => {
    const style = getComputedStyle(node);
    if (style.display === "none") to[index].dataset.gone = "";
    for (const name of DRAWN_STYLES) to[index].setAttribute(name, plainColour(name, style.getPropertyValue(name)));
    to[index].removeAttribute("class");
    to[index].removeAttribute("style"); // what it says is among the drawn styles now
  });
  copy.querySelectorAll("[data-gone]").forEach((node) => node.remove());
  return copy;
}

/** A legend's square; a gradient as stripes of its colours. */
function swatch(x, y, side, fill, stroke) {
  const fills = fill.startsWith("linear-gradient") ? fill.match(/#[0-9a-f]+/gi) : [fill];
  const stripe = side / fills.length;
  return [
    ...fills.map((colour, index) => shape("rect", { x: x + index * stripe, y, width: stripe, height: side, fill: colour })),
    shape("rect", { x, y, width: side, height: side, fill: "none", stroke, "stroke-width": 2 }),
  ];
}

/** What stands in an element as one SVG: its drawings, captions and legend where they are. */
function snapshot(root) {
  const isSvg = root instanceof SVGSVGElement;
  const box = root.getBoundingClientRect();
  const edge = 10;
  const picture = shape("svg", { xmlns: SVG });
  let right = 0;
  let bottom = 0;
  const placed = (node, x, y, width, height) => {
    picture.append(node);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  };
  for (const drawing of isSvg ? [root] : root.querySelectorAll("svg")) {
    const at = drawing.getBoundingClientRect();
    if (at.width === 0) continue;
    const copy = withStyles(drawing);
    const [x, y] = [at.left - box.left + edge, at.top - box.top + edge];
    for (const [name, value] of Object.entries({ x, y, width: at.width, height: at.height })) copy.setAttribute(name, value);
    for (const name of ["id", "tabindex", "role"]) copy.removeAttribute(name);
    placed(copy, x, y, at.width, at.height);
  }
  for (const words of root.querySelectorAll("figcaption, .legend span, .shape-line, #cell")) {
    const at = words.getBoundingClientRect();
    if (at.width === 0 || words.textContent === "") continue;
    const style = getComputedStyle(words);
    const [x, y] = [at.left - box.left + edge, at.top - box.top + edge];
    const size = parseFloat(style.fontSize);
    const [fill, stroke] = ["--fill", "--edge"].map((name) => style.getPropertyValue(name).trim());
    if (fill !== "") picture.append(...swatch(x + 1, y + (at.height - size * 0.8) / 2, size * 0.8, fill, stroke || "none"));
    placed(shape("text", { x: x + (fill === "" ? 0 : size * 1.3), y: y + size * 1.1, fill: style.color, "font-size": size, "font-family": style.fontFamily }, words.textContent), x, y, at.width, at.height);
  }
  const [width, height] = [Math.ceil(right + edge), Math.ceil(bottom + edge)];
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("width", width);
  picture.setAttribute("height", height);
  picture.prepend(shape("rect", { x: 0, y: 0, width, height, fill: getComputedStyle(document.body).backgroundColor }));
  return { text: new XMLSerializer().serializeToString(picture), width, height };
}

/** The chosen part; of the graph all of it, not only what is in sight. */
function chosenSnapshot() {
  const id = byId("take-what").value;
  if (id !== "graph") return snapshot(byId(id));
  const { graph: all, x, y, scale, fitted } = network.picture;
  const svg = byId("graph");
  const height = svg.style.height;
  const wide = svg.style.cssText;
  svg.style.cssText = `width: ${all.width}px; height: ${all.height}px; position: absolute`;
  network.picture.look(0, 0, 1);
  const taken = snapshot(svg);
  svg.style.cssText = wide;
  svg.style.height = height;
  network.picture.look(x, y, scale);
  network.picture.fitted = fitted;
  return taken;
}

/** A picture of more pixels than the browser draws. */
class TooLarge extends Error {}

/** An SVG's text as the bytes of a PNG. */
async function pixels({ text, width, height }, size = { width, height }) {
  const scale = Math.min(2, Math.sqrt(MOST_PIXELS / (size.width * size.height)));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(size.width * scale);
  canvas.height = Math.round(size.height * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, width * scale, height * scale);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) throw new TooLarge();
  return new Uint8Array(await blob.arrayBuffer());
}

function give(parts, type, name) {
  const link = element("a", "", { href: URL.createObjectURL(new Blob(parts, { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  byId("taken").textContent = words.taken(name);
}

async function take(work) {
  byId("taken").textContent = "";
  try {
    await work();
  } catch (failure) {
    if (failure instanceof TooLarge) {
      byId("taken").textContent = words.notTaken;
      return;
    }
    byId("taken").textContent = `${words.fault} ${failure}`;
    throw failure;
  }
}

// Animated PNG, by its specification: the frames are the image data of ordinary PNGs, with their
// numbers in front.
const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function chunk(name, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length + 12);
  const numbers = new DataView(bytes.buffer);
  numbers.setUint32(0, length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  let crc = 0xffffffff;
  for (let i = 4; i < at; i++) crc = CRC[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  numbers.setUint32(at, ~crc >>> 0);
  return bytes;
}

/** The contents of a PNG's chunks of one name. */
function chunksOf(png, name) {
  const numbers = new DataView(png.buffer, png.byteOffset);
  const found = [];
  for (let at = 8; at < png.length;) {
    const length = numbers.getUint32(at);
    if (String.fromCharCode(...png.subarray(at + 4, at + 8)) === name) found.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return found;
}

function bytesOf(...values) {
  const bytes = new Uint8Array(values.length * 4);
  values.forEach((value, index) => new DataView(bytes.buffer).setUint32(index * 4, value));
  return bytes;
}

/** One animation of pictures of one size, each shown so many milliseconds. */
function animated(frames, milliseconds) {
  const [header] = chunksOf(frames[0], "IHDR");
  const size = header.slice(0, 8);
  const delay = Uint8Array.of(milliseconds >> 8, milliseconds & 255, 1000 >> 8, 1000 & 255, 0, 0);
  let number = 0;
  const parts = [frames[0].slice(0, 8), chunk("IHDR", header), chunk("acTL", bytesOf(frames.length, 0))];
  frames.forEach((frame, index) => {
    parts.push(chunk("fcTL", bytesOf(number++), size, bytesOf(0, 0), delay));
    for (const data of chunksOf(frame, "IDAT")) parts.push(index === 0 ? chunk("IDAT", data) : chunk("fdAT", bytesOf(number++), data));
  });
  parts.push(chunk("IEND"));
  return parts;
}

/** Every step of the window, as long as there are not too many, in one animation. */
async function takeSteps() {
  const before = state.cell;
  const rows = scened.height.output;
  const columns = scened.width.output;
  const steps = Math.min(MOST_STEPS, rows * columns);
  const shots = [];
  for (let step = 0; step < steps; step++) {
    ask({ cell: [Math.floor(step / columns), step % columns] });
    shots.push(snapshot(byId("drawing")));
  }
  ask({ cell: before });
  const size = { width: Math.max(...shots.map(({ width }) => width)), height: Math.max(...shots.map(({ height }) => height)) };
  const frames = [];
  for (const shot of shots) {
    byId("taken").textContent = words.taking(frames.length + 1, steps);
    frames.push(await pixels(shot, size));
  }
  give(animated(frames, 700), "image/png", "convlens-steps.png");
  if (steps < rows * columns) byId("taken").textContent = words.takenFirst("convlens-steps.png", steps, rows * columns);
}

/** The layers as a script that prints their output's shape, where they are layers in a row. */
function script() {
  const layers = answered.layers ?? [];
  const inRow = layers.every(({ path, kind, notation }, index) => kind !== "join" && /^[A-Z]\w*\(/.test(notation) && (path === String(index) || layers.length === 1));
  if (!inRow || layers.length === 0) return undefined;
  const each = layers.map(({ notation }) => wrapped(`nn.${notation}`, layers.length > 1 ? 4 : 0));
  const net = layers.length > 1 ? `nn.Sequential(\n    ${each.join(",\n    ")},\n)` : each[0];
  const sizes = answered.input.slice(1, -1);
  return `import torch\nfrom torch import nn\n\nnet = ${net}\nx = torch.rand(${sizes})\nprint(net(x).shape)  # torch.Size(${layers.at(-1).output})\n`;
}

/** A call on lines of at most 88 columns, as Python's formatters break it. */
function wrapped(call, indent) {
  if (call.length + indent + 6 <= 88) return call;
  const [head, parts, tail] = argumentsOf(call);
  const space = " ".repeat(indent + 4);
  return `${head}\n${parts.map((part) => `${space}${part},\n`).join("")}${" ".repeat(indent)}${tail}`;
}

byId("take-what").addEventListener("pointerdown", offerParts);
byId("take-what").addEventListener("focus", offerParts);
byId("take-png").addEventListener("click", () => take(async () => give([await pixels(chosenSnapshot())], "image/png", "convlens.png")));
byId("take-svg").addEventListener("click", () => take(async () => give([chosenSnapshot().text], "image/svg+xml", "convlens.svg")));
byId("take-steps").addEventListener("click", () => take(takeSteps));
byId("take-script").addEventListener("click", () => copy(script()));
