// The core's arithmetic is packed, so that the page stays small: base64 of RFC 1951's deflate. A
// browser unpacks by itself in promises alone, and the page is to be there at once.
function unpacked(text) {
  const letters = atob(text);
  const packed = new Uint8Array(letters.length);
  for (let i = 0; i < packed.length; i++) packed[i] = letters.charCodeAt(i);
  return new TextDecoder().decode(inflate(packed));
}

/** Lengths and distances of RFC 1951, 3.2.5: [extra bits, least] for each code. */
function steps(least, extras) {
  return extras.map((extra) => {
    const step = [extra, least];
    least += 2 ** extra;
    return step;
  });
}
const LENGTHS = steps(3, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]).concat([[0, 258]]);
const DISTANCES = steps(1, [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13]);
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]; // of the code lengths

/**
 * Codes of up to 15 bits: for whatever the next bits are, the symbol that they begin with, times
 * 16, and the length of its code; 0 where no code begins so.
 */
function codesOf(lengths) {
  const width = Math.max(1, ...lengths);
  const table = new Uint16Array(1 << width);
  let code = 0;
  for (let length = 1; length <= width; length++) {
    code <<= 1;
    lengths.forEach((own, symbol) => {
      if (own !== length) return;
      for (let at = reversed(code++, length); at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
    });
  }
  return { table, width };
}

/** A code's bits the other way round: a file has its first bit first. */
function reversed(code, length) {
  let turned = 0;
  for (let i = 0; i < length; i++) turned |= ((code >> i) & 1) << (length - 1 - i);
  return turned;
}

function inflate(packed) {
  let [at, held, bits, size] = [0, 0, 0, 0];
  let out = new Uint8Array(packed.length * 8);
  const hold = (count) => {
    for (; bits < count; bits += 8) {
      if (at > packed.length + 2) throw new Error("the page's file is damaged"); // a code may end behind it
      held |= packed[at++] << bits;
    }
  };
  const drop = (count) => {
    held >>>= count;
    bits -= count;
  };
  const take = (count) => {
    hold(count);
    const value = held & ((1 << count) - 1);
    drop(count);
    return value;
  };
  const symbolOf = ({ table, width }) => {
    hold(width);
    const found = table[held & (table.length - 1)];
    if (found === 0) throw new Error("the page's file is damaged");
    drop(found & 15);
    return found >> 4;
  };
  const room = (more) => {
    if (size + more <= out.length) return;
    const larger = new Uint8Array(2 * out.length + more);
    larger.set(out);
    out = larger;
  };
  const dynamic = () => {
    const [literals, distances, many] = [take(5) + 257, take(5) + 1, take(4) + 4];
    const own = new Array(19).fill(0);
    for (let i = 0; i < many; i++) own[ORDER[i]] = take(3);
    const codes = codesOf(own);
    const lengths = [];
    while (lengths.length < literals + distances) {
      const symbol = symbolOf(codes);
      if (symbol < 16) lengths.push(symbol);
      else if (symbol === 16) lengths.push(...new Array(3 + take(2)).fill(lengths[lengths.length - 1]));
      else lengths.push(...new Array(symbol === 17 ? 3 + take(3) : 11 + take(7)).fill(0));
    }
    return [codesOf(lengths.slice(0, literals)), codesOf(lengths.slice(literals))];
  };
  const fixed = () => [
    codesOf(Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))), codesOf(new Array(30).fill(5)),
  ];
  for (let isLast = 0; isLast === 0;) {
    isLast = take(1);
    const kind = take(2);
    if (kind === 0) {
      at -= bits >> 3; // what was held of the next bytes
      [held, bits] = [0, 0];
      const count = packed[at] | (packed[at + 1] << 8);
      room(count);
      out.set(packed.subarray(at + 4, at + 4 + count), size);
      [at, size] = [at + 4 + count, size + count];
      continue;
    }
    const [literals, distances] = kind === 2 ? dynamic() : fixed();
    for (let symbol = symbolOf(literals); symbol !== 256; symbol = symbolOf(literals)) {
      room(258);
      if (symbol < 256) {
        out[size++] = symbol;
        continue;
      }
      const [extra, length] = LENGTHS[symbol - 257];
      const end = size + length + take(extra);
      const [more, distance] = DISTANCES[symbolOf(distances)];
      const from = distance + take(more);
      for (; size < end; size++) out[size] = out[size - from];
    }
  }
  return out.subarray(0, size);
}

const core = document.createElement("script");
core.textContent = unpacked(document.getElementById("core").textContent);
document.head.append(core); // runs at once, and defines what the page asks
