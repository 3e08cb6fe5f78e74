// Draws one grid of cells as SVG. A grid is {rows, columns, firstRow, firstColumn, inner, marks,
// frame, text}: `inner` is the rectangle that is not padding, a mark is a cell or a rectangle with
// its style (and which share of it is meant, where its cells are too small), a frame an outline, `text` tells what stands in a cell. What is neither is `ground`.
const SVG = "http://www.w3.org/2000/svg";
const LARGEST_CELL = 34;
const CELL_WITH_TEXT = 22;
const CELL_WITH_LINE = 5;

function shape(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** The side of a cell in pixels, so that so many rows and columns find room. */
function cellSide(rows, columns, width, height) {
  return Math.min(LARGEST_CELL, width / columns, height / rows);
}

function drawGrid(svg, grid, side, label) {
  const width = grid.columns * side;
  const height = grid.rows * side;
  const edge = 2;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `${-edge} ${-edge} ${width + 2 * edge} ${height + 2 * edge}`);
  svg.setAttribute("width", width + 2 * edge);
  svg.setAttribute("height", height + 2 * edge);
  svg.setAttribute("aria-label", label);
  const x = (column) => (column - grid.firstColumn) * side;
  const y = (row) => (row - grid.firstRow) * side;
  const area = (r, attributes) => shape("rect", {
    x: x(r.column), y: y(r.row), width: r.columns * side, height: r.rows * side, ...attributes,
  });
  svg.append(shape("rect", { x: 0, y: 0, width, height, fill: `var(--${grid.ground ?? "padding"})` }));
  if (grid.padded) svg.append(area(grid.padded, { fill: "var(--padding)" }));
  svg.append(area(grid.inner, { fill: "var(--cell)", class: "inner" }));
  for (const mark of grid.marks) {
    svg.append(area(mark, { fill: `var(--${mark.style})`, class: mark.style, "fill-opacity": mark.share ?? 1 }));
  }
  if (side >= CELL_WITH_LINE) svg.append(gridLines(grid, side, width, height));
  else svg.append(shape("rect", { x: 0, y: 0, width, height, fill: "none", stroke: "var(--cell-line)" }));
  for (const frame of grid.frames ?? []) {
    svg.append(area(frame, { fill: "none", stroke: `var(--${frame.style}-line)`, "stroke-width": 3, class: "frame" }));
  }
  if (grid.text && side >= CELL_WITH_TEXT) cellTexts(svg, grid, side, x, y);
}

function gridLines(grid, side, width, height) {
  let path = "";
  for (let row = 0; row <= grid.rows; row++) path += `M0 ${row * side}H${width}`;
  for (let column = 0; column <= grid.columns; column++) path += `M${column * side} 0V${height}`;
  return shape("path", { d: path, stroke: "var(--cell-line)", fill: "none" });
}

function cellTexts(svg, grid, side, x, y) {
  const texts = [];
  let longest = 1;
  for (let row = grid.firstRow; row < grid.firstRow + grid.rows; row++) {
    for (let column = grid.firstColumn; column < grid.firstColumn + grid.columns; column++) {
      const text = grid.text(row, column);
      if (text === "") continue;
      longest = Math.max(longest, text.length);
      texts.push([row, column, text]);
    }
  }
  const size = Math.min(13, (side - 5) / (longest * 0.6));
  if (size < 7) return;
  for (const [row, column, text] of texts) {
    svg.append(shape("text", {
      x: x(column) + side / 2, y: y(row) + side / 2, "font-size": size, "text-anchor": "middle",
      "dominant-baseline": "central", fill: "var(--cell-text)", "pointer-events": "none",
    }, text));
  }
}
