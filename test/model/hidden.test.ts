// Whom hidepid hides processes from: not root, unless pid 1's links were refused to it, it stands in a container, or pid 1 is not to be seen.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { coverageRemarks } from '../../src/commands/coverage.ts';
import { takeSnapshot } from '../../src/host/host.ts';
import { hidingOptions } from '../../src/model/hidden.ts';
import type { Snapshot } from '../../src/model/types.ts';
import { type FakeProcess, hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('model/hidden');

async function seen(
  options: string,
  uid: number,
  processes: readonly FakeProcess[] = [{ pid: 1 }, { pid: 7 }],
): Promise<Snapshot> {
  const files = { '/proc/1/mountinfo': `24 27 0:22 / /proc rw - proc proc rw${options}\n` };
  return takeSnapshot({ ...hostOf(recordingOf(processes, files)), uid });
}

test('an ordinary user is told, in every command’s remarks; root, who sees everybody, is not', async () => {
  const user = await seen(',hidepid=invisible,gid=4', 1000);
  assert.equal(hidingOptions(user), ['hidepid=invisible', 'gid=4']);
  assert.match(coverageRemarks('en', user).join('\n'), /hidepid=invisible,gid=4/);
  const root = await seen(',hidepid=invisible,gid=4', 0);
  assert.equal(hidingOptions(root), []);
  assert.not.match(coverageRemarks('en', root).join('\n'), /hidepid/);
});

test('root without the capability to trace is told: refused, or pid 1 not there', async () => {
  const refused = [{ pid: 1, ns: { user: 'denied' } as const }, { pid: 7 }];
  assert.equal(hidingOptions(await seen(',hidepid=noaccess', 0, refused)), ['hidepid=noaccess']);
  assert.equal(hidingOptions(await seen(',hidepid=2', 0, [{ pid: 7 }])), ['hidepid=2']);
  const contained = await seen(',hidepid=2', 0);
  assert.equal(hidingOptions({ ...contained, coverage: { ...contained.coverage, insideContainer: true } }), [
    'hidepid=2',
  ]);
});

test('hidepid=off and gid alone hide nothing', async () => {
  for (const options of ['', ',hidepid=off', ',hidepid=0', ',gid=4'])
    assert.equal(hidingOptions(await seen(options, 1000)), [], options);
});

test.run();
