// The output pane: what the experiment's commands said, each stream told apart by a sign. It follows the last line.
import { END } from '../app/moves.ts';
import type { AppState } from '../app/state.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { wrap } from '../text/wrap.ts';
import { type PaneText, type Room, tell, windowed } from './pane-text.ts';

export function outputPane(state: AppState, room: Room, paint: Paint): PaneText {
  const output = state.session?.output ?? [];
  const lines = output.flatMap(({ stream, text }) =>
    wrap(clean(text), room.width - 2).map((line, at) => {
      if (stream === 'command') return paint('code', `${at === 0 ? '$' : ' '} ${line}`);
      if (stream === 'stderr') return paint('warn', `${at === 0 ? '!' : ' '} ${line}`);
      if (stream === 'note') return paint('dim', `${at === 0 ? '·' : ' '} ${line}`);
      return `  ${line}`;
    }),
  );
  const shown = lines.length > 0 ? lines : [paint('dim', tell(state, 'noOutput'))];
  return {
    title: tell(state, 'output'),
    ...windowed(state, 'output', room, shown, { from: state.scroll.output ?? END }),
  };
}
