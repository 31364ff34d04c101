// The shell pane in the state: where `s` and `!` lead, who has the keys, how the pane comes and goes.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Action, Effect } from '../../src/app/actions.ts';
import { contextOf, keyHints } from '../../src/app/keymap.ts';
import { layoutNow } from '../../src/app/layout.ts';
import { typesIntoShell } from '../../src/app/shell.ts';
import type { AppState, ShellPlace } from '../../src/app/state.ts';
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

const test = suite('shell');

function play(
  state: AppState,
  ...steps: readonly (string | Action)[]
): { readonly state: AppState; readonly effects: readonly Effect[] } {
  let now = state;
  const effects: Effect[] = [];
  for (const each of steps) {
    const updated = update(now, typeof each === 'string' ? { type: 'key', key: each } : each);
    now = updated.state;
    effects.push(...updated.effects.filter(({ effect }) => effect !== 'watch'));
  }
  return { state: now, effects };
}

const BOX_PLACE: ShellPlace = { kind: 'actor', name: 'box' };
const OPEN: Action = { type: 'shell-opened', place: BOX_PLACE };
const WEB: ShellPlace = {
  kind: 'process',
  ref: { pid: 5632, starttime: 56320 },
  name: 'web',
  container: true,
};
const panesOf = (state: AppState): readonly string[] => (layoutNow(state)?.panes ?? []).map(({ id }) => id);

test('s in a lesson: the selected actor; ! the host', () => {
  assert.equal(play(lessonState(), 's').effects, [{ effect: 'shell', place: BOX_PLACE }]);
  assert.equal(play(lessonState(), '!').effects, [{ effect: 'shell', place: { kind: 'host' } }]);
  const none = play(homeState(), { type: 'session-opened', session: session() }, 's');
  assert.equal(none.state.notice, { kind: 'no-actor' });
  assert.equal(none.effects, []);
});

test('s in the inspector: a container is asked about first, and no keeps out of it', () => {
  const state = { ...inspectState(), selection: { kind: 'container', id: WEB_ID } } as const;
  const asked = play(state, 's');
  assert.equal(asked.effects, []);
  assert.equal(asked.state.overlay, { kind: 'confirm', what: 'shell', place: WEB });
  assert.equal(play(asked.state, 'n').effects, []);
  assert.equal(play(asked.state, 'y'), {
    state: { ...asked.state, overlay: null },
    effects: [{ effect: 'shell', place: WEB }],
  });
});

test('a process in other namespaces is asked about, one of the host is not', () => {
  const of = (pid: number): AppState => ({
    ...inspectState(),
    selection: { kind: 'process', ref: { pid, starttime: pid * 10 } },
  });
  assert.is(play(of(5632), 's').state.overlay?.kind, 'confirm');
  assert.equal(play(of(4551), 's').effects, [
    {
      effect: 'shell',
      place: {
        kind: 'process',
        ref: { pid: 4551, starttime: 45510 },
        name: 'dockerd 4551',
        container: false,
      },
    },
  ]);
});

test('nothing selected is the host; what has no process has no shell', () => {
  assert.equal(play({ ...inspectState(), selection: null }, 's').effects, [
    { effect: 'shell', place: { kind: 'host' } },
  ]);
  const gone: AppState = { ...inspectState(), selection: { kind: 'container', id: 'gone' } };
  assert.equal(play(gone, 's').effects, []);
  assert.equal(play(gone, 's').state.notice, { kind: 'nobody-inside' });
  const ended: AppState = {
    ...inspectState(),
    selection: { kind: 'process', ref: { pid: 9999, starttime: 1 } },
  };
  assert.equal(play(ended, 's').state.notice, { kind: 'nobody-inside' });
});

test('from the inspector beside a lesson, its actors are entered as such', () => {
  const state: AppState = {
    ...play(lessonState(), 'i').state,
    snapshot: snapshot({ box: true }),
    selection: { kind: 'process', ref: { pid: BOX.pid, starttime: BOX.starttime } },
  };
  assert.equal(play(state, 's').effects, [{ effect: 'shell', place: BOX_PLACE }]);
});

test('in a recording there is no shell, and it says so', () => {
  const recorded = { ...snapshot(), source: { kind: 'recorded', title: 'x' } } as const;
  for (const key of ['s', '!']) {
    const { state, effects } = play({ ...inspectState(), snapshot: recorded }, key);
    assert.equal(effects, []);
    assert.equal(state.notice, { kind: 'no-shell-recorded' });
  }
  const replay = { ...lessonState(), session: session({ source: { kind: 'recording', title: 'x' } }) };
  assert.equal(play(replay, 's').state.notice, { kind: 'no-shell-recorded' });
  assert.equal(play(replay, 's').effects, []);
});

test('an open shell has the keys; the way out gives them back, s takes them again, and it is never opened twice', () => {
  const open = play(lessonState(), OPEN).state;
  assert.is(open.focus, 'shell');
  assert.ok(typesIntoShell(open));
  assert.is(contextOf(open), 'shell');
  assert.equal(
    keyHints('shell', open).map(({ key }) => key),
    ['Ctrl-]'],
  );
  for (const key of ['C-]', 'f12']) {
    const out = play(open, key).state;
    assert.is(out.focus, 'lesson');
    assert.not.ok(typesIntoShell(out));
    assert.ok(out.shell?.alive);
    const again = play(out, 's');
    assert.is(again.state.focus, 'shell');
    assert.equal(again.effects, []);
  }
});

