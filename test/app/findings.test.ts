// The findings pane: order, cursor, the way to what a finding is about, its lesson and its proof.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findingRows } from '../../src/app/finding-rows.ts';
import type { AppState } from '../../src/app/state.ts';
import { targetOf } from '../../src/app/target.ts';
import { update } from '../../src/app/update.ts';
import { filled, type Finding } from '../../src/model/findings/finding.ts';
import { homeState, inspectState, WEB_ID } from './fake.ts';
import { flat } from '../view/flat.ts';

const test = suite('app/findings');

function finding(id: string, change: Partial<Finding>): Finding {
  return {
    id,
    severity: 'warning',
    subject: { kind: 'host' },
    sentence: filled({ en: `${id} is so`, 'zh-CN': `${id} 如此` }),
    evidence: [],
    proof: `cat /proc/${id}`,
    next: filled({ en: `mend ${id}`, 'zh-CN': `修复 ${id}` }),
    lesson: 'uts-namespace',
    pids: [],
    ...change,
  };
}

const FINDINGS: readonly Finding[] = [
  finding('no-swap', { severity: 'note' }),
  finding('leaked-namespace', { subject: { kind: 'namespace', type: 'net', inode: 4026532184 } }),
  finding('daemon-down', { severity: 'error' }),
  finding('throttled', {
    subject: { kind: 'container', id: WEB_ID, name: 'web' },
    pids: [5632],
    lesson: 'cpu-limit',
  }),
];

function seen(state: AppState): AppState {
  return update(state, { type: 'findings', findings: FINDINGS }).state;
}

function play(state: AppState, ...keys: readonly string[]): ReturnType<typeof update> {
  return keys.reduce<ReturnType<typeof update>>(({ state: now }, key) => update(now, { type: 'key', key }), {
    state,
    effects: [],
  });
}

const atFindings = (): AppState =>
  play(seen({ ...inspectState('en', 160, 40), selection: null }), 'S-tab', 'S-tab').state;

test('what is not looked at yet is said, and so is a healthy host', () => {
  assert.is(findingRows(inspectState()), null);
  assert.match(flat(inspectState('en', 160, 40)).join('\n'), /looking for what is wrong/);
  const none = update(inspectState('en', 160, 40), { type: 'findings', findings: [] }).state;
  assert.match(flat(none).join('\n'), /nothing is wrong/);
});

test('errors first, notes last; what concerns the selection before all', () => {
  const ids = (state: AppState) => findingRows(state)?.map((row) => row.finding.id);
  const nothing: AppState = { ...inspectState('en', 160, 40), selection: { kind: 'heading', name: 'x' } };
  assert.equal(ids(seen(nothing)), ['daemon-down', 'leaked-namespace', 'throttled', 'no-swap']);
  const web = seen({ ...nothing, selection: { kind: 'container', id: WEB_ID } });
  assert.equal(ids(web)?.slice(0, 3), ['daemon-down', 'leaked-namespace', 'throttled']);
  assert.equal(
    findingRows(web)?.map((row) => row.here),
    [true, true, true, false],
    'what is of the host concerns everybody; web is in that net namespace',
  );
  const other = seen({ ...nothing, selection: { kind: 'process', ref: { pid: 4551, starttime: 45510 } } });
  assert.equal(
    findingRows(other)
      ?.map((row) => [row.finding.id, row.here])
      .slice(0, 2),
    [
      ['daemon-down', true],
      ['leaked-namespace', false],
    ],
  );
});

test('the cursor moves; Enter goes to what the finding is about, e to its lesson, y copies its proof', () => {
  const state = atFindings();
  assert.is(state.focus, 'findings');
  const down = play(state, 'down').state;
  const row = findingRows(down)?.find((one) => one.key === down.finding);
  assert.is(row?.finding.id, 'leaked-namespace');
  const there = play(down, 'enter').state;
  assert.is(there.tree, 'namespaces');
  assert.equal(there.selection, { kind: 'namespace', type: 'net', inode: 4026532184 });
  assert.is(targetOf(there)?.ref.pid, 5632);
  assert.equal(play(down, 'e').effects, [{ effect: 'open-lesson', id: 'uts-namespace' }]);
  assert.equal(play(down, 'y').effects, [{ effect: 'copy', text: 'cat /proc/leaked-namespace' }]);
  const throttled = play(down, 'down').state;
  assert.equal(play(throttled, 'e').state.notice, { kind: 'no-lesson' }, 'the course has no such lesson');
  assert.equal(play(throttled, 'enter').state.selection, { kind: 'container', id: WEB_ID });
});

test('the pane shows the sentence and the next step of the one under the cursor; home counts them', () => {
  const text = flat(play(atFindings(), 'down').state).join('\n');
  assert.match(text, /! leaked-namespace {2}net:4026532184/);
  assert.match(text, /leaked-namespace is so/);
  assert.match(text, /→ mend leaked-namespace/);
  assert.not.match(text, /daemon-down is so/);
  assert.match(flat(seen(homeState('en', 120, 40))).join('\n'), /findings +1 errors, 2 warnings/);
});

test.run();
