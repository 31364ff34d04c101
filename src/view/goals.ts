// The goals of a task beside what is: a row for each check, `goal | now | ✓`, renewed with each look of the session. Lines only.
import type { AppState } from '../app/state.ts';
import type { CheckResult } from '../lesson/types.ts';
import { markdownLines } from '../text/markdown.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { cut, pad } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { tell } from './pane-text.ts';

/** What was seen may be a line of a program's output: the rest of it is in the output pane. */
const MOST_LINES = 3;
/** Between two columns. */
const GAP = '  ';

/** The heads and the rows; nothing where nothing was looked at yet. */
export function goalLines(
  state: AppState,
  results: readonly CheckResult[],
  columns: number,
  paint: Paint,
): readonly string[] {
  if (results.length === 0) return [];
  const room = columns - 2 * GAP.length - 1;
  const goal = Math.ceil(room * 0.55);
  const now = room - goal;
  const line = (left: string, middle: string, right: string): string =>
    `${pad(left, goal)}${GAP}${pad(middle, now)}${GAP}${right}`;
  const rows = results.flatMap((result) => {
    const wanted = [...markdownLines(result.label, goal, paint), ...missing(state, result, goal, paint)];
    const seen = shortened(wrap(clean(result.seen), now), now);
    return Array.from({ length: Math.max(wanted.length, seen.length) }, (_, at) =>
      line(wanted[at] ?? '', seen[at] ?? '', at === 0 ? verdictSign(result, paint) : ''),
    );
  });
  return [paint('strong', line(tell(state, 'goal'), tell(state, 'now'), '')), ...rows];
}

/** What would be right, where the goal's own words do not hold it. */
function missing(
  state: AppState,
  { verdict, label, expected }: CheckResult,
  columns: number,
  paint: Paint,
): readonly string[] {
  const wanted = clean(expected);
  if (verdict === 'pass' || label.replaceAll('`', '').includes(wanted)) return [];
  return wrap(`${tell(state, 'expected')} ${wanted}`, columns).map((text) => paint('dim', text));
}

function shortened(lines: readonly string[], columns: number): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES - 1), cut(`${lines[MOST_LINES - 1] ?? ''} …`, columns)];
}

/** ✓ holds, ✗ does not, ? could not be seen. */
export function verdictSign(result: Pick<CheckResult, 'verdict'>, paint: Paint): string {
  if (result.verdict === 'pass') return paint('good', '✓');
  return result.verdict === 'fail' ? paint('bad', '✗') : paint('warn', '?');
}