test('its keys are its own alone while nothing lies over it and the window is large enough', () => {
  const open = play(lessonState(), OPEN).state;
  assert.not.ok(typesIntoShell({ ...open, busy: 'closing' }));
  assert.not.ok(typesIntoShell({ ...open, overlay: { kind: 'help' } }));
  assert.not.ok(typesIntoShell({ ...open, size: { width: 60, height: 15 } }));
  assert.not.ok(typesIntoShell(play(open, { type: 'shell-ended' }).state));
});

test('Ctrl-C in the shell is no command of the program', () => {
  const open = play(lessonState(), OPEN).state;
  assert.equal(play(open, 'C-c'), { state: open, effects: [] });
});

test('when it ends the pane stays until the next key, which does nothing else', () => {
  const ended = play(lessonState(), OPEN, { type: 'shell-ended' }).state;
  assert.ok(ended.shell);
  for (const key of ['q', 'C-c', 'enter', 'x']) {
    const { state, effects } = play(ended, key);
    assert.is(state.shell, null, key);
    assert.is(state.focus, 'lesson');
    assert.is(state.overlay, null);
    assert.equal(effects, []);
  }
  const elsewhere = play(lessonState(), OPEN, 'C-]', { type: 'shell-ended' }).state;
  const { state } = play(elsewhere, '?');
  assert.is(state.shell, null);
  assert.equal(state.overlay, { kind: 'help' });
});

test('Tab goes into the shell and from there on, not back to where it came from', () => {
  const out = play(lessonState(), OPEN, 'C-]').state;
  const into = play(out, 'tab', 'tab').state;
  assert.is(into.focus, 'shell');
  assert.is(play(into, 'C-]').state.focus, 'tree');
  const back = play(play(into, 'C-]').state, 'S-tab').state;
  assert.is(back.focus, 'shell');
  assert.is(play(back, 'C-]').state.focus, 'output');
});

test('output and shell are tabs of one place; what runs comes to the front unless somebody types', () => {
  const open = play(lessonState(), OPEN).state;
  assert.ok(panesOf(open).includes('shell') && !panesOf(open).includes('output'));
  const out = play(open, 'C-]').state;
  assert.ok(panesOf(out).includes('shell'), 'it stays in sight');
  const output = play(out, 'tab').state;
  assert.ok(panesOf(output).includes('output') && !panesOf(output).includes('shell'));
  const running: Action = {
    type: 'session',
    session: withStep(lessonState().session ?? session(), 1, { phase: 'running' }),
  };
  assert.ok(panesOf(play(out, running).state).includes('output'));
  assert.ok(panesOf(play(open, running).state).includes('shell'));
});

test('in the inspector it shares the place of the findings, and in three columns stands under the tree', () => {
  const narrow = play(inspectState('en', 80, 24), OPEN).state;
  assert.equal(panesOf(narrow), ['tree', 'shell', 'links', 'cgroup']);
  assert.equal(panesOf({ ...narrow, shell: narrow.shell && { ...narrow.shell, front: false } }), [
    'tree',
    'findings',
    'links',
    'cgroup',
  ]);
  const wide = play(inspectState('en', 200, 60), OPEN).state;
  assert.equal(panesOf(wide), ['tree', 'shell', 'links', 'cgroup', 'findings', 'story']);
});

test('a click in the pane is the focus, the wheel over it scrolls the shell', () => {
  const out = play(lessonState(), OPEN, 'C-]').state;
  const pane = layoutNow(out)?.panes.find(({ id }) => id === 'shell')?.rect;
  if (!pane) throw new Error('no pane for the shell');
  const at = { x: pane.x + 3, y: pane.y + 3 };
  assert.is(play(out, { type: 'mouse', what: 'click', ...at }).state.focus, 'shell');
  assert.equal(play(out, { type: 'mouse', what: 'wheel-up', ...at }).effects, [
    { effect: 'shell-scroll', lines: -3 },
  ]);
  const tabs = { type: 'mouse', what: 'click', x: at.x, y: pane.y } as const;
  assert.is(play(out, tabs).state.focus, 'output');
});

test('it goes along to the inspector of its lesson, and ends where its screen is left for home', () => {
  const lesson = play(lessonState(), OPEN, 'C-]', 'i', 'q');
  assert.ok(lesson.state.shell?.alive);
  assert.equal(lesson.effects, []);
  const home = play(inspectState(), OPEN, 'C-]', 'q');
  assert.is(home.state.screen, 'home');
  assert.equal(home.effects, [{ effect: 'end-shell' }]);
  assert.is(play(home.state, { type: 'shell-closed' }).state.shell, null);
});

test('a shell in an actor ends with it, one on the host does not', () => {
  const there: Action = { type: 'snapshot', snapshot: snapshot({ box: true }) };
  const gone: Action = { type: 'snapshot', snapshot: snapshot() };
  const { state, effects } = play(lessonState(), OPEN, there, gone);
  assert.equal(effects, [{ effect: 'end-shell' }]);
  assert.equal(state.notice, { kind: 'shell-gone', name: 'box' });
  const early = play({ ...lessonState(), snapshot: snapshot() }, OPEN, gone, there);
  assert.equal(early.effects, [], 'a snapshot from before the actor');
  const onHost = { type: 'shell-opened', place: { kind: 'host' } } as const;
  assert.equal(play(lessonState(), onHost, there, gone).effects, []);
});

test('a process that ended and whose pid is another’s is not entered', () => {
  const other = { ...snapshot(), processes: [...snapshot().processes, process(9999, 1, ['x'])] };
  const state: AppState = {
    ...inspectState(),
    snapshot: other,
    selection: { kind: 'process', ref: { pid: 9999, starttime: 7 } },
  };
  assert.equal(play(state, 's').state.notice, { kind: 'nobody-inside' });
});

test.run();
