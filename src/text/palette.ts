// The 256 colours of a terminal as xterm has them (its 256colres.h and XTerm-col.ad): what each looks like, and which is nearest to another.

/** The first sixteen; a terminal's theme may have others. */
const SIXTEEN: readonly number[] = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
  0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];

const PALETTE: readonly number[] = [
  ...SIXTEEN,
  ...Array.from({ length: 216 }, (_, at) =>
    rgb(level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6)),
  ),
  ...Array.from({ length: 24 }, (_, at) => rgb(8 + at * 10, 8 + at * 10, 8 + at * 10)),
];

/** The brightness of one of the six steps of the colour cube. */
function level(step: number): number {
  return step === 0 ? 0 : 55 + step * 40;
}

function rgb(red: number, green: number, blue: number): number {
  return (red << 16) | (green << 8) | blue;
}

/** Colour 0 to 255 as 0xRRGGBB. */
export function paletteColour(index: number): number {
  return PALETTE[index] ?? 0;
}

/** The colour of 16 to 255 that is nearest to 0xRRGGBB: what a theme does not change. */
export function nearestOf256(colour: number): number {
  return nearest(colour, 16, PALETTE.length);
}

/** The colour of 0 to 15 that is nearest to colour 0 to 255. */
export function nearestOf16(index: number): number {
  return index < 16 ? index : nearest(paletteColour(index), 0, 16);
}

function nearest(colour: number, from: number, to: number): number {
  let best = from;
  for (let index = from; index < to; index += 1) {
    if (distance(colour, paletteColour(index)) < distance(colour, paletteColour(best))) best = index;
  }
  return best;
}

/** Weighted as the eye weighs red, green and blue. */
function distance(a: number, b: number): number {
  const [red, green, blue] = [16, 8, 0].map((shift) => ((a >> shift) & 255) - ((b >> shift) & 255));
  return 3 * (red ?? 0) ** 2 + 6 * (green ?? 0) ** 2 + (blue ?? 0) ** 2;
}
