// Starts the page: controls, language, first answer.
byId("layers").addEventListener("input", (event) => {
  ask({ layers: byId("layers").value }, "layers", (event.inputType ?? "").startsWith("insertFrom")); // a paste, a drop
});
byId("input").addEventListener("input", () => ask({ input: byId("input").value }, "input"));
byId("net").addEventListener("change", () => {
  const net = NETS.find((known) => known.name === byId("net").value);
  if (net) ask({ ...FRESH, cell: undefined, layers: net.layers, input: net.input }, "net", true);
});
addEventListener("resize", () => ask({}));
byId("projector").addEventListener("click", () => {
  byId("projector").setAttribute("aria-pressed", document.body.classList.toggle("projector"));
  ask({});
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address holds the state
  byId(byId("drawing").hidden ? "layers" : "output-grid").focus();
});

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(byId(button.dataset.copy).textContent));
}
byId("link").addEventListener("click", () => {
  keep();
  copy(location.href, location.protocol === "file:" ? words.copiedHere : words.copied);
});

async function copy(text, done = words.copied) {
  try {
    await navigator.clipboard.writeText(text);
    byId("copied").textContent = done;
  } catch {
    byId("copied").textContent = words.notCopied;
  }
}

function speak(chosen) {
  language = chosen;
  languageChosen = true;
  write();
}

function write() {
  words = WORDS[language];
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const labelled of document.querySelectorAll("[data-t]")) labelled.textContent = words[labelled.dataset.t];
  for (const labelled of document.querySelectorAll("[data-l]")) labelled.setAttribute("aria-label", words[labelled.dataset.l]);
  byId("find").placeholder = words.find;
  byId("language").textContent = words.other;
  byId("language").lang = language === "zh" ? "en" : "zh-CN";
  byId("net").replaceChildren(element("option", words.choose, { value: "" }), ...NETS.map(({ name }) => element("option", name, { value: name })));
  writeKernels();
  sliders.build(words);
  byId("copied").textContent = "";
  lessons.build();
  comparison.build();
}

byId("language").addEventListener("click", () => {
  speak(language === "en" ? "zh" : "en");
  ask({});
});
