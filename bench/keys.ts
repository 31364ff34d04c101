// From a key to its drawing while the program refreshes each second: keys at random moments in a real terminal, each timed until the screen shows
// what that key alone does: a refresh moves neither the selection nor the focus nor the prompt.
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../test/support/process.ts';
import { type Tui, withTui } from '../test/tui/support/pty.ts';
import { fixed, quantile } from './numbers.ts';

/** Milliseconds. */
export interface Keys {
  readonly processes: number;
  readonly groups: number;
  readonly pressed: number;
  /** Keys whose effect was not seen within a second. */
  readonly unanswered: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The slowest, by key: the 90th percentile and the highest. */
  readonly byKey: Readonly<Record<string, { readonly p90: number; readonly max: number }>>;
}

/** Each leads back to where it began, from the first row, so that every key has something to do. */
const WALKS: readonly (readonly string[])[] = [
  ['j', 'j', 'k', 'k'],
  ['PageDown', 'PageDown', 'PageUp', 'PageUp'],
  ['G', 'k', 'g'],
  ['Tab', 'Tab', 'Tab', 'Tab'],
  ['t', 'j', 't', 'j', 't'],
  ['/', 'c', 'r', 'Esc'],
  ['f', 'w', 'd', 'Esc'],
];
const ANSWER_MS = 1_000;
const [LEAST_PAUSE_MS, MOST_PAUSE_MS] = [30, 330];

export async function measureKeys(
  crowd: Pick<Keys, 'processes' | 'groups'>,
  count: number,
  size = { cols: 120, rows: 40 },
): Promise<Keys> {
  const taken: { readonly key: string; readonly ms: number | null }[] = [];
  await withTui({ args: ['inspect'], ...size }, async (tui) => {
    await tui.waitFor(/› *[│├└●]|●/, 60_000);
    tui.press('a');
    await sleep(2_000);
    tui.press('g');
    await sleep(1_000);
    while (taken.length < count) {
      for (const key of WALKS[Math.floor(Math.random() * WALKS.length)] ?? []) {
        await sleep(LEAST_PAUSE_MS + Math.random() * (MOST_PAUSE_MS - LEAST_PAUSE_MS));
        taken.push({ key, ms: await timeOf(tui, key) });
      }
      await sleep(200);
      tui.press('g');
      await sleep(200);
    }
    if (process.env['BENCH_SCREEN']) console.log(tui.text());
  });
  const answered = taken.flatMap(({ ms }) => ms ?? []);
  const names = [...new Set(taken.map(({ key }) => key))].sort();
  return {
    ...crowd,
    pressed: taken.length,
    unanswered: taken.length - answered.length,
    p50: quantile(answered, 0.5),
    p99: quantile(answered, 0.99),
    max: Math.max(...answered),
    byKey: Object.fromEntries(
      names.map((name) => {
        const of = taken.flatMap(({ key, ms }) => (key === name && ms !== null ? [ms] : []));
        return [name, { p90: quantile(of, 0.9), max: Math.max(...of) }];
      }),
    ),
  };
}

/** Milliseconds from the writing of the key to the arrival of the first output after which the screen says what only a key changes. */
async function timeOf(tui: Tui, key: string): Promise<number | null> {
  const before = signature(tui.text());
  let seen: number | undefined;
  const stop = tui.onDrawn((arrivedAt) => {
    if (seen === undefined && signature(tui.text()) !== before) seen = arrivedAt;
  });
  try {
    const pressedAt = performance.now();
    tui.press(key);
    return (await until('an answer', () => seen, ANSWER_MS)) - pressedAt;
  } catch {
    return null;
  } finally {
    stop();
  }
}

/** The rows that are marked as selected, the title with the mark of the focus, the tree's title, and the line of prompts and notices. */
function signature(text: string): string {
  const lines = text.split('\n');
  const marked = lines.flatMap((line) => /[│▸]? ›.*?│|[┌├]─?[^│]*▸.*/.exec(line)?.[0] ?? []);
  return [lines[1], ...marked, lines.at(-2)].join('\n');
}

export function keysTable({
  processes,
  groups,
  pressed,
  unanswered,
  p50,
  p99,
  max,
  byKey,
}: Keys): readonly string[] {
  return [
    'key to paint, ms   processes    groups      keys unanswered       p50       p99       max',
    `${' '.repeat(18)}${fixed(processes, 0, 10)}${fixed(groups, 0, 10)}${fixed(pressed, 0, 10)}${fixed(unanswered, 0, 11)}${fixed(p50, 1, 10)}${fixed(p99, 1, 10)}${fixed(max, 1, 10)}`,
    `  p90/max by key: ${Object.entries(byKey)
      .map(([key, { p90, max: most }]) => `${key} ${p90.toFixed(0)}/${most.toFixed(0)}`)
      .join('  ')}`,
  ];
}
