// Pins, the comparison of two targets, the proof of a row, the lesson that teaches it, the ways between inspector and lesson, the other trees.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Action, Effect } from '../../src/app/actions.ts';
import { selectedRow, treeRows } from '../../src/app/rows.ts';
import type { AppState } from '../../src/app/state.ts';
import { comparedOf, targetOf } from '../../src/app/target.ts';
import { contextOf } from '../../src/app/keymap.ts';
import { update } from '../../src/app/update.ts';
import { draw } from '../../src/view/screen.ts';
import { BOX, inspectState, lessonState, session, snapshot, WEB_ID } from './fake.ts';
import { flat } from '../view/flat.ts';

const test = suite('app/compare');

function play(
  state: AppState,
  ...steps: readonly (string | Action)[]
): { state: AppState; effects: Effect[] } {
  let now = state;
  const effects: Effect[] = [];
  for (const each of steps) {
    const updated = update(now, typeof each === 'string' ? { type: 'key', key: each } : each);
    now = updated.state;
    effects.push(...updated.effects);
  }
  return { state: now, effects };
}

const web = (): AppState => ({
  ...inspectState('en', 120, 40),
  selection: { kind: 'container', id: WEB_ID },
});

test('a pin stays when the selection moves, is read with it, and goes by the same key', () => {
  const { state, effects } = play(web(), 'p', 'g');
  assert.equal(state.pins, [{ pid: 5632, starttime: targetOf(web())?.ref.starttime }]);
  assert.is(targetOf(state)?.ref.pid, 4551);
  const watched = effects.flatMap((each) => (each.effect === 'watch' ? each.refs.map((ref) => ref.pid) : []));
  assert.ok(watched.includes(5632) && watched.includes(4551), watched.join());
  assert.equal(play(web(), 'p', 'p').state.pins, []);
});

test('comparing needs two; the overlay shows namespaces and limits of both', () => {
  assert.equal(play(web(), 'd').state.notice, { kind: 'pin-two' });
  assert.equal(play(web(), 'p', 'd').state.notice, { kind: 'pin-two' }, 'a pinned target is not two');
  const { state } = play(web(), 'p', 'g', 'd');
  assert.is(contextOf(state), 'compare');
  assert.equal(
    comparedOf(state)?.map(({ ref }) => ref.pid),
    [5632, 4551],
  );
  const screen = flat(state).join('\n');
  assert.match(screen, /pid {2}each its own +4026532183 +4026531836/);
  assert.match(screen, /user {2}shared +4026531837 +=/);
  assert.is(play(state, 'escape').state.overlay, null);
  assert.ok(draw(state).extents.compare !== undefined);
});

test('y copies the command that proves the row of the focused pane, and says it', () => {
  const tree = play(web(), 'y');
  assert.equal(tree.effects, [{ effect: 'copy', text: 'docker inspect web' }]);
  assert.equal(tree.state.notice, { kind: 'copied', text: 'docker inspect web' });
  const links = play(web(), 'tab', 'down', 'down', 'y');
  assert.equal(links.effects.at(-1), { effect: 'copy', text: 'readlink /proc/5632/ns/uts' });
  const groups = play(web(), 'tab', 'tab', 'y');
  const [copied] = groups.effects.filter((each) => each.effect === 'copy');
  assert.match(copied?.text ?? '', /^cat \/sys\/fs\/cgroup\/memory\/docker\/.*\/memory\.limit_in_bytes$/);
});

test('e opens the lesson of the row; without one, or with a lesson open, it says so', () => {
  const { effects, state } = play(web(), 'tab', 'down', 'down', 'e');
  assert.equal(effects.at(-1), { effect: 'open-lesson', id: 'uts-namespace' });
  assert.is(state.busy, 'opening');
  assert.equal(play(web(), 'tab', 'G', 'e').state.notice, { kind: 'no-lesson' });
  assert.equal(play(lessonState('en', 120, 40), 'e').state.notice, { kind: 'lesson-open' });
});

test('i in a lesson opens the inspector at its actor; q goes back to the lesson', () => {
  const lab = session({ labId: '7f3a', actors: [BOX] });
  const start = { ...lessonState('en', 120, 40), session: lab, snapshot: snapshot({ box: true }) };
  const { state } = play(start, 'i');
  assert.is(state.screen, 'inspect');
  assert.is(targetOf(state)?.ref.pid, BOX.pid);
  assert.ok(treeRows(state).some((row) => row.kind === 'actor'));
  assert.is(play(state, 'q').state.screen, 'lesson');
});

test('the other trees: namespaces by owner, groups by hierarchy; a selected one has its first process as target', () => {
  const namespaces = play(web(), 't').state;
  const row = treeRows(namespaces).find((one) => one.label.startsWith('pid:[4026532183]'));
  assert.match(row?.label ?? '', /1 process {2}● web {2}sleep 1000 5632|● web/);
  const selected: AppState = { ...namespaces, selection: row?.selection ?? null };
  assert.is(targetOf(selected)?.ref.pid, 5632);
  const groups = play(namespaces, 't').state;
  const docker = treeRows(groups).find(
    (one) => one.selection.kind === 'group' && one.selection.path === '/docker',
  );
  assert.ok(
    docker,
    treeRows(groups)
      .map((one) => one.label)
      .join('\n'),
  );
  assert.is(targetOf({ ...groups, selection: docker?.selection ?? null })?.ref.pid, 5632);
  const networks = play(groups, 't').state;
  assert.is(play(networks, 't').state.tree, 'engines');
  // What was selected in one tree is shown in the next one.
  const shown = (state: AppState): string =>
    treeRows(state)[selectedRow(treeRows(state), state)]?.label ?? '';
  assert.match(shown(namespaces), /^mnt:\[4026532180\]/);
  assert.match(shown(groups), /^● web {2}ee703c/);
  assert.match(shown(networks), /^● web {2}net:/);
});

test.run();
