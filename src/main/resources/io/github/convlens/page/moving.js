// How the window is moved: by keys, pointers, the slider, or by itself.
const SIZES = { output: "output", input: "input", tap: "kernel" };
const MODES = { "input-grid": "input", "kernel-grid": "tap", "output-grid": "output" };
const STEP_TIME = 900; // milliseconds
let playing;

/** How many rows and columns there are to follow. */
function extent(mode) {
  const part = SIZES[mode];
  return [scened.height[part], scened.width[part]];
}

/** Chooses what is followed, and where; places outside are brought inside. */
function follow(mode, [row, column]) {
  if (!canFollow(mode)) return;
  const [rows, columns] = extent(mode);
  const within = (value, size) => Math.max(0, Math.min(size - 1, value));
  ask({ mode, [PLACES[mode]]: [within(row, rows), within(column, columns)] });
}

function showPlayer() {
  const [rows, columns] = extent(state.mode);
  const step = byId("step");
  byId("stepper").hidden = !Number.isSafeInteger(rows * columns);
  step.max = rows * columns - 1;
  const [row, column] = state[PLACES[state.mode]];
  step.value = row * columns + column;
  step.setAttribute("aria-valuetext", words.stepText(state.mode, row, column));
  for (const mode of Object.keys(PLACES)) {
    const choice = byId(`follow-${mode}`);
    choice.checked = state.mode === mode;
    choice.disabled = !canFollow(mode);
    choice.parentElement.hidden = mode === "tap" && !hasKernel();
  }
  byId("play").textContent = playing ? words.stop : words.play;
}

function advance() {
  const [rows, columns] = extent(state.mode);
  const [row, column] = state[PLACES[state.mode]];
  const next = (row * columns + column + 1) % (rows * columns);
  follow(state.mode, [Math.floor(next / columns), next % columns]);
}

function play(start) {
  clearInterval(playing);
  playing = start ? setInterval(() => (scened.drawable && !byId("drawing").hidden ? advance() : play(false)), STEP_TIME) : undefined;
  byId("said").setAttribute("aria-live", start ? "off" : "polite"); // a step a second is too much to be read out
  byId("play").textContent = start ? words.stop : words.play;
}

byId("play").addEventListener("click", () => play(!playing));
for (const mode of Object.keys(PLACES)) byId(`follow-${mode}`).addEventListener("change", () => follow(mode, state[PLACES[mode]]));

for (const [id, mode] of Object.entries(MODES)) {
  byId(id).addEventListener("keydown", (event) => {
    if (!scened.drawable || event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, column] = state[PLACES[mode]];
    const moves = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1], Home: [0, 0], End: [Infinity, Infinity],
    };
    if (event.key === " ") play(!playing);
    else if (event.key in moves) follow(mode, moves[event.key]);
    else return;
    event.preventDefault();
  });
  byId(id).addEventListener("focus", () => {
    if (scened.drawable && state.mode !== mode && byId(id).matches(":focus-visible")) follow(mode, state[PLACES[mode]]);
  });
}

/** What lies under a pointer, as {mode, at}: a cell of an input, a kernel or an output. */
function under(event) {
  const svg = event.target.closest?.("svg");
  const part = svg?.parentElement.dataset.part;
  if (!scened.drawable || !part) return undefined;
  const at = cellUnder(svg, event);
  if (!at) return undefined;
  if (part === "input") return inputUnder(at);
  if (part === "spread") return spreadUnder(at);
  return { mode: part === "kernel" ? "tap" : "output", at };
}

/** The input that stands at a position, or is mirrored there. */
function inputUnder([row, column]) {
  const { height, width } = scened;
  if (!canFollow("input")) return undefined;
  const at = [height.sources[row - height.from], width.sources[column - width.from]];
  return at.includes(-1) ? undefined : { mode: "input", at };
}

function spreadUnder(at) {
  const found = [scened.height, scened.width].map((axis, i) => (axis.spread ?? { at: [0] }).at.indexOf(at[i]));
  return found.includes(-1) ? undefined : { mode: "input", at: found };
}

/** Shows what is under the pointer; the chosen places stay. */
function hover(event) {
  const found = event.pointerType === "touch" || playing ? undefined : under(event);
  if (found && !canFollow(found.mode)) return;
  if (String(found?.mode) + String(found?.at) === String(preview?.mode) + String(preview?.at)) return;
  preview = found;
  try {
    drawWindow();
  } catch (failure) {
    fail(failure);
  }
}

byId("grids").addEventListener("pointermove", hover);
byId("grids").addEventListener("pointerleave", (event) => {
  if (preview) hover(event);
});
byId("grids").addEventListener("click", (event) => {
  const found = under(event);
  if (!found) return;
  play(false);
  follow(found.mode, found.at);
});
byId("step").addEventListener("input", () => {
  const place = Number(byId("step").value);
  const columns = extent(state.mode)[1];
  follow(state.mode, [Math.floor(place / columns), place % columns]);
});
