// The table of a network's layers: built once for an answer, in parts, so that a long one does not
// stop the page. Rows are found and chosen here; `chosen` is called with a row's number.
class LayerTable {
  static PART = 500;

  constructor(table, chosen) {
    this.table = table;
    this.body = table.tBodies[0];
    this.layers = [];
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row) chosen(row.sectionRowIndex);
    });
  }

  /** Shows the layers of an answer. */
  build(layers, answered, words) {
    clearTimeout(this.next);
    this.layers = layers;
    this.words = words;
    const most = (name) => layers.reduce((sum, layer) => Math.max(sum, layer[name]), 0);
    this.most = { parameterShare: most("parameterShare"), macShare: most("macShare") };
    this.body.replaceChildren();
    this.add();
    const total = document.createElement("tr");
    total.append(this.cell(words.total, "path"), this.cell("", "layer"), this.cell(answered.shape ?? ""),
        this.cell(answered.parameters ?? "", "number"), this.cell(answered.macs ?? "", "number"), this.cell(""), this.cell(""));
    this.table.tFoot.replaceChildren(total);
  }

  add() {
    const from = this.body.rows.length;
    const rows = this.layers.slice(from, from + LayerTable.PART).map((layer) => this.row(layer));
    this.body.append(...rows);
    if (this.current !== undefined) this.mark();
    if (this.searched) this.filter(this.searched);
    if (from + LayerTable.PART < this.layers.length) this.next = setTimeout(() => this.add(), 20);
  }

  row(layer) {
    const row = document.createElement("tr");
    const name = document.createElement("button");
    name.type = "button";
    name.textContent = layer.short;
    if (layer.short !== layer.notation) name.title = layer.notation;
    row.append(this.path(layer.path), this.cell(name, "layer"), this.cell(layer.output, "shape-cell"),
        this.bar(layer.parameters, layer, "parameterShare"), this.bar(layer.macs, layer, "macShare"),
        this.cell(layer.field, "number"), this.cell(layer.stride, "number"));
    return row;
  }

  /** A path may be broken behind its dots. */
  path(text) {
    const td = this.cell("", "path");
    text.split(/(?<=\.)/).forEach((part, index) => td.append(...(index > 0 ? [document.createElement("wbr")] : []), part));
    return td;
  }

  cell(content, kind) {
    const td = document.createElement("td");
    if (kind) td.className = kind;
    td.append(content);
    return td;
  }

  /** A number, and how large a part it is: the largest of the column fills its cell. */
  bar(text, layer, share) {
    const td = this.cell(text, "number bar");
    const part = layer[share];
    if (part > 0) {
      td.style.setProperty("--share", `${100 * part / this.most[share]}%`);
      td.title = this.words.share((100 * part).toFixed(part < 0.1 ? 2 : 1));
    }
    return td;
  }

  /** Marks the chosen row, and brings it into sight in the table. */
  choose(row) {
    this.current = row;
    this.mark();
  }

  mark() {
    this.body.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const row = this.body.rows[this.current];
    if (!row) return;
    row.setAttribute("aria-current", true);
    const box = this.table.parentElement;
    const head = this.table.tHead.offsetHeight;
    const foot = this.table.tFoot.offsetHeight;
    const inSight = Math.min(box.clientHeight, innerHeight - box.getBoundingClientRect().top);
    const room = (inSight > 120 ? inSight : box.clientHeight) - head - foot;
    const top = row.offsetTop - head;
    if (top < box.scrollTop || top + row.offsetHeight > box.scrollTop + room) box.scrollTop = top - (room - row.offsetHeight) / 2;
  }

  /** Hides the rows that are not among these; undefined means that all are shown. */
  filter(found) {
    this.searched = found;
    [...this.body.rows].forEach((row, index) => { row.hidden = found !== undefined && !found.has(index); });
  }
}
