// What a recording tells of networks, and what a failed command means.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeSnapshot } from '../../src/host/host.ts';
import { readNetworks, troubleOf } from '../../src/host/networks.ts';
import { HOST_NS, hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('host/networks');

test('a recording that holds net/dev has the names, and says that there is no more', async () => {
  const host = hostOf(
    recordingOf([
      { pid: 1, comm: 'init', files: { 'net/dev': 'head\n    lo: 0 0\n  eth\x1b0: 1 2\n' } },
      { pid: 20, ppid: 1, ns: { net: 77 } },
    ]),
  );
  const networks = await readNetworks(host, await takeSnapshot(host), { ids: new Map() });
  const names = (inode: number) => networks.find((one) => one.inode === inode)?.links.map(({ name }) => name);
  assert.equal(names(HOST_NS.net), ['lo', 'eth\\x1b0']);
  assert.equal(names(77), []);
  for (const { trouble, links } of networks) {
    assert.is(trouble?.why, 'recorded');
    // Not to be taken for an ifindex that another namespace tells of.
    assert.ok(links.every(({ ifindex, up }) => ifindex < 0 && up === null));
  }
});

test('why a command failed: no such command, no right, something else', () => {
  const failed = (stderr: string, more: { exitCode?: number; timedOut?: boolean } = {}) =>
    troubleOf({ stdout: '', stderr, exitCode: 1, timedOut: false, ...more }).why;
  assert.is(failed('spawn ip ENOENT', { exitCode: 127 }), 'missing');
  assert.is(failed('nsenter: failed to execute ip: No such file or directory', { exitCode: 127 }), 'missing');
  assert.is(failed('nsenter: reassociate to namespace ns/net failed: Operation not permitted'), 'denied');
  assert.is(failed('nsenter: cannot open /proc/7/ns/net: Permission denied'), 'denied');
  assert.is(failed('nsenter: cannot open /proc/7/ns/net: No such file or directory'), 'failed');
  assert.is(failed('', { timedOut: true }), 'failed');
});

test.run();
