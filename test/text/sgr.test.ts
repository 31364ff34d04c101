// Paints: modes, nesting in a terminal and in blessed, readable colours.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  afterSgr,
  closingSgr,
  type OpenStyle,
  type PaintMode,
  paintFor,
  type Role,
} from '../../src/text/sgr.ts';
import { cells, plain } from './cells.ts';

const test = suite('text/sgr');

const ROLES: readonly Role[] = [
  'title',
  'dim',
  'strong',
  'good',
  'bad',
  'warn',
  'host',
  'box',
  'changed',
  'selected',
  'code',
  'link',
];
const STYLED: readonly PaintMode[] = ['mono', '16', '256'];

test('none writes no SGR at all', () => {
  for (const role of ROLES) assert.is(paintFor('none')(role, 'text'), 'text');
});

test('mono writes no colour and 256 none of the 16 of the theme', () => {
  for (const role of ROLES) {
    assert.is(cells(paintFor('mono')(role, 'x')).cells[0]?.foreground, '', role);
    const foreground = cells(paintFor('256')(role, 'x')).cells[0]?.foreground ?? '';
    assert.match(foreground, /^$|^38;5;(?:1[6-9]|[2-9]\d|1\d\d|2[0-4]\d|25[0-5])$/, role);
  }
});

test('selected is reverse video, changed is more than a colour', () => {
  for (const mode of STYLED) {
    assert.is(paintFor(mode)('selected', 'x'), '\x1b[7mx\x1b[27m');
    assert.is.not(cells(paintFor(mode)('changed', 'x')).cells[0]?.flags, '', mode);
  }
});

test('every paint ends what it began, and an empty text stays empty', () => {
  for (const mode of STYLED) {
    for (const role of ROLES) {
      assert.is(cells(paintFor(mode)(role, 'x')).open, false, `${mode} ${role}`);
      assert.is(paintFor(mode)(role, ''), '');
    }
  }
});

test('each colour of 256 has a contrast of 3 or more on black and on white', () => {
  for (const role of ROLES) {
    const index = /;(\d+)$/.exec(cells(paintFor('256')(role, 'x')).cells[0]?.foreground ?? '')?.[1];
    if (index === undefined) continue;
    const luminance = luminanceOf(Number(index));
    assert.ok((luminance + 0.05) / 0.05 >= 3, `${role} on black`);
    assert.ok(1.05 / (luminance + 0.05) >= 3, `${role} on white`);
  }
});

/** Relative luminance (WCAG 2) of a colour of xterm's cube or grey ramp. */
function luminanceOf(index: number): number {
  const steps = [0, 95, 135, 175, 215, 255];
  const cube = index - 16;
  const grey = 8 + (index - 232) * 10;
  const rgb =
    index >= 232
      ? [grey, grey, grey]
      : [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((i) => steps[i] ?? 0);
  const [r = 0, g = 0, b = 0] = rgb.map((each) => {
    const part = each / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** A painted tree, and for each leaf the roles around it from the outside in. */
type Tree = string | { readonly role: Role; readonly parts: readonly Tree[] };

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', '中', 'x y'),
    fc.record({
      role: fc.constantFrom(...ROLES),
      parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).tree;

function painted(of: Tree, mode: PaintMode): string {
  return typeof of === 'string'
    ? of
    : paintFor(mode)(of.role, of.parts.map((part) => painted(part, mode)).join(''));
}

function leaves(of: Tree, roles: readonly Role[] = []): { text: string; roles: readonly Role[] }[] {
  if (typeof of === 'string') return [...of].map((text) => ({ text, roles }));
  return of.parts.flatMap((part) => leaves(part, [...roles, of.role]));
}

test('nested paints survive the end of the inner ones, in a terminal and in blessed', () => {
  fc.assert(
    fc.property(tree, fc.constantFrom(...STYLED), (of, mode) => {
      const line = painted(of, mode);
      for (const kind of ['terminal', 'blessed'] as const) {
        const drawn = cells(line, kind);
        assert.is(drawn.open, false);
        const expected = leaves(of).map(({ text, roles }) => {
          const alone = roles.map((role) => cells(paintFor(mode)(role, 'x')).cells[0]);
          const flags = new Set(
            alone.flatMap((cell) => (cell?.flags ?? '').split(' ').filter((flag) => flag !== '')),
          );
          const foreground =
            alone.map((cell) => cell?.foreground ?? '').findLast((each) => each !== '') ?? '';
          return { text, flags: [...flags].sort().join(' '), foreground };
        });
        assert.equal(drawn.cells, expected);
      }
    }),
    { numRuns: 500 },
  );
});

const openAfter = (text: string): readonly OpenStyle[] =>
  [...text.matchAll(/\x1b\[[\d;]*m/g)].reduce<readonly OpenStyle[]>(
    (open, found) => afterSgr(open, found[0]),
    [],
  );

test('afterSgr and closingSgr follow what is open', () => {
  const cases: readonly [string, string][] = [
    ['', ''],
    ['\x1b[1m', '\x1b[22m'],
    ['\x1b[1m\x1b[2m', '\x1b[22m'],
    ['\x1b[1m\x1b[22m', ''],
    ['\x1b[1;4;38;5;28m', '\x1b[39m\x1b[24m\x1b[22m'],
    ['\x1b[31m\x1b[38;5;28m', '\x1b[39m'],
    ['\x1b[48;2;1;2;3m\x1b[101m', '\x1b[49m'],
    ['\x1b[3m\x1b[9m', '\x1b[29m\x1b[23m'],
    ['\x1b[1m\x1b[31m\x1b[0m', ''],
    ['\x1b[1m\x1b[m', ''],
  ];
  for (const [text, expected] of cases)
    assert.is(closingSgr(openAfter(text)), expected, JSON.stringify(text));
});

test('a painted line without its SGR is the text', () => {
  fc.assert(
    fc.property(tree, (of) => {
      const text = leaves(of)
        .map((leaf) => leaf.text)
        .join('');
      for (const mode of STYLED) assert.is(plain(painted(of, mode)), text);
    }),
  );
});

test.run();
