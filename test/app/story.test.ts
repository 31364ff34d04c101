// The story of the selection: when it is read, that only the selected process' own is shown, a pane on wide screens and an overlay on others.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Action, Effect } from '../../src/app/actions.ts';
import { paneOrder } from '../../src/app/layout.ts';
import { shownStory } from '../../src/app/story.ts';
import type { AppState } from '../../src/app/state.ts';
import { update } from '../../src/app/update.ts';
import { draw } from '../../src/view/screen.ts';
import { flat } from '../view/flat.ts';
import { homeState, inspectState, snapshot, story } from './fake.ts';

const test = suite('app/story');

const WEB = { pid: 5632, starttime: 56320 };

function play(
  state: AppState,
  ...actions: readonly (Action | string)[]
): { state: AppState; effects: readonly Effect[] } {
  const effects: Effect[] = [];
  for (const action of actions) {
    const updated = update(state, typeof action === 'string' ? { type: 'key', key: action } : action);
    state = updated.state;
    effects.push(...updated.effects.filter(({ effect }) => effect === 'story'));
  }
  return { state, effects };
}

const TOLD: Action = { type: 'story', facts: story() };

test('on a narrow screen it is read while it lies over the panes', () => {
  const narrow = inspectState('en', 80, 24);
  assert.is(narrow.storyAsked, null);
  const { state, effects } = play(narrow, 'w');
  assert.equal(effects, [{ effect: 'story', of: WEB }]);
  assert.match(flat(state).join('\n'), 'reading who it is');
  const told = play(state, TOLD).state;
  assert.match(flat(told).join('\n'), /parents +5609 containerd-shim ← 1 init/);
  const drawn = play(told, { type: 'measured', extents: draw(told).extents }, 'G').state;
  assert.match(flat(drawn).join('\n'), '/run/docker.sock');
  assert.equal(play(told, 'q'), {
    state: { ...told, overlay: null, storyAsked: null, notice: null },
    effects: [{ effect: 'story', of: null }],
  });
});

test('on a wide screen there is a pane for it, which has a place in the order of Tab', () => {
  const wide = inspectState('en', 160, 48);
  assert.equal(wide.storyAsked, WEB);
  const { state } = play(wide, TOLD);
  assert.match(flat(state).join('\n'), /CapEff +docker’s default fourteen/);
  assert.match(flat(state).join('\n'), /uid map +0–65535 inside are/);
  assert.is(play(state, 'w').state.focus, 'story');
  assert.is(play(state, 'w').state.overlay, null);
  assert.ok(paneOrder('inspect', { width: 160, height: 48 }).includes('story'));
  assert.not.ok(paneOrder('inspect', { width: 120, height: 48 }).includes('story'));
  // A pane that is not there any more has no focus.
  const smaller = play(state, 'w', { type: 'resize', size: { width: 120, height: 40 } }).state;
  assert.is(smaller.focus, 'tree');
  assert.is(
    play(play(state, 'w').state, { type: 'resize', size: { width: 170, height: 40 } }).state.focus,
    'story',
  );
});

test('the next selection’s own is read, and until then no other’s is shown for it', () => {
  const { state } = play(inspectState('en', 160, 48), TOLD);
  assert.ok(shownStory(state));
  const shim = play(state, 'k');
  assert.equal(shim.effects, [{ effect: 'story', of: { pid: 5609, starttime: 56090 } }]);
  assert.is(shownStory(shim.state), null);
  assert.match(flat(shim.state).join('\n'), 'reading who it is');
  // An answer that was under way comes late.
  assert.is(shownStory(play(shim.state, TOLD).state), null);
  const gone = { ...snapshot(), processes: snapshot().processes.filter(({ pid }) => pid !== 5609) };
  assert.match(
    flat(play(shim.state, { type: 'snapshot', snapshot: gone }).state).join('\n'),
    'the process has ended',
  );
});

test('elsewhere nothing is read', () => {
  const home = homeState('en', 200, 60);
  assert.is(home.storyAsked, null);
  assert.equal(play(inspectState('en', 160, 48), 'q').effects, [{ effect: 'story', of: null }]);
});

test.run();
