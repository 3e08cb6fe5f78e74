// Numbers of the reader's own in the input and the kernel, and pictures from disk.
const LARGEST_PICTURE = 96;
const KERNELS = {
  edge: "1 -1", vertical: "1 0 -1\n2 0 -2\n1 0 -1", horizontal: "1 2 1\n0 0 0\n-1 -2 -1",
  mean: "0.111 0.111 0.111\n0.111 0.111 0.111\n0.111 0.111 0.111", sharpen: "0 -1 0\n-1 5 -1\n0 -1 0", outline: "-1 -1 -1\n-1 8 -1\n-1 -1 -1",
};

function showOwn() {
  for (const [id, key] of [["own-x", "x"], ["own-kernel", "kernel"]]) {
    const text = key === "x" && picture ? "" : state[key];
    if (document.activeElement !== byId(id)) byId(id).value = text;
  }
  byId("own-kernel").disabled = byId("kernels").disabled = !hasKernel();
  const { problem } = scened;
  byId("own-problem").hidden = problem === null;
  byId("own-problem").textContent = problem === null ? "" : problem.word ? words.noNumber(problem.word)
    : words.noMatrix(problem.of, problem.rows, problem.columns, problem.matrices);
  byId("own-picture").textContent = picture && state.x ? words.pictureNote : "";
  if (state.x || state.kernel) byId("own").open = true;
}

function writeKernels() {
  byId("kernels").replaceChildren(element("option", words.choose, { value: "" }),
    ...Object.keys(KERNELS).map((name) => element("option", words.kernels[name], { value: name })));
}

for (const [id, key] of [["own-x", "x"], ["own-kernel", "kernel"]]) {
  byId(id).addEventListener("input", () => {
    if (key === "x") picture = false;
    ask({ [key]: byId(id).value.trim() === "" ? "" : byId(id).value });
  });
}
byId("kernels").addEventListener("change", () => {
  const text = KERNELS[byId("kernels").value];
  byId("kernels").value = "";
  if (!text) return;
  const rows = text.split("\n");
  const size = [rows.length, rows[0].split(" ").length];
  const change = { kernel: text };
  if (answered.numbers && axesOf(answered.numbers.type) === 2) {
    sliders.numbers.kernel = size;
    change.layers = notation(sliders.numbers);
  }
  ask(change, "kernels", true);
});
byId("lesson-numbers").addEventListener("click", () => {
  picture = false;
  ask({ x: "", kernel: "" }, "own", true);
});

byId("picture").addEventListener("change", async () => {
  const file = byId("picture").files[0];
  byId("picture").value = "";
  if (!file) return;
  try {
    usePicture(await createImageBitmap(file));
  } catch {
    byId("own-problem").hidden = false;
    byId("own-problem").textContent = words.noPicture;
  }
});

/** Takes a picture as the input: in grey, or in three colours where the layer takes three channels. */
function usePicture(bitmap) {
  const scale = Math.min(1, LARGEST_PICTURE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const channels = scened.channels.in;
  const matrix = (valueAt) => Array.from({ length: canvas.height }, (_, row) => Array.from({ length: canvas.width },
    (_, column) => valueAt(4 * (row * canvas.width + column))).join(" ")).join("\n");
  const grey = (i) => Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
  const x = channels === 3 ? [0, 1, 2].map((c) => matrix((i) => data[i + c])).join("\n\n") : matrix(grey);
  picture = true;
  const sizes = sizesIn(state.input) ?? [];
  ask({ input: [...sizes.slice(0, -2), canvas.height, canvas.width].join("x"), x, cell: [0, 0] }, "picture", true);
}
