import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Action, Effect } from '../../src/app/actions.ts';
import { FADED_MS } from '../../src/app/marks.ts';
import { selectedRow, treeRows } from '../../src/app/rows.ts';
import type { AppState } from '../../src/app/state.ts';
import { targetOf } from '../../src/app/target.ts';
import { END } from '../../src/app/moves.ts';
import { update } from '../../src/app/update.ts';
import {
  BOX,
  homeState,
  inspectState,
  lessonState,
  process,
  session,
  snapshot,
  WEB_ID,
  withStep,
} from './fake.ts';

const test = suite('update');

interface Run {
  readonly state: AppState;
  readonly effects: readonly Effect[];
}

/** Keys and actions one after the other; the effects of all of them. */
function play(state: AppState, ...steps: readonly (string | Action)[]): Run {
  let now = state;
  const effects: Effect[] = [];
  for (const each of steps) {
    const updated = update(now, typeof each === 'string' ? { type: 'key', key: each } : each);
    now = updated.state;
    effects.push(...updated.effects);
  }
  return { state: now, effects };
}

const opened = (): AppState => play(homeState(), { type: 'session-opened', session: session() }).state;

test('home → lesson → predict → run → next → end → home → quit', () => {
  const home = play(homeState(), 'enter');
  assert.equal(home.effects, [{ effect: 'open-lesson', id: 'uts-namespace' }]);
  assert.is(home.state.busy, 'opening');

  let lab = session();
  let run = play(home.state, { type: 'session-opened', session: lab });
  assert.is(run.state.screen, 'lesson');
  assert.is(run.state.busy, null);
  assert.is(run.state.focus, 'lesson');
  assert.is(run.state.tab, 'tree', 'the pane of the first step');

  run = play(run.state, 'enter');
  assert.equal(run.effects, [{ effect: 'session', call: 'next' }]);
  lab = withStep({ ...lab, index: 1 }, 1, { phase: 'choosing' });
  run = play(run.state, { type: 'session', session: lab });
  assert.is(run.state.tab, 'links', 'the right side turns to what the step is about');

  run = play(run.state, 'enter');
  assert.equal(run.state.notice, { kind: 'choose-first', count: 2 });
  assert.equal(run.effects, []);
  run = play(run.state, '2');
  assert.equal(run.effects, [{ effect: 'choose', choice: 'before' }]);
  assert.is(run.state.notice, null);
  assert.equal(play(run.state, '7').effects, [], 'there is no seventh answer');

  lab = withStep(lab, 1, { phase: 'ready', chosen: 'before' });
  run = play(run.state, { type: 'session', session: lab }, 'enter');
  assert.equal(run.effects, [{ effect: 'session', call: 'run' }]);
  lab = withStep({ ...lab, labId: '7f3a', actors: [BOX], before: snapshot() }, 1, { phase: 'running' });
  run = play(run.state, { type: 'session', session: lab });
  assert.equal(run.effects, [{ effect: 'watch', refs: [{ pid: 9120, starttime: 91200 }] }]);
  run = play(run.state, 'enter');
  assert.equal(run.state.notice, { kind: 'still-running' });

  lab = withStep({ ...lab, output: [{ stream: 'stdout', text: 'lighthouse' }] }, 1, {
    phase: 'done',
    truth: 'before',
  });
  run = play(run.state, { type: 'session', session: lab });
  assert.is(run.state.anchor, 'explain');
  assert.is(run.state.scroll.output, END);
  assert.equal(play(run.state, '1').state.notice, { kind: 'already-run' });
  run = play(run.state, 'enter');
  assert.equal(run.effects, [{ effect: 'session', call: 'next' }]);

  run = play(run.state, { type: 'session', session: { ...lab, index: 2, ended: true } }, 'enter');
  assert.equal(run.effects, [{ effect: 'close-lesson' }], 'the lesson is over: no question');
  assert.is(run.state.busy, 'closing');
  run = play(run.state, { type: 'session-closed', leftovers: [] });
  assert.is(run.state.screen, 'home');
  assert.is(run.state.session, null);
  assert.equal(run.effects, [{ effect: 'watch', refs: [] }]);
  run = play(run.state, 'q');
  assert.equal(run.effects, [{ effect: 'quit', code: 0 }]);
});

