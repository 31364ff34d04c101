// Owners and parents by ioctl on this kernel: nested namespaces told apart, ancestors without a process found, no descriptor left open.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { liveRelations } from '../../src/host/relations.ts';
import { NS_TYPES } from '../../src/kernel/namespaces.ts';
import { valueOr } from '../../src/kernel/reading.ts';
import type { Process, Snapshot } from '../../src/model/types.ts';
import { maybe, need } from '../support/need.ts';
import { countFds, descendants, until, withProcess } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('live/relations');
const live = maybe(test, need({ root: true, tools: ['unshare', 'setpriv'] }));

/** The innermost process below `pid` once it runs `comm`. */
async function innermost(pid: number, comm: string): Promise<number> {
  return until(`${comm} below ${pid}`, () => {
    const below = [pid, ...descendants(pid).map((one) => one.pid)];
    return below.find((one) => readFileSync(`/proc/${one}/comm`, 'utf8').trim() === comm);
  });
}

function at(snapshot: Snapshot, pid: number): Process {
  const found = snapshot.processes.find((process) => process.pid === pid);
  assert.ok(found, `process ${pid} is in the snapshot`);
  return found;
}

const inodeOf = (process: Process, type: (typeof NS_TYPES)[number]) => valueOr(process.ns[type], -1);

live(
  'three nested user namespaces: each owned by the one above, also the middle one that has no process',
  async () => {
    // The middle shell is replaced by the inner unshare, which leaves for its own: only a child keeps the middle namespace.
    const command = [
      'unshare',
      '--user',
      '--map-root-user',
      'unshare',
      '--user',
      '--map-root-user',
      'unshare',
      '--user',
      '--map-root-user',
      '--uts',
      'sleep',
      '300',
    ];
    await withProcess(['setpriv', '--pdeathsig', 'KILL', ...command], async ({ pid }) => {
      const sleeping = await innermost(pid, 'sleep');
      const snapshot = await takeSnapshot(liveHost());
      assert.is(snapshot.coverage.owners, 'ioctl');
      const process = at(snapshot, sleeping);
      const find = (type: string, inode: number) =>
        snapshot.namespaces.find((one) => one.type === type && one.inode === inode);
      assert.is(
        valueOr(find('uts', inodeOf(process, 'uts'))?.owner ?? { ok: true, value: -2 }, -3),
        inodeOf(process, 'user'),
      );
      const chain = [inodeOf(process, 'user')];
      for (let parent = find('user', chain[0] ?? 0); parent; ) {
        const up = valueOr(parent.parent, null);
        if (up === null) break;
        chain.push(up);
        parent = find('user', up);
      }
      assert.is(chain.length, 4, 'three of ours and the initial one');
      assert.is(chain.at(-1), 0xeffffffd);
      assert.equal(find('user', chain[1] ?? 0)?.members, [], 'the middle one has no process');
    });
  },
);

live('the parent of a nested pid namespace', async () => {
  await withProcess(
    [
      'setpriv',
      '--pdeathsig',
      'KILL',
      'unshare',
      '--pid',
      '--fork',
      '--kill-child',
      'unshare',
      '--pid',
      '--fork',
      '--kill-child',
      'sleep',
      '300',
    ],
    async ({ pid }) => {
      const sleeping = await innermost(pid, 'sleep');
      const snapshot = await takeSnapshot(liveHost());
      const process = at(snapshot, sleeping);
      assert.equal(process.nspid?.ok && process.nspid.value.length, 3, 'three numbers in NSpid');
      const inner = snapshot.namespaces.find(
        (one) => one.type === 'pid' && one.inode === inodeOf(process, 'pid'),
      );
      const middle = snapshot.namespaces.find(
        (one) => one.type === 'pid' && one.inode === valueOr(inner?.parent ?? { ok: true, value: 0 }, 0),
      );
      assert.equal(middle?.parent, { ok: true, value: 0xeffffffc });
    },
  );
});

live(
  'a hundred scans leave no descriptor open, and the answers that were kept do not outlive their namespaces',
  async () => {
    const host = liveHost();
    await takeSnapshot(host);
    const before = countFds();
    for (let round = 0; round < 5; round += 1) {
      await withProcess(
        ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--user', '--map-root-user', '--uts', 'sleep', '300'],
        async ({ pid }) => {
          const sleeping = await innermost(pid, 'sleep');
          for (let scan = 0; scan < 20; scan += 1) {
            const snapshot = await takeSnapshot(host);
            const process = at(snapshot, sleeping);
            const uts = snapshot.namespaces.find(
              (one) => one.type === 'uts' && one.inode === inodeOf(process, 'uts'),
            );
            assert.equal(uts?.owner, { ok: true, value: inodeOf(process, 'user') });
          }
        },
      );
    }
    assert.is(countFds(), before);
  },
);

live('a plain file that has the inode number asked for is no namespace: identity is (dev, inode)', () =>
  withTempDir(async (dir) => {
    const file = `${dir}/stale`;
    writeFileSync(file, '');
    const relations = liveRelations();
    await relations.prepare();
    const { ino } = statSync(file);
    const gone = { ok: false, why: 'gone', path: file };
    assert.equal(relations.of('net', ino, file, 'stale'), [
      { type: 'net', inode: ino, owner: gone, parent: gone },
    ]);
    const own = statSync('/proc/self/ns/net');
    const [relation] = relations.of('net', own.ino, '/proc/self/ns/net', 'own');
    assert.ok(relation?.owner.ok);
  }),
);

test.run();
