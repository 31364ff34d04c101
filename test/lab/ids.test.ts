// Which ids a user namespace of the lab's gets: root, the own one, or a range of /etc/subuid.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordedFs } from '../../src/host/recorded-fs.ts';
import { idsFor, mapText, OTHER_ID, subordinate } from '../../src/lab/ids.ts';
import { recordingOf } from '../support/host-text.ts';

const test = suite('lab: ids');

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1001::/home/ann:/bin/sh\n';

/** A host with these files. */
function host(files: Readonly<Record<string, string>>) {
  return recordedFs(recordingOf([], files));
}
const ANN = { uid: 1000, gid: 1001 };
const everything = (name: string) => `/usr/bin/${name}`;

test('root maps ids that are nobody’s, one or 65536 of them', () => {
  const lab = { mode: 'root', fs: host({}) } as const;
  const range = idsFor(lab, 'range', everything, { uid: 0, gid: 0 });
  assert.equal(range.uid, [{ inside: 0, outside: OTHER_ID, count: 65_536 }]);
  assert.equal(range.gid, range.uid);
  assert.equal([range.tools, range.deny, range.short], [null, false, false]);
  assert.is(mapText(idsFor(lab, 'own', everything, { uid: 0, gid: 0 }).uid), `0 ${OTHER_ID} 1`);
});

test('a user maps the own id, and denies setgroups for it', () => {
  const lab = { mode: 'rootless', fs: host({}) } as const;
  const own = idsFor(lab, 'own', everything, ANN);
  assert.equal([mapText(own.uid), mapText(own.gid)], ['0 1000 1', '0 1001 1']);
  assert.equal([own.tools, own.deny, own.short], [null, true, false]);
});

test('a range is had where both files give one and both tools are there', () => {
  const files = {
    '/etc/passwd': PASSWD,
    '/etc/subuid': 'bob:100000:65536\nann:165536:65536\n',
    '/etc/subgid': '1000:300000:10\n',
  };
  const range = idsFor({ mode: 'rootless', fs: host(files) }, 'range', everything, ANN);
  assert.is(mapText(range.uid), '0 1000 1\n1 165536 65535');
  assert.is(mapText(range.gid), '0 1001 1\n1 300000 10');
  assert.equal(range.tools, { uid: 'newuidmap', gid: 'newgidmap' });
  assert.equal([range.deny, range.short], [false, false]);
  const without = (find: (name: string) => string | null, left: Readonly<Record<string, string>>) =>
    idsFor({ mode: 'rootless', fs: host(left) }, 'range', find, ANN);
  const noTool = without((name) => (name === 'newgidmap' ? null : name), files);
  const noGroups = without(everything, { ...files, '/etc/subgid': '' });
  const noFile = without(everything, { '/etc/passwd': PASSWD, '/etc/subuid': 'ann:165536:65536\n' });
  for (const one of [noTool, noGroups, noFile]) {
    assert.equal([mapText(one.uid), one.tools, one.deny, one.short], ['0 1000 1', null, true, true]);
  }
});

test('subuid(5): by name or number, the first that is well formed', () => {
  const ann = { name: 'ann', uid: 1000 };
  assert.equal(subordinate('ann:5:6\nann:7:8\n', ann), { start: 5, count: 6 });
  assert.equal(subordinate('# x\n1000:5:6', ann), { start: 5, count: 6 });
  assert.equal(subordinate('ann:x:6\nann:5:0\nann:7:8', ann), { start: 7, count: 8 });
  assert.is(subordinate('', { name: null, uid: 1000 }), null);
  assert.is(subordinate(':5:6\nanna:5:6', ann), null);
});

test.run();