test('leaving an open lab asks first', () => {
  const asked = play(lessonState(), 'q');
  assert.equal(asked.state.overlay, { kind: 'confirm', what: 'leave' });
  assert.equal(asked.effects, []);
  for (const key of ['escape', 'n', 'q']) {
    const stayed = play(asked.state, key);
    assert.is(stayed.state.overlay, null);
    assert.equal(stayed.effects, [], key);
  }
  assert.equal(play(asked.state, 'enter').effects, [{ effect: 'close-lesson' }]);
  assert.equal(play(opened(), 'q').effects, [{ effect: 'close-lesson' }], 'no lab yet: nothing to ask');
});

test('Ctrl-C quits with 130 from everywhere, a second one is passed on', () => {
  for (const state of [
    homeState(),
    lessonState(),
    inspectState(),
    play(lessonState(), 'q').state,
    play(homeState(), '?').state,
  ]) {
    const run = play(state, 'C-c', 'C-c');
    assert.equal(run.effects, [
      { effect: 'quit', code: 130 },
      { effect: 'quit', code: 130 },
    ]);
  }
});

test('while the lab is being closed no other key acts', () => {
  const closing = play(lessonState(), 'q', 'enter').state;
  const run = play(closing, 'enter', 's', 'q', 'L');
  assert.equal(run.effects, []);
  assert.is(run.state, closing);
});

test('a failed step runs again, a task is checked, a replayed task is played', () => {
  const at = (phase: 'failed' | 'working', index: number, source = session().source) =>
    play(
      opened(),
      { type: 'session', session: withStep(session({ index, source }), index, { phase }) },
      'enter',
    ).effects;
  assert.equal(at('failed', 1), [{ effect: 'session', call: 'run' }]);
  assert.equal(at('working', 2), [{ effect: 'session', call: 'check' }]);
  assert.equal(at('working', 2, { kind: 'recording', title: 'Debian 13' }), [
    { effect: 'session', call: 'solve' },
  ]);
});

test('hints, solution and steps back: asked of the session, refused in words', () => {
  const task = play(opened(), {
    type: 'session',
    session: withStep(session({ index: 2 }), 2, { phase: 'working' }),
  }).state;
  assert.equal(play(task, 'H').effects, [{ effect: 'session', call: 'hint' }]);
  assert.equal(play(task, 'S').effects, [{ effect: 'session', call: 'solve' }]);
  assert.equal(play(task, 'b').effects, [{ effect: 'session', call: 'back' }]);
  const read = opened();
  assert.equal(play(read, 'H').state.notice, { kind: 'no-hint' });
  assert.equal(play(read, 'S').state.notice, { kind: 'not-a-task' });
  assert.equal(play(read, 'b').state.notice, { kind: 'first-step' });
});

test('the clean-up asks, and only where there is something', () => {
  assert.equal(play(homeState(), 'c').state.notice, { kind: 'nothing-to-clean' });
  const left = { kind: 'mount', lab: '7f3a', what: '/run/x', proof: 'findmnt /run/x', live: false } as const;
  const asked = play(homeState(), { type: 'leftovers', leftovers: [left] }, 'c');
  assert.equal(asked.state.overlay, { kind: 'confirm', what: 'cleanup' });
  assert.equal(asked.effects, []);
  const done = play(asked.state, 'y');
  assert.equal(done.effects, [{ effect: 'cleanup' }]);
  assert.is(done.state.busy, 'cleaning');
  assert.is(play(done.state, { type: 'idle' }).state.busy, null);
});

test('what a lab leaves behind is said at home', () => {
  const left = { kind: 'cgroup', lab: '7f3a', what: '/x', proof: 'ls /x', live: false } as const;
  const { state } = play(lessonState(), { type: 'session-closed', leftovers: [left] });
  assert.equal(state.notice, { kind: 'left-behind', count: 1 });
  assert.equal(state.leftovers, [left]);
});

test('Tab goes round, and brings a hidden pane to the front', () => {
  const { state } = play(lessonState(), 'tab', 'tab');
  assert.is(state.focus, 'tree');
  assert.is(state.tab, 'tree');
  assert.is(play(state, 'S-tab', 'S-tab').state.focus, 'lesson');
  assert.is(play(state, 'right', 'right', 'right').state.focus, 'lesson');
});

