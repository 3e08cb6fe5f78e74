// The answer in words: code, table and formulas.
function showCode() {
  byId("pytorch").textContent = answered.pytorch ?? "";
  byId("djl").textContent = answered.djl ?? "";
  byId("djl").hidden = byId("copy-djl").hidden = answered.djl === null;
  byId("no-code").hidden = !answered.noCode;
  byId("no-code").replaceChildren(...(answered.noCode ? [`${words.noCode}\n`, element("span", answered.noCode, { lang: "en" })] : []));
}

/** The shape, or why there is none, and which controls have something to say. */
function showAnswer() {
  const failed = answered.error !== null;
  byId("shape").textContent = failed ? "" : answered.shape;
  byId("here").textContent = failed ? translated(answered.error).text.split("\n")[0] : answered.shape;
  byId("here").classList.toggle("wrong", failed);
  const said = failed ? translated(answered.error) : { text: "", lang: document.documentElement.lang };
  byId("error").textContent = said.text;
  byId("error").lang = said.lang;
  byId("error").hidden = byId("impossible").hidden = !failed;
  byId("impossible").textContent = (words.faults[answered.fault] ?? words.faults.settings) + (failed && said.lang === "en" ? words.inEnglish : "");
  byId("layers").setAttribute("aria-invalid", failed && answered.fault !== "input");
  byId("input").setAttribute("aria-invalid", failed && answered.fault !== "text");
  byId("code").hidden = failed;
  const canSlide = answered.numbers !== null || sliders.say(state.layers);
  byId("sliders").hidden = !canSlide;
  byId("locked").hidden = canSlide;
  byId("locked").textContent = failed && answered.fault === "text" ? words.lockedText
    : (answered.layers ?? []).length > 1 || failed ? words.lockedNet : words.lockedOther;
  byId("net").value = NETS.find((net) => net.layers === state.layers && net.input === state.input)?.name ?? "";
}

function showFormulas() {
  const layer = answered.layers?.[state.row];
  byId("chosen").hidden = !layer;
  byId("chosen").textContent = !layer ? "" : isNetwork() ? words.chosen(layer.path, layer.notation) : answered.layers.map(({ notation }) => notation).join(" → ");
  const list = byId("formulas");
  list.replaceChildren();
  for (const axis of ["height", "width"]) {
    const formula = scened.formula?.[axis];
    if (!formula) continue;
    const name = scened.axes === 1 ? "length" : axis;
    const said = element("dd", words.formula(formula), { id: `formula-${axis}` });
    const unread = scened.unread[axis];
    if (unread) said.append(element("span", words.unread(axis, scened.axes, ...unread), { class: "unread-note" }));
    list.append(element("dt", words[name]), said);
  }
}
