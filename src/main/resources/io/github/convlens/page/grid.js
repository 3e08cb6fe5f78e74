// Draws one grid of cells as SVG. A grid is {rows, columns, firstRow, firstColumn, inner, marks,
// frames, text, axes, shade}: `inner` is the rectangle that is not padding; a mark is a cell or a
// rectangle with its style or its fill (and which share of it is meant, where its cells are too
// small); a frame an outline; `text` tells what stands in a cell: a text, or {text, corner, soft};
// `shade` is a picture of the inner rectangle. What is neither is `ground`.
const SVG = "http://www.w3.org/2000/svg";
const LARGEST_CELL = 72;
const CELL_WITH_TEXT = 16;
const CELL_WITH_CORNER = 34;
const CELL_WITH_LINE = 5;
const AXIS_ROOM = 20;
const EDGE = 2; // for half of a line

function shape(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** The side of a cell in pixels, so that so many rows and columns find room. */
function cellSide(rows, columns, width, height) {
  return Math.max(0.01, Math.min(LARGEST_CELL, (width - AXIS_ROOM - 4) / columns, (height - AXIS_ROOM - 4) / rows));
}

/** Whole pixels, where a cell has some: lines are then sharp. */
const sharp = (side) => (side > 8 ? Math.floor(side) : side);

function drawGrid(svg, grid, wanted, label) {
  const side = sharp(wanted);
  const width = grid.columns * side;
  const height = grid.rows * side;
  const room = grid.axes && side >= CELL_WITH_LINE ? AXIS_ROOM : EDGE;
  const digits = Math.max(String(grid.firstRow).length, String(grid.firstRow + grid.rows - 1).length);
  const left = room === AXIS_ROOM ? Math.max(room, 6 + 8 * digits) : room;
  const box = [-left, -room, width + left + EDGE, height + room + EDGE];
  svg.replaceChildren();
  svg.setAttribute("viewBox", box.join(" "));
  svg.setAttribute("width", box[2]);
  svg.setAttribute("height", box[3]);
  svg.setAttribute("aria-label", label);
  Object.assign(svg.dataset, { side, row: grid.firstRow, column: grid.firstColumn });
  const x = (column) => (column - grid.firstColumn) * side;
  const y = (row) => (row - grid.firstRow) * side;
  const area = (whole, attributes) => {
    const r = clippedTo(grid, whole);
    return shape("rect", { x: x(r.column), y: y(r.row), width: r.columns * side, height: r.rows * side, ...attributes });
  };
  svg.append(shape("rect", { x: 0, y: 0, width, height, fill: `var(--${grid.ground ?? "padding"})` }));
  if (grid.padded) svg.append(area(grid.padded, { fill: "var(--padding)" }));
  svg.append(area(grid.inner, { fill: "var(--cell)", class: "inner" }));
  if (grid.shade) {
    svg.append(shape("image", {
      x: x(grid.inner.column), y: y(grid.inner.row), width: grid.inner.columns * side, height: grid.inner.rows * side,
      href: grid.shade, preserveAspectRatio: "none", style: "image-rendering: pixelated",
    }));
  }
  for (const mark of grid.marks) {
    if (isOutside(grid, mark)) continue;
    const fill = mark.fill ?? `var(--${mark.style})`;
    svg.append(area(mark, { class: mark.style, "fill-opacity": mark.share ?? (grid.shade ? 0.55 : 1), style: `fill: ${fill}` }));
  }
  if (side >= CELL_WITH_LINE) svg.append(gridLines(grid, side, width, height));
  else svg.append(shape("rect", { x: 0, y: 0, width, height, fill: "none", stroke: "var(--cell-line)" }));
  if (side >= CELL_WITH_LINE && grid.torn) svg.append(tornEdges(grid.torn, width, height));
  for (const frame of grid.frames ?? []) {
    if (isOutside(grid, frame)) continue;
    svg.append(area(frame, { fill: "none", stroke: `var(--${frame.style}-line)`, "stroke-width": side > 24 ? 4 : 3, class: "frame" }));
  }
  if (grid.text && side >= CELL_WITH_TEXT) cellTexts(svg, grid, side, x, y);
  if (room === AXIS_ROOM) axisNumbers(svg, grid, side);
}

/** The part of a rectangle that is drawn. */
function clippedTo(grid, r) {
  const row = Math.max(r.row, grid.firstRow);
  const column = Math.max(r.column, grid.firstColumn);
  return {
    row, rows: Math.max(0, Math.min(r.row + r.rows, grid.firstRow + grid.rows) - row),
    column, columns: Math.max(0, Math.min(r.column + r.columns, grid.firstColumn + grid.columns) - column),
  };
}

function isOutside(grid, r) {
  const { rows, columns } = clippedTo(grid, r);
  return rows === 0 || columns === 0;
}

/** Zigzag lines where an array goes on beyond what is drawn of it. */
function tornEdges(torn, width, height) {
  const zigzag = (length, point) => {
    let path = "";
    for (let i = 0; i * 6 <= length; i++) path += `${i === 0 ? "M" : "L"}${point(Math.min(i * 6, length), i % 2 === 0 ? -2 : 2)}`;
    return path;
  };
  const path = (torn.top ? zigzag(width, (at, off) => `${at} ${off}`) : "") + (torn.bottom ? zigzag(width, (at, off) => `${at} ${height + off}`) : "")
    + (torn.left ? zigzag(height, (at, off) => `${off} ${at}`) : "") + (torn.right ? zigzag(height, (at, off) => `${width + off} ${at}`) : "");
  return shape("path", { d: path, stroke: "var(--panel)", "stroke-width": 3, fill: "none", class: "torn" });
}

function gridLines(grid, side, width, height) {
  let path = "";
  for (let row = 0; row <= grid.rows; row++) path += `M0 ${row * side}H${width}`;
  for (let column = 0; column <= grid.columns; column++) path += `M${column * side} 0V${height}`;
  return shape("path", { d: path, stroke: "var(--cell-line)", fill: "none" });
}

/** The numbers of rows and columns, as many as find room. */
function axisNumbers(svg, grid, side) {
  const size = Math.min(12, Math.max(9, side * 0.42));
  const every = (count) => [1, 2, 5, 10, 20, 50, 100, 200, 500].find((n) => n * side >= 16 + 6 * String(count).length - 6) ?? 1000;
  const style = { "font-size": size, fill: "var(--soft)", "pointer-events": "none", "dominant-baseline": "central", class: "axis" };
  const [down, across] = [every(grid.rows), every(grid.columns)];
  for (let i = 0; i < grid.rows && grid.rows > 1; i++) {
    if ((grid.firstRow + i) % down === 0) svg.append(shape("text", { ...style, x: -4, y: (i + 0.5) * side, "text-anchor": "end" }, grid.firstRow + i));
  }
  for (let i = 0; i < grid.columns; i++) {
    if ((grid.firstColumn + i) % across === 0) svg.append(shape("text", { ...style, x: (i + 0.5) * side, y: -8, "text-anchor": "middle" }, grid.firstColumn + i));
  }
}

function cellTexts(svg, grid, side, x, y) {
  const texts = [];
  let longest = 1;
  for (let row = grid.firstRow; row < grid.firstRow + grid.rows; row++) {
    for (let column = grid.firstColumn; column < grid.firstColumn + grid.columns; column++) {
      const said = grid.text(row, column);
      const { text, corner, soft } = typeof said === "string" ? { text: said } : said;
      if (text === "" && !corner) continue;
      longest = Math.max(longest, text.length);
      texts.push([row, column, text, corner, soft]);
    }
  }
  const size = Math.min(side * 0.46, (side - 5) / (longest * 0.66));
  if (size < 6.5) return;
  const style = { "pointer-events": "none", "dominant-baseline": "central", ...(grid.shade ? { class: "on-picture" } : {}) };
  for (const [row, column, text, corner, soft] of texts) {
    const fill = soft ? "var(--soft)" : "var(--cell-text)";
    const isLow = corner && side >= CELL_WITH_CORNER;
    svg.append(shape("text", {
      ...style, x: x(column) + side / 2, y: y(row) + side * (isLow ? 0.4 : 0.5), "font-size": size, "text-anchor": "middle", fill,
    }, text));
    if (isLow) {
      svg.append(shape("text", {
        ...style, x: x(column) + side - 3, y: y(row) + side - side * 0.14, "font-size": Math.min(side * 0.24, 15, (side - 6) / (corner.length * 0.6)),
        "text-anchor": "end", fill: "var(--cell-text)", class: "corner",
      }, corner));
    }
  }
}

/** The cell of a grid under a pointer, as [row, column]; outside of it, nothing. */
function cellUnder(svg, event) {
  const box = svg.getBoundingClientRect();
  const view = svg.viewBox.baseVal;
  if (box.width === 0 || !svg.dataset.side) return undefined;
  const scale = view.width / box.width;
  const side = Number(svg.dataset.side);
  const column = Math.floor(((event.clientX - box.left) * scale + view.x) / side);
  const row = Math.floor(((event.clientY - box.top) * scale + view.y) / side);
  const within = (at, size, from) => at >= 0 && at < Math.round((size + from - EDGE) / side);
  if (!within(row, view.height, view.y) || !within(column, view.width, view.x)) return undefined;
  return [row + Number(svg.dataset.row), column + Number(svg.dataset.column)];
}

/** A picture of numbers, black where they are least. */
function shadeOf(rows) {
  const canvas = document.createElement("canvas");
  canvas.height = rows.length;
  canvas.width = rows[0].length;
  const numbers = rows.flat().map(Number);
  let [least, most] = [Infinity, -Infinity];
  for (const n of numbers) if (Number.isFinite(n)) [least, most] = [Math.min(least, n), Math.max(most, n)];
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  numbers.forEach((n, i) => {
    const grey = Number.isFinite(n) && most > least ? ((n - least) / (most - least)) * 255 : 0;
    picture.data.set([grey, grey, grey, 255], 4 * i);
  });
  context.putImageData(picture, 0, 0);
  return canvas.toDataURL();
}
