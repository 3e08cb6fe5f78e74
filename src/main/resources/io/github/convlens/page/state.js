// What is asked and what the core answers. `answer`, `scene`, `look` and `sees` are the core's;
// everything that is computed comes from them.
const byId = (id) => document.getElementById(id);
const NETS = JSON.parse(byId("nets").textContent);
const START = JSON.parse(byId("start").textContent);

let language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
let words = WORDS[language];

// `mode` says what is followed: an "output" (at `cell`; none is the
// one in the middle), an "input" (at `from`) or a "tap" (at `tap`); `out` is the chosen output channel, `first` the first input channel that is drawn; `x`
// and `kernel` are numbers of the reader's own, `lesson` is the lesson that stands over it all.
const PLACES = { output: "cell", input: "from", tap: "tap" };
const FRESH = { row: undefined, cell: [0, 0], mode: "output", from: [0, 0], tap: [0, 0], out: 0, first: 0, x: "", kernel: "", lesson: "" };
let state = { ...FRESH, layers: START.layers, input: START.input, cell: START.cell };
let answered = {};
let scened = {};
let languageChosen = false;
let shown; // the answer whose texts and table are shown, and in which words

const sliders = new Sliders(byId("sliders"), (numbers) => {
  ask({ layers: notation(numbers), input: inputWith(state.input, numbers) }, "sliders");
});

/**
 * Asks the core, and shows what it says. `from` is the control that must not be written to. A
 * change `isWhole` where there is a way back to what was before it.
 */
function ask(change, from = "", isWhole = false) {
  const asks = "layers" in change || "input" in change;
  const isStep = isWhole || (asks && from !== lastFrom);
  if (isStep) keep();
  if (asks) lastFrom = from;
  state = { ...state, ...change };
  if (from !== "layers") byId("layers").value = state.layers;
  if (from !== "input") byId("input").value = state.input;
  preview = undefined;
  try {
    find(change, asks || answered.layers === undefined);
    if (from !== "sliders" && answered.numbers) sliders.set(answered.numbers, sizesOf(state.input));
    show();
  } catch (failure) {
    fail(failure);
  }
  remember(isStep);
}

/** Finds the answer, unless it is there, and what is drawn of it. */
function find(change, isQuestion) {
  if (isQuestion) {
    answered = JSON.parse(answer(state.layers, state.input.trim()));
    if (!("row" in change)) state.row = undefined;
  }
  if (isQuestion || "x" in change || "kernel" in change) numbers(state.x, state.kernel);
  const drawable = (answered.layers ?? []).findIndex((layer) => layer.window);
  if (!answered.layers?.[state.row]) state.row = drawable >= 0 ? drawable : (answered.layers ?? []).length - 1;
  if (isQuestion || ["row", "out", "first", "x", "kernel"].some((key) => key in change)) {
    scened = state.row < 0 ? {} : JSON.parse(scene(state.row, String(state.out), String(state.first)));
  }
  if (!scened.drawable) return;
  const { height, width, channels } = scened;
  state.out = channels.chosen;
  state.first = channels.first;
  const within = ([row, column], part) => [Math.min(row, height[part] - 1), Math.min(column, width[part] - 1)];
  state.cell = within(state.cell ?? [Math.floor(height.output / 2), Math.floor(width.output / 2)], "output");
  state.from = within(state.from, "input");
  state.tap = within(state.tap, "kernel");
  if (!canFollow(state.mode)) state.mode = "output";
}

/** Whether the answer is one of several layers that are not a single layer's sliders. */
function isNetwork() {
  return (answered.layers ?? []).length > 1 && !answered.numbers;
}

/** What an output element reads. */
function lookAt([row, column]) {
  return JSON.parse(look(state.row, String(row), String(column), String(state.out), String(state.first)));
}

/** Shows that there is no answer, and nothing of an old one. */
function fail(failure) {
  answered = {};
  scened = {};
  shown = undefined;
  const message = `${words.fault} ${failure}`;
  for (const id of ["shape", "notes", "chosen", "formulas", "pytorch", "djl", "reads", "cell", "field"]) byId(id).replaceChildren();
  for (const id of ["impossible", "drawing", "no-drawing", "network", "sees", "code"]) byId(id).hidden = true;
  byId("error").hidden = false;
  byId("error").textContent = byId("here").textContent = message;
  byId("here").classList.add("wrong");
  for (const id of ["layers", "input"]) byId(id).setAttribute("aria-invalid", true);
}

let offering;

function show() {
  lessons.show();
  showAnswer();
  if (shown?.answered !== answered || shown.words !== words) {
    shown = { answered, words };
    byId("notes").replaceChildren(...answered.notes.map((note) => element("li", note, { lang: "en" })));
    showCode();
    network.build();
    byId("take-script").hidden = script() === undefined;
  } else if (shown.row !== state.row) {
    network.choose(state.row);
  }
  shown.row = state.row;
  showFormulas();
  showField();
  showDrawing();
  // It asks where everything stands, which a step need not wait for.
  clearTimeout(offering);
  offering = setTimeout(offerParts, 50);
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
