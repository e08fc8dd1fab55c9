// QR codes (ISO/IEC 18004) of short texts: byte mode, error correction M, versions 1 to 15. Pure: text in, a square
// of modules out, true for dark.
const correctionPerBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
const blocksOf = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];

export type Modules = boolean[][];

/** null: the text is too long. */
export function qrOf(text: string): Modules | null {
  const octets = new TextEncoder().encode(text);
  for (let version = 1; version <= blocksOf.length; ++version) {
    const room = codewordsOf(version) - correctionPerBlock[version - 1]! * blocksOf[version - 1]!;
    const header = version < 10 ? 12 : 20;
    if (octets.length * 8 + header <= room * 8)
      return draw(version, interleave(version, dataOf(octets, room, header - 4)));
  }
  return null;
}

function codewordsOf(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55 + (version >= 7 ? 36 : 0);
  }
  return modules >> 3;
}

function dataOf(octets: Uint8Array, room: number, lengthBits: number): number[] {
  const bits: number[] = [];
  const push = (value: number, count: number) => {
    for (let i = count - 1; i >= 0; --i) bits.push((value >> i) & 1);
  };
  push(4, 4);
  push(octets.length, lengthBits);
  octets.forEach((octet) => push(octet, 8));
  push(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const data = Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(i * 8, i * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0),
  );
  for (let filler = 0xec; data.length < room; filler ^= 0xec ^ 0x11) data.push(filler);
  return data;
}

/** In GF(2^8) with the polynomial 0x11d. */
function times(x: number, y: number): number {
  let product = 0;
  for (let i = 7; i >= 0; --i) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((y >> i) & 1) * x);
  return product;
}

function correctionOf(data: number[], count: number): number[] {
  const divisor = Array<number>(count).fill(0);
  divisor[count - 1] = 1;
  for (let i = 0, root = 1; i < count; ++i, root = times(root, 2)) {
    for (let j = 0; j < count; ++j) divisor[j] = times(divisor[j]!, root) ^ (divisor[j + 1] ?? 0);
  }
  const remainder = Array<number>(count).fill(0);
  for (const octet of data) {
    const factor = octet ^ remainder.shift()!;
    remainder.push(0);
    divisor.forEach((one, i) => {
      remainder[i]! ^= times(one, factor);
    });
  }
  return remainder;
}

function interleave(version: number, data: number[]): number[] {
  const count = blocksOf[version - 1]!;
  const correction = correctionPerBlock[version - 1]!;
  const whole = codewordsOf(version);
  const short = Math.floor(whole / count) - correction;
  const shortBlocks = count - (whole % count);
  const blocks: number[][] = [];
  for (let i = 0, at = 0; i < count; ++i) {
    const size = short + (i < shortBlocks ? 0 : 1);
    blocks.push(data.slice(at, at + size));
    at += size;
  }
  const checks = blocks.map((block) => correctionOf(block, correction));
  const columns = (rows: number[][]) =>
    Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, i) =>
      rows.flatMap((row) => (i < row.length ? [row[i]!] : [])),
    ).flat();
  return [...columns(blocks), ...columns(checks)];
}

const masks: Array<(x: number, y: number) => boolean> = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function draw(version: number, codewords: number[]): Modules {
  const size = version * 4 + 17;
  const modules: Modules = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const fixed: Modules = modules.map((row) => [...row]);
  const set = (x: number, y: number, dark: boolean) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    modules[y]![x] = dark;
    fixed[y]![x] = true;
  };
  for (let i = 0; i < size; ++i) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  const square = (cx: number, cy: number, reach: number, light: number[]) => {
    for (let y = -reach; y <= reach; ++y) {
      for (let x = -reach; x <= reach; ++x) set(cx + x, cy + y, !light.includes(Math.max(Math.abs(x), Math.abs(y))));
    }
  };
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(x, y, 4, [2, 4]);
  const marks = alignmentsOf(version, size);
  const last = marks.length - 1;
  marks.forEach((y, i) =>
    marks.forEach((x, j) => {
      const inCorner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!inCorner) square(x, y, 2, [1]);
    }),
  );
  drawVersion(version, size, set);
  drawFormat(0, size, set);
  place(codewords, size, modules, fixed);
  let best: { modules: Modules; penalty: number } | null = null;
  masks.forEach((mask, number) => {
    const tried = modules.map((row, y) => row.map((dark, x) => (fixed[y]![x] ? dark : dark !== mask(x, y))));
    drawFormat(number, size, (x, y, dark) => {
      tried[y]![x] = dark;
    });
    const penalty = penaltyOf(tried);
    if (best === null || penalty < best.penalty) best = { modules: tried, penalty };
  });
  return best!["modules"];
}

function alignmentsOf(version: number, size: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - (count - 2 - i) * step)];
}

type Set = (x: number, y: number, dark: boolean) => void;

function drawVersion(version: number, size: number, set: Set): void {
  if (version < 7) return;
  let rest = version;
  for (let i = 0; i < 12; ++i) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; ++i) {
    const dark = ((bits >> i) & 1) === 1;
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
    set(a, b, dark);
    set(b, a, dark);
  }
}

function drawFormat(mask: number, size: number, set: Set): void {
  let rest = mask; // level M is 00
  for (let i = 0; i < 10; ++i) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const dark = (i: number) => ((bits >> i) & 1) === 1;
  for (let i = 0; i <= 5; ++i) set(8, i, dark(i));
  set(8, 7, dark(6));
  set(8, 8, dark(7));
  set(7, 8, dark(8));
  for (let i = 9; i < 15; ++i) set(14 - i, 8, dark(i));
  for (let i = 0; i < 8; ++i) set(size - 1 - i, 8, dark(i));
  for (let i = 8; i < 15; ++i) set(8, size - 15 + i, dark(i));
  set(8, size - 8, true);
}

function place(codewords: number[], size: number, modules: Modules, fixed: Modules): void {
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; ++step) {
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (fixed[y]![x] || at >= codewords.length * 8) continue;
        modules[y]![x] = ((codewords[at >> 3]! >> (7 - (at & 7))) & 1) === 1;
        ++at;
      }
    }
  }
}

/** Long runs, blocks of one colour, and an uneven balance disturb a camera. */
function penaltyOf(modules: Modules): number {
  const size = modules.length;
  let penalty = 0;
  let dark = 0;
  for (let i = 0; i < size; ++i) {
    for (const line of [modules[i]!, modules.map((row) => row[i]!)]) {
      for (let j = 1, run = 1; j <= size; ++j) {
        if (j < size && line[j] === line[j - 1]) {
          ++run;
        } else {
          if (run >= 5) penalty += run - 2;
          run = 1;
        }
      }
    }
    for (let j = 0; j < size; ++j) {
      if (modules[i]![j]) ++dark;
      const same =
        i > 0 &&
        j > 0 &&
        [modules[i - 1]![j], modules[i]![j - 1], modules[i - 1]![j - 1]].every((one) => one === modules[i]![j]);
      if (same) penalty += 3;
    }
  }
  return penalty + Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size)) * 10;
}
