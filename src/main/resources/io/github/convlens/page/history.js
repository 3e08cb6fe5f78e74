// The state in the address, so that a link or a reload brings it back, and Back undoes a change.
let remembering; // browsers refuse an address that changes too often
let lastFrom = ""; // the control that the question came from
const LONGEST_ADDRESS = 1 << 19;

function address() {
  const fields = new URLSearchParams({ layers: state.layers, input: state.input, cell: (state.cell ?? [0, 0]).join(",") });
  if (state.row > 0) fields.set("row", state.row);
  if (state.mode !== "output") {
    fields.set("follow", state.mode);
    fields.set("at", state[PLACES[state.mode]].join(","));
  }
  for (const key of ["out", "first"]) if (state[key] > 0) fields.set(key, state[key]);
  for (const key of ["x", "kernel"]) if (state[key] !== "" && !picture) fields.set(key, state[key]);
  if (languageChosen) fields.set("language", language);
  comparison.remember(fields);
  if (state.lesson !== "") fields.set("lesson", state.lesson);
  const text = `#${fields}`;
  return text.length > LONGEST_ADDRESS ? "#" : text;
}

/** Writes the state as it is into the present entry of the history. */
function keep() {
  if (remembering === undefined) return;
  clearTimeout(remembering);
  remembering = undefined;
  history.replaceState({ state }, "", address());
}

/** Remembers the state soon, in an entry of its own where there is a way back. */
function remember(isStep) {
  if (isStep && history.state) history.pushState({ state }, "", address());
  clearTimeout(remembering);
  remembering = setTimeout(keep, 150);
}

function recall(event) {
  clearTimeout(remembering);
  remembering = undefined;
  if (event?.state?.state) {
    lastFrom = "history";
    state = event.state.state;
    ask({ ...state }, "history");
    return;
  }
  const fields = new URLSearchParams(location.hash.slice(1));
  const whole = (text) => (/^\d{1,15}$/.test(text ?? "") ? Number(text) : undefined);
  const pair = (name) => {
    const numbers = (fields.get(name) ?? "").split(",").map(whole);
    return numbers.length === 2 && !numbers.includes(undefined) ? numbers : undefined;
  };
  const change = {
    ...FRESH, layers: fields.get("layers") ?? START.layers, input: fields.get("input") ?? START.input,
    cell: pair("cell") ?? START.cell, row: whole(fields.get("row")),
    out: whole(fields.get("out")) ?? 0, first: whole(fields.get("first")) ?? 0,
    x: fields.get("x") ?? "", kernel: fields.get("kernel") ?? "", lesson: fields.get("lesson") ?? "",
  };
  const mode = fields.get("follow") ?? "";
  if (Object.hasOwn(PLACES, mode)) {
    change.mode = mode;
    change[PLACES[mode]] = pair("at") ?? [0, 0];
  }
  if (Object.hasOwn(WORDS, fields.get("language") ?? "")) speak(fields.get("language"));
  lastFrom = "history";
  ask(change, "history");
  lessons.recall(fields);
  comparison.recall(fields);
}

addEventListener("popstate", recall);
