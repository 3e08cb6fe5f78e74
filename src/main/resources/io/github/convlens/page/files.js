// Exported programs (.pt2) from this machine. The archive's list and the few records of text that
// tell the program are read here; what they say is read by the core.
const MOST_TEXT = 128 * 2 ** 20;

class FileError extends Error {}

/** The records of a zip archive by their names: where each is, and how it is packed. */
async function zipRecords(file) {
  const tail = await view(file, Math.max(0, file.size - 65557), file.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new FileError(words.fileDamaged(file.name));
  let count = tail.getUint16(end + 10, true);
  let size = tail.getUint32(end + 12, true);
  let start = tail.getUint32(end + 16, true);
  if (end >= 20 && tail.getUint32(end - 20, true) === 0x07064b50) {
    const at = Number(tail.getBigUint64(end - 12, true));
    const long = await view(file, at, at + 56);
    if (long.getUint32(0, true) !== 0x06064b50) throw new FileError(words.fileDamaged(file.name));
    [count, size, start] = [32, 40, 48].map((place) => Number(long.getBigUint64(place, true)));
  }
  const list = await view(file, start, start + size);
  const records = new Map();
  for (let at = 0, i = 0; i < count; i++) {
    if (list.getUint32(at, true) !== 0x02014b50) throw new FileError(words.fileDamaged(file.name));
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => list.getUint16(at + place, true));
    const name = new TextDecoder().decode(new Uint8Array(list.buffer, at + 46, nameLength));
    const record = { method: list.getUint16(at + 10, true), packed: list.getUint32(at + 20, true), size: list.getUint32(at + 24, true), header: list.getUint32(at + 42, true) };
    readLong(record, list, at + 46 + nameLength, extraLength);
    records.set(name, record);
    at += 46 + nameLength + extraLength + commentLength;
  }
  return records;
}

/** Numbers that four bytes are too few for stand behind the name. */
function readLong(record, list, from, length) {
  for (let at = from; at + 4 <= from + length;) {
    const size = list.getUint16(at + 2, true);
    if (list.getUint16(at, true) === 1) {
      let place = at + 4;
      for (const field of ["size", "packed", "header"]) {
        if (record[field] !== 0xffffffff) continue;
        record[field] = Number(list.getBigUint64(place, true));
        place += 8;
      }
    }
    at += 4 + size;
  }
}

async function view(file, from, to) {
  const bytes = await file.slice(from, to).arrayBuffer();
  if (bytes.byteLength < to - from) throw new FileError(words.fileDamaged(file.name));
  return new DataView(bytes);
}

/** A record's text. */
async function recordText(file, { method, packed, size, header }) {
  if (size > MOST_TEXT) throw new FileError(words.fileDamaged(file.name));
  const local = await view(file, header, header + 30);
  const from = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const bytes = file.slice(from, from + packed);
  if (method === 0) return bytes.text();
  return new Response(bytes.stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
}

/** Reads a program and asks about it. */
async function openFile(file) {
  const say = (text, isWrong) => {
    byId("file-note").hidden = false;
    byId("file-note").textContent = text;
    byId("file-note").classList.toggle("wrong", isWrong);
  };
  try {
    const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    if (head[0] !== 0x50 || head[1] !== 0x4b) throw new FileError(words.fileNoZip(file.name));
    const records = await zipRecords(file);
    const needed = JSON.parse(neededRecords(file.name, [...records.keys()]));
    if (needed.error !== null) throw new FileError(needed.error);
    const texts = [];
    for (const name of needed.records) texts.push(name, await recordText(file, records.get(name)));
    const opened = JSON.parse(openProgram(file.name, texts));
    if (opened.error !== null) throw new FileError(opened.error);
    ask({ ...FRESH, layers: opened.layers, input: opened.input }, "file", true);
    say(words.fileNote, false);
  } catch (failure) {
    say(failure instanceof FileError ? failure.message : words.fileDamaged(file.name), true);
  }
}

byId("open-file").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", () => {
  const [file] = byId("file").files;
  if (file) openFile(file);
  byId("file").value = "";
});
addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
for (const end of ["dragleave", "drop"]) addEventListener(end, () => document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  const [file] = event.dataTransfer?.files ?? [];
  if (!file) return;
  event.preventDefault();
  openFile(file);
});
