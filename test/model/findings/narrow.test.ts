// Which findings a target is told of: its own, those of groups above it, those of what it holds; and none of its neighbours'.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding, Subject } from '../../../src/model/findings/finding.ts';
import { concerning } from '../../../src/model/findings/narrow.ts';
import { resolveTarget } from '../../../src/model/target.ts';
import { ID, look, OWN_NS } from './fake.ts';

const test = suite('model/findings narrow');
const OTHER = 'b'.repeat(64);

function finding(subject: Subject, pids: readonly number[] = []): Finding {
  const text = { en: 'x', 'zh-CN': 'x' };
  return {
    id: 'x',
    severity: 'warning',
    subject,
    sentence: text,
    evidence: [],
    proof: 'x',
    next: text,
    lesson: 'x',
    pids,
  };
}

const host = () =>
  look(2, [
    { pid: 50, ns: OWN_NS, cgroup: `0::/docker/${ID}\n` },
    { pid: 60, cgroup: `0::/docker/${OTHER}\n` },
    { pid: 70, cgroup: '0::/system.slice/a.service\n' },
  ]);

const CASES: readonly (readonly [string, Finding, Readonly<Record<string, boolean>>])[] = [
  [
    'a container',
    finding({ kind: 'container', id: ID, name: 'a' }),
    {
      [ID]: true,
      [OTHER]: false,
      '50': true,
      '70': false,
      'cgroup:/docker': true,
      'ns:net:16': true,
      host: true,
    },
  ],
  [
    'a group above',
    finding({ kind: 'cgroup', path: '/docker' }),
    { [ID]: true, [OTHER]: true, '70': false, 'cgroup:/docker': true, 'cgroup:/system.slice': false },
  ],
  [
    'a group below',
    finding({ kind: 'cgroup', path: '/system.slice/a.service/x' }),
    { '70': false, 'cgroup:/system.slice': true, [ID]: false },
  ],
  [
    'a name that only begins alike',
    finding({ kind: 'cgroup', path: '/dock' }),
    { [ID]: false, 'cgroup:/docker': false },
  ],
  [
    'a namespace',
    finding({ kind: 'namespace', type: 'net', inode: 16 }),
    { [ID]: true, [OTHER]: false, 'ns:net:16': true },
  ],
  [
    'what a process holds',
    finding({ kind: 'namespace', type: 'net', inode: 99 }, [70]),
    { '70': true, '60': false },
  ],
  ['a note', { ...finding({ kind: 'host' }), severity: 'note' }, { [ID]: true, '70': true }],
];

for (const [what, one, targets] of CASES) {
  test(what, async () => {
    const { snapshot } = await host();
    for (const [word, expected] of Object.entries(targets))
      assert.is(concerning(snapshot, resolveTarget(snapshot, word))(one), expected, word);
  });
}

test('a container that has ended is told of its own alone', async () => {
  const { snapshot } = await host();
  const patient = { kind: 'ended', id: OTHER } as const;
  assert.is(concerning(snapshot, patient)(finding({ kind: 'container', id: OTHER, name: 'b' })), true);
  assert.is(concerning(snapshot, patient)(finding({ kind: 'container', id: ID, name: 'a' })), false);
});

test.run();
