// Finding and filtering rows, and the prompt that does both while it is typed into.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { treeRows } from '../../src/app/rows.ts';
import type { TreeRow } from '../../src/app/tree-row.ts';
import { filtered, nextMatch } from '../../src/app/search.ts';
import type { AppState } from '../../src/app/state.ts';
import { targetOf } from '../../src/app/target.ts';
import { contextOf } from '../../src/app/keymap.ts';
import { update } from '../../src/app/update.ts';
import { homeState, inspectState } from './fake.ts';

const test = suite('app/search');

function rows(...lines: readonly string[]): readonly TreeRow[] {
  return lines.map((line) => {
    const [, lead = '', label = ''] = /^([│├└─╌ ]*)(.*)$/.exec(line) ?? [];
    return {
      key: label,
      selection: { kind: 'heading', name: label },
      lead,
      kind: label.startsWith('#') ? 'heading' : 'process',
      label,
      pid: null,
      inside: null,
      namespaces: [],
      ppid: null,
      age: null,
      mark: null,
    };
  });
}

const labels = (of: readonly TreeRow[]): readonly string[] => of.map((row) => row.label);
const TREE = rows('# one', 'init', '├─ sshd', '│  └─ bash', '│     └─ vi', '└─ cron', '# two', 'other');

test('a filter keeps what holds the text and the way to it', () => {
  assert.equal(labels(filtered(TREE, 'VI')), ['# one', 'init', 'sshd', 'bash', 'vi']);
  assert.equal(labels(filtered(TREE, 'cron')), ['# one', 'init', 'cron']);
  assert.equal(labels(filtered(TREE, 'other')), ['# two', 'other']);
  assert.equal(labels(filtered(TREE, 'nowhere')), []);
  assert.is(filtered(TREE, ''), TREE);
});

test('the next match is looked for around the end, both ways', () => {
  assert.is(nextMatch(TREE, 'i', 2, 1), 4);
  assert.is(nextMatch(TREE, 'i', 5, 1), 1);
  assert.is(nextMatch(TREE, 'i', 0, -1), 4);
  assert.is(nextMatch(TREE, 'nowhere', 0, 1), null);
  assert.is(nextMatch([], 'i', 0, 1), null);
});

function play(state: AppState, ...keys: readonly string[]): AppState {
  return keys.reduce((now, key) => update(now, { type: 'key', key }).state, state);
}

test('find: the selection follows what is typed; Enter stays, Esc goes back', () => {
  const start = play(inspectState(), 'g');
  const typed = play(start, '/', 's', 'h', 'i', 'm');
  assert.is(contextOf(typed), 'prompt');
  assert.is(typed.prompt?.text, 'shim');
  const at = treeRows(typed).find((row) => row.key.includes('5609'));
  assert.equal(typed.selection, at?.selection);
  const taken = play(typed, 'enter');
  assert.is(taken.prompt, null);
  assert.equal(taken.selection, typed.selection);
  assert.equal(play(typed, 'escape').selection, start.selection);
  assert.is(play(taken, 'g', 'n').selection?.kind, 'process');
  // Letters that are commands elsewhere are letters here.
  assert.is(play(start, '/', 'q', 'y', 'space', '?').prompt?.text, 'qy ?');
  assert.is(play(start, '/', 'a', 'b', 'backspace').prompt?.text, 'a');
  assert.is(play(start, '/', 'a', 'b', 'C-u').prompt?.text, '');
  assert.is(play(start, '/', 'f5', 'pagedown').prompt?.text, '', 'names of keys are no text');
});

test('find: nothing that holds the text is said', () => {
  const missed = play(inspectState(), '/', 'z', 'z', 'z', 'enter');
  assert.equal(missed.notice, { kind: 'no-match', text: 'zzz' });
  assert.equal(play(missed, 'n').notice, { kind: 'no-match', text: 'zzz' });
});

test('filter: live while it is typed; Esc in the prompt takes it back, Esc later shows all', () => {
  const start = inspectState();
  const all = treeRows(start).length;
  const typed = play(start, 'f', 's', 'h', 'i', 'm');
  assert.ok(treeRows(typed).length < all);
  assert.is(treeRows(play(typed, 'escape')).length, all);
  const kept = play(typed, 'enter');
  assert.is(kept.filter, 'shim');
  assert.is(treeRows(kept).length, treeRows(typed).length);
  assert.is(treeRows(play(kept, 'escape')).length, all);
  assert.ok(targetOf(kept) !== null, 'the other panes keep their target');
});

test('at home the lessons are found by number, id and title', () => {
  assert.is(play(homeState(), '/', 'p', 'i', 'd', 'enter').cursor, 'pid-namespace');
  assert.is(play(homeState(), '/', '8', 'escape').cursor, homeState().cursor);
});

test.run();
