// The network as boxes and ways between them. Where each lies comes from the core; here it is drawn
// once for an answer, and moved and scaled by its view box.
class NetworkPicture {
  constructor(svg, chosen, hovered) {
    this.svg = svg;
    this.chosen = chosen;
    this.pointers = new Map();
    svg.addEventListener("pointerdown", (event) => this.press(event));
    svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, (event) => this.release(event));
    svg.addEventListener("pointerover", (event) => {
      const row = event.target.dataset?.row;
      if (row !== undefined) hovered(Number(row));
    });
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && document.activeElement !== svg) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 200 : 500)), event);
    }, { passive: false });
    new ResizeObserver(() => this.resized()).observe(svg);
  }

  /** Draws a graph of the core's. */
  build(graph, label) {
    this.graph = graph;
    this.units = [];
    this.unitOf = new Map();
    this.rects = new Map();
    this.current = undefined;
    const scene = shape("g", {});
    const ways = shape("g", { class: "ways" });
    this.ways = graph.ways.map((way) => {
      const path = shape("path", { d: way.d, class: way.over ? "way over" : "way" });
      ways.append(path);
      return path;
    });
    this.lines = graph.levels.map(({ y, size }) => {
      const text = shape("text", { class: "level", y: y - 2 }, size);
      scene.append(shape("path", { d: `M0 ${y - 14}H${graph.width}`, class: "level-line" }), text);
      return text;
    });
    scene.append(ways);
    graph.units.forEach((unit, index) => scene.append(...this.unit(unit, index, label)));
    this.blocks = graph.blocks.map((block) => {
      const y = graph.height - 20;
      const text = shape("text", { class: "block-name", "data-row": block.row, x: block.x + block.w / 2, "text-anchor": "middle" }, block.name);
      scene.append(shape("path", { d: `M${block.x} ${y - 5}v5h${block.w}v-5`, class: "block" }), text);
      return { ...block, y, text };
    });
    this.svg.replaceChildren(scene);
    this.fit();
  }

  unit(unit, index, label) {
    const box = (x, w, row, kind) => {
      const rect = shape("rect", { x, y: unit.y, width: w, height: unit.h, class: `unit ${kind}`, "data-row": row });
      this.rects.set(row, rect);
      this.unitOf.set(row, index);
      return rect;
    };
    const slice = 7;
    const main = unit.w - slice * (unit.rows.length - 1);
    const parts = unit.rows.map((row, place) => (place === 0
      ? box(unit.x, main, row, unit.kind)
      : box(unit.x + main + slice * (place - 1), slice, row, label(row).kind)));
    const name = unit.kind === "join" ? { add: "+", mul: "×", concat: "∥" }[unit.label] ?? unit.label : unit.label;
    const text = (content, y) => shape("text", { x: unit.x + main / 2, y, class: "unit-text", "text-anchor": "middle", "font-size": Math.min(11, main / (0.62 * Math.max(1, content.length))) }, content);
    const middle = unit.y + unit.h / 2;
    return [...parts, text(name, unit.h > 26 ? middle - 3 : middle + 4), ...(unit.h > 26 ? [text(unit.detail, middle + 11)] : [])];
  }

  /** Marks what is chosen, and brings it into sight. */
  choose(row) {
    if (!this.graph) return;
    for (const marked of this.svg.querySelectorAll(".chosen, .near")) marked.classList.remove("chosen", "near");
    const rect = this.rects.get(row);
    if (!rect) return;
    rect.classList.add("chosen");
    const unit = this.unitOf.get(row);
    this.graph.ways.forEach(({ from, to }, index) => {
      if (from === unit || to === unit) this.ways[index].classList.add("near");
    });
    this.current = this.graph.units[unit];
    const { x, y, w, h } = this.current;
    const [wide, high] = [this.size().width / this.scale, this.size().height / this.scale];
    const isSeen = x >= this.x && x + w <= this.x + wide && y >= this.y && y + h <= this.y + high;
    if (!isSeen) this.look(x + w / 2 - wide / 2, y + h / 2 - high / 2, this.scale);
  }

  /** Pales what is not among these rows; undefined means that none is. */
  filter(found) {
    for (const [row, rect] of this.rects ?? []) rect.classList.toggle("pale", found !== undefined && !found.has(row));
  }

  size() {
    return { width: Math.max(1, this.svg.clientWidth), height: Math.max(1, this.svg.clientHeight) };
  }

  /** The whole graph; a long one from its beginning, no smaller than can be seen. */
  fit() {
    const least = Math.min(this.svg.clientWidth / this.graph.width, 1.5) * this.graph.height;
    this.svg.style.height = `${Math.max(270, Math.min(innerHeight * 0.62, least + 10))}px`;
    const { width, height } = this.size();
    const whole = Math.min(width / this.graph.width, height / this.graph.height, 1.5);
    this.fitted = true;
    this.look(0, (this.graph.height - height / whole) / 2, whole);
  }

  resized() {
    if (!this.graph || this.svg.clientWidth === 0) return;
    if (this.fitted) this.fit();
    else this.look(this.x, this.y, this.scale);
  }

  look(x, y, scale) {
    const { width, height } = this.size();
    const across = width / scale;
    const down = height / scale;
    const within = (value, room, all) => (room >= all ? (all - room) / 2 : Math.min(Math.max(value, -20), all - room + 20));
    this.scale = scale;
    this.x = within(x, across, this.graph.width);
    this.y = within(y, down, this.graph.height);
    this.svg.setAttribute("viewBox", `${this.x} ${this.y} ${across} ${down}`);
    this.svg.classList.toggle("far", scale < 0.65);
    const letters = 11 / scale;
    let last = -Infinity;
    for (const text of this.lines) {
      const line = Number(text.getAttribute("y"));
      text.setAttribute("x", Math.max(0, this.x) + 4 / scale);
      text.setAttribute("font-size", letters);
      const hasRoom = line - last > letters;
      text.style.display = hasRoom ? "" : "none";
      if (hasRoom) last = line;
    }
    for (const { w, y: line, text } of this.blocks) {
      text.setAttribute("font-size", letters);
      text.setAttribute("y", line + 12 / scale);
      text.style.display = text.textContent.length * 0.6 * letters > w ? "none" : "";
    }
  }

  /** Nearer or farther, so that the point under the pointer stays; with no pointer, the chosen box. */
  zoom(factor, at) {
    const { width, height } = this.size();
    const box = this.svg.getBoundingClientRect();
    const { x, y, w, h } = this.current ?? { x: this.x, y: this.y, w: width / this.scale, h: height / this.scale };
    const px = at ? at.clientX - box.left : (x + w / 2 - this.x) * this.scale;
    const py = at ? at.clientY - box.top : (y + h / 2 - this.y) * this.scale;
    const least = Math.min(width / this.graph.width, height / this.graph.height, 0.65);
    const scale = Math.min(4, Math.max(least, this.scale * factor));
    this.fitted = false;
    this.look(this.x + px / this.scale - px / scale, this.y + py / this.scale - py / scale, scale);
  }

  press(event) {
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.moved = 0;
  }

  drag(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    const now = { x: event.clientX, y: event.clientY };
    if (this.pointers.size === 2) {
      const [, other] = [...this.pointers].find(([id]) => id !== event.pointerId);
      const far = (a) => Math.hypot(a.x - other.x, a.y - other.y);
      this.zoom(far(now) / Math.max(1, far(last)), { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 });
    } else {
      this.moved += Math.abs(now.x - last.x) + Math.abs(now.y - last.y);
      if (this.moved > 4) {
        this.svg.setPointerCapture(event.pointerId);
        this.fitted = false;
        this.look(this.x - (now.x - last.x) / this.scale, this.y - (now.y - last.y) / this.scale, this.scale);
      }
    }
    this.pointers.set(event.pointerId, now);
  }

  release(event) {
    if (!this.pointers.delete(event.pointerId) || this.moved > 4 || event.type === "pointercancel") return;
    const row = event.target.dataset?.row;
    if (row !== undefined && row !== "-1") this.chosen(Number(row));
  }
}
