// A drawing as the rows of a screen, for tests: later parts lie over earlier ones, as ui/pane.ts lays them.
import type { AppState } from '../../src/app/state.ts';
import { width } from '../../src/text/width.ts';
import { draw } from '../../src/view/screen.ts';

/** The cells of a plain line; the second cell of a wide character is empty. */
function cells(line: string): string[] {
  return [...new Intl.Segmenter().segment(line)].flatMap(({ segment }) =>
    width(segment) === 2 ? [segment, ''] : [segment],
  );
}

/** One text for each row of the terminal; the state must be drawn without colour. */
export function flat(state: AppState): readonly string[] {
  const rows = Array.from({ length: state.size.height }, () => Array<string>(state.size.width).fill(' '));
  for (const { rect, lines } of draw(state).parts) {
    for (const [y, line] of lines.entries()) {
      for (const [x, cell] of cells(line).entries()) {
        const row = rows[rect.y + y];
        if (row) row[rect.x + x] = cell;
      }
    }
  }
  return rows.map((row) => row.join('').trimEnd());
}