test('a selection is an identity: it survives rows that come and go', () => {
  const before = inspectState();
  assert.equal(before.selection, { kind: 'container', id: WEB_ID });
  const more = snapshot();
  const earlier = process(3000, 1, ['dockerd']);
  const { state } = play(before, {
    type: 'snapshot',
    snapshot: { ...more, processes: [...more.processes, earlier].sort((a, b) => a.pid - b.pid) },
  });
  const rows = treeRows(state);
  assert.is(rows[selectedRow(rows, state)]?.kind, 'container');
  assert.ok(selectedRow(rows, state) > selectedRow(treeRows(before), before), 'the row has moved');
  assert.equal(targetOf(state)?.ref, { pid: 5632, starttime: 56320 });
});

test('a pid that was given to another process is not the target any more', () => {
  const state = play(inspectState(), 'k', 'k').state;
  assert.is(state.selection?.kind, 'process');
  const now = snapshot();
  const again = play(state, {
    type: 'snapshot',
    snapshot: { ...now, processes: now.processes.map((one) => ({ ...one, starttime: one.starttime + 1 })) },
  }).state;
  // Its own row is still there, as one that has ended; it is not taken for the other's.
  assert.is(treeRows(again)[selectedRow(treeRows(again), again)]?.age, 'ended');
  const later = play(again, {
    type: 'snapshot',
    snapshot: { ...(again.snapshot ?? now), takenAt: FADED_MS },
  }).state;
  assert.is(selectedRow(treeRows(later), later), -1);
});

test('what is selected is read closely, a recording never is', () => {
  assert.equal(play(homeState(), 'i', 'G').effects.at(-1), {
    effect: 'watch',
    refs: [{ pid: 5632, starttime: 56320 }],
  });
  const replay = session({
    source: { kind: 'recording', title: 'Debian 13' },
    actors: [BOX],
    shown: snapshot({ box: true }),
  });
  assert.equal(play(homeState(), { type: 'session-opened', session: replay }).effects, []);
});

test('inspect: all processes on demand, or the way to a selected one that no engine tree holds', () => {
  const shells = (state: AppState) => treeRows(state).filter((row) => row.pid === 7000);
  const engines = { ...inspectState(), selection: null };
  assert.equal(shells(engines), []);
  const all = play(engines, 'a').state;
  assert.is(shells(all).length, 1);
  assert.ok(
    treeRows(all).some((row) => row.kind === 'container'),
    'the engines stay above',
  );
  const bash = { kind: 'process', ref: { pid: 7000, starttime: 70000 } } as const;
  const chosen = { ...engines, selection: bash };
  const rows = treeRows(chosen);
  assert.equal(
    rows.slice(-3).map((row) => row.pid),
    [null, 1, 7000],
  );
  assert.is(selectedRow(rows, chosen), rows.length - 1);
  const bare = {
    ...snapshot(),
    containers: [],
    processes: [process(1, 0, ['init']), process(7000, 1, ['bash'])],
  };
  const alone = play(engines, { type: 'snapshot', snapshot: bare }).state;
  assert.equal(
    treeRows(alone)
      .filter((row) => row.age !== 'ended')
      .map((row) => row.pid),
    [null, 1, 7000],
  );
});

test('a selection at the start is watched from the first action on', () => {
  const start = {
    ...homeState(),
    screen: 'inspect' as const,
    selection: { kind: 'container', id: WEB_ID } as const,
  };
  assert.equal(play(start, { type: 'measured', extents: {} }).effects, [
    { effect: 'watch', refs: [{ pid: 5632, starttime: 56320 }] },
  ]);
});

test('a selection at the start is scrolled into sight', () => {
  const many = Array.from({ length: 60 }, (_, at) => process(100 + at, 1, ['sleep', String(at)]));
  const state = { ...homeState(), screen: 'inspect' as const, snapshot: null };
  const started = {
    ...state,
    selection: { kind: 'process', ref: { pid: 159, starttime: 1590 } } as const,
    allProcesses: true,
  };
  const now = { ...snapshot(), containers: [], processes: [process(1, 0, ['init']), ...many] };
  const shown = play(started, { type: 'snapshot', snapshot: now }).state;
  const at = selectedRow(treeRows(shown), shown);
  assert.is(at, 61);
  assert.is(shown.scroll.tree, at - 15 + 1, 'the last of the 15 rows');
});

