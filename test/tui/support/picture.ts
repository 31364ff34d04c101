// A screen as a picture, for a developer to look at: cells to SVG, SVG to PNG. Compares nothing.
// Fonts are the system's: a monospace one (DejaVu Sans Mono, package fonts-dejavu-core) and, for Chinese, any with the characters
// (WenQuanYi Zen Hei, package fonts-wqy-zenhei). Without a font a character is missing in the PNG; the SVG has it all the same.
import { Resvg } from '@resvg/resvg-js';
import type { Cell, Colour } from './pty.ts';

/** Pixels of a cell, and the font size whose advance (0.602 em in DejaVu Sans Mono) is that wide. */
const CELL = { width: 9, height: 18, font: 14.95, baseline: 14 } as const;
const FAMILY = "'DejaVu Sans Mono', 'WenQuanYi Zen Hei Mono', 'Noto Sans Mono CJK SC', monospace";
const PAPER = '#101418';
const INK = '#d0d4d8';

/** xterm's first sixteen colours. */
const SIXTEEN = (
  '#000000 #cd3131 #0dbc79 #e5e510 #3b78ff #bc3fbc #11a8cd #c8ccd0 ' +
  '#767676 #f14c4c #23d18b #f5f543 #70a5ff #d670d6 #29b8db #ffffff'
).split(' ');

/** A colour of the terminal as CSS; the palette's upper 240 are xterm's cube (16–231) and greys (232–255). */
export function cssOf(colour: Colour, otherwise: string): string {
  if (colour === 'default') return otherwise;
  if ('rgb' in colour) return hex(colour.rgb >> 16, (colour.rgb >> 8) & 255, colour.rgb & 255);
  const index = colour.palette;
  if (index < 16) return SIXTEEN[index] ?? otherwise;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return hex(grey, grey, grey);
  }
  const cube = index - 16;
  return hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** The brightness of one of the six steps of the colour cube. */
function level(step: number): number {
  return step === 0 ? 0 : 55 + step * 40;
}

/** The screen as an SVG document. */
export function svgOf(cells: readonly (readonly Cell[])[]): string {
  const width = (cells[0]?.length ?? 0) * CELL.width;
  const height = cells.length * CELL.height;
  const paper: string[] = [];
  const ink: string[] = [];
  for (const [y, row] of cells.entries()) {
    for (const [x, cell] of row.entries()) {
      if (cell.width === 0) continue;
      const own = { fg: cssOf(cell.fg, INK), bg: cssOf(cell.bg, PAPER) };
      const { fg, bg } = cell.inverse ? { fg: own.bg, bg: own.fg } : own;
      const left = x * CELL.width;
      const wide = cell.width * CELL.width;
      if (bg !== PAPER) {
        paper.push(
          `<rect x="${left}" y="${y * CELL.height}" width="${wide}" height="${CELL.height}" fill="${bg}"/>`,
        );
      }
      const style = [
        `fill="${fg}"`,
        ...(cell.bold ? ['font-weight="bold"'] : []),
        ...(cell.italic ? ['font-style="italic"'] : []),
        ...(cell.dim ? ['opacity="0.6"'] : []),
        ...(cell.underline ? ['text-decoration="underline"'] : []),
      ];
      if (cell.chars.trim() === '' && !cell.underline) continue;
      // One element a cell: a fallback font's advance must not shift what follows.
      ink.push(
        `<text x="${left}" y="${y * CELL.height + CELL.baseline}" ${style.join(' ')}>${escape(cell.chars)}</text>`,
      );
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>`,
    `<g shape-rendering="crispEdges">${paper.join('')}</g>`,
    `<g font-family="${FAMILY}" font-size="${CELL.font}" xml:space="preserve">`,
    ...ink,
    '</g></svg>\n',
  ].join('\n');
}

/** An SVG document as PNG bytes, drawn with the system's fonts. */
export function pngOf(svg: string): Buffer {
  const font = {
    loadSystemFonts: true,
    defaultFontFamily: 'DejaVu Sans Mono',
    monospaceFamily: 'DejaVu Sans Mono',
  };
  return new Resvg(svg, { font }).render().asPng();
}

function hex(...rgb: readonly number[]): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
