// How long the terminal program takes to its first drawing, beside a bare node that writes one byte to the same kind of terminal.
import { until } from '../test/support/process.ts';
import { withTui } from '../test/tui/support/pty.ts';
import { fixed, median } from './numbers.ts';
import { CLI } from './programs.ts';

/** Medians, in milliseconds from the start of the process. */
export interface FirstPaint {
  readonly node: number;
  /** The first drawing: frames, keys, `reading`. */
  readonly nscope: number;
  /** The first drawing that shows the host. */
  readonly host: number;
}

export async function measureFirstPaint(rounds: number): Promise<FirstPaint> {
  const taken: Record<keyof FirstPaint, number[]> = { node: [], nscope: [], host: [] };
  for (let round = 0; round < rounds; round += 1) {
    taken.node.push(
      await timeUntil([process.execPath, '-e', 'process.stdout.write("x");setTimeout(() => {}, 1e6)'], 'x'),
    );
    taken.nscope.push(await timeUntil([process.execPath, CLI, 'inspect'], '┌'));
    taken.host.push(await timeUntil([process.execPath, CLI, 'inspect'], /host +4026\d{6}|├─|└─/));
  }
  return { node: median(taken.node), nscope: median(taken.nscope), host: median(taken.host) };
}

async function timeUntil(command: readonly string[], what: string | RegExp): Promise<number> {
  const started = performance.now();
  return withTui({ command }, async (tui) => {
    let found: number | undefined;
    tui.onDrawn((arrivedAt) => {
      const text = tui.text();
      if (typeof what === 'string' ? text.includes(what) : what.test(text)) found ??= arrivedAt;
    });
    return (await until(`${String(what)} on the screen`, () => found, 30_000)) - started;
  });
}

export function firstPaintTable({ node, nscope, host }: FirstPaint): readonly string[] {
  return [
    'first paint, ms        node    nscope  nscope-node      host',
    `                 ${fixed(node, 0, 10)}${fixed(nscope, 0, 10)}${fixed(nscope - node, 0, 13)}${fixed(host, 0, 10)}`,
  ];
}