test('pause, refresh, language', () => {
  const run = play(homeState(), 'space', 'space', 'r', 'L');
  assert.equal(run.effects, [
    { effect: 'pause', on: true },
    { effect: 'pause', on: false },
    { effect: 'refresh' },
  ]);
  assert.is(run.state.lang, 'zh-CN');
  assert.is(play(run.state, 'L').state.lang, 'en');
});

test('scrolling starts from what is seen and stops at the ends', () => {
  const focused = { ...lessonState(), focus: 'lesson' as const };
  const seen = play(focused, {
    type: 'measured',
    extents: { lesson: { total: 30, room: 10, offset: 20 } },
  }).state;
  assert.is(play(seen, 'j').state.scroll.lesson, 20);
  assert.is(play(seen, 'k', 'k').state.scroll.lesson, 18);
  assert.is(play(seen, 'k').state.anchor, null, 'the learner scrolls now');
  assert.is(play(seen, 'pageup').state.scroll.lesson, 11);
  assert.is(play(seen, 'g').state.scroll.lesson, 0);
  assert.is(play(seen, 'g', 'G').state.scroll.lesson, 20);
});

test('the mouse focuses, selects and scrolls', () => {
  const home = play(homeState(), { type: 'mouse', what: 'click', x: 10, y: 4 }).state;
  assert.is(home.cursor, 'pid-namespace');
  assert.is(play(home, { type: 'mouse', what: 'click', x: 60, y: 4 }).state.focus, 'host');
  const tree = play(inspectState(), { type: 'mouse', what: 'click', x: 8, y: 3 }).state;
  assert.equal(tree.selection, { kind: 'process', ref: { pid: 4559, starttime: 45590 } });
  const tabs = play({ ...lessonState(), tab: 'links' }, { type: 'mouse', what: 'click', x: 60, y: 1 }).state;
  assert.is(tabs.tab, 'cgroup');
  const wheel = play(
    lessonState(),
    { type: 'measured', extents: { lesson: { total: 30, room: 10, offset: 0 } } },
    { type: 'mouse', what: 'wheel-down', x: 3, y: 3 },
  ).state;
  assert.is(wheel.scroll.lesson, 3);
  const asked = play(lessonState(), 'q').state;
  assert.is(
    play(asked, { type: 'mouse', what: 'click', x: 60, y: 5 }).state,
    asked,
    'a question waits for a key',
  );
});

test('in a window that is too small only q and Ctrl-C act, and an open lab asks for q again', () => {
  const small = play(lessonState(), { type: 'resize', size: { width: 60, height: 15 } }).state;
  assert.equal(play(small, 'enter', 's').effects, []);
  const once = play(small, 'q');
  assert.equal(once.effects, []);
  assert.equal(play(once.state, 'q').effects, [{ effect: 'quit', code: 0 }]);
  const home = play(homeState(), { type: 'resize', size: { width: 60, height: 15 } });
  assert.equal(play(home.state, 'q').effects, [{ effect: 'quit', code: 0 }]);
});

test('a resize keeps the selection', () => {
  const before = inspectState();
  const after = play(
    before,
    { type: 'resize', size: { width: 60, height: 15 } },
    { type: 'resize', size: { width: 200, height: 60 } },
  );
  assert.is(after.state.selection, before.selection);
  assert.is(after.state.focus, before.focus);
});

test('what the target uses is kept for the charts, another target begins anew', () => {
  const at = (takenAt: number, more = {}): Action => ({
    type: 'snapshot',
    snapshot: { ...snapshot(more), takenAt },
  });
  const one = play(inspectState(), at(1000), at(2000), at(2000)).state;
  assert.equal(one.history.courses.memory, [700_000, 700_000], 'the same snapshot twice counts once');
  assert.equal(one.history.courses.pids, [1, 1]);
  const two = play(lessonState(), at(1000, { box: true })).state;
  assert.equal(two.history.courses.memory, [307_200]);
});

test.run();
