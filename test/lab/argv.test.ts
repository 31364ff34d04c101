// The argument lists of the lab, and the lines that a learner types in their place.
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  inGroups,
  inGroupsShell,
  namespacesOf,
  nsenterArgv,
  nsenterShell,
  shellWords,
  unshareArgv,
  unshareShell,
} from '../../src/lab/argv.ts';

const test = suite('lab: argument lists');

test('words come out of a shell as they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), (words) => {
      const usable = words
        .map((word) => word.replace(/[\0\ud800-\udfff\ue000]/g, ''))
        .filter((word) => word !== '');
      fc.pre(usable.length > 0);
      const { stdout } = spawnSync(
        'sh',
        ['-c', `for w in ${shellWords(usable)}; do printf '%s\\0' "$w"; done`],
        {
          encoding: 'utf8',
        },
      );
      assert.equal(stdout.split('\0').slice(0, -1), usable);
    }),
    { numRuns: 30 },
  );
  assert.is(shellWords(['echo', "it's", '/a/b', '']), "echo 'it'\\''s' /a/b ''");
});

test('unshare: what runs and what is typed', () => {
  const what = {
    namespaces: ['mnt', 'uts', 'pid'],
    fork: true,
    root: '/lab/rootfs',
    mountProc: true,
    command: ['ps', '-e'],
  } as const;
  assert.is(
    unshareArgv(what).join(' '),
    'unshare --mount --uts --pid --fork --kill-child=KILL --root=/lab/rootfs --mount-proc -- ps -e',
  );
  assert.is(unshareShell(what), 'unshare --uts --pid --fork --root=/lab/rootfs --mount-proc ps -e');
  assert.is(
    unshareShell({ namespaces: ['user', 'uts'], fork: false, command: ['id'] }),
    'unshare --user --map-root-user --uts id',
  );
});

test('without a namespace: chroot for a root, and the command as it is for nothing', () => {
  const plain = { namespaces: [], fork: false, command: ['sleep', '9'] } as const;
  assert.equal(unshareArgv({ ...plain, root: '/lab/root' }), ['chroot', '/lab/root', 'sleep', '9']);
  assert.is(unshareShell({ ...plain, root: '/lab/root' }), 'chroot /lab/root sleep 9');
  assert.equal(unshareArgv(plain), ['sleep', '9']);
  assert.is(
    unshareShell({ ...plain, namespaces: ['mnt'], propagation: 'slave' }),
    'unshare --mount --propagation slave sleep 9',
  );
  const enter = { pid: 7, namespaces: [], root: false, command: ['id', '-u'] } as const;
  assert.equal(nsenterArgv(enter), ['id', '-u']);
  assert.is(nsenterShell(enter), 'id -u');
  assert.is(nsenterShell({ ...enter, root: true }), 'nsenter --target 7 --mount --root --wd id -u');
});

test('nsenter enters what the actor has, and keeps its credentials in a user namespace', () => {
  const what = { pid: 77, namespaces: ['uts', 'user'], root: true, command: ['hostname', 'x'] } as const;
  assert.is(
    nsenterArgv(what).join(' '),
    'nsenter --target 77 --user --preserve-credentials --uts --root --wd -- hostname x',
  );
  assert.is(
    nsenterShell({ ...what, namespaces: ['uts'], root: false }),
    'nsenter --target 77 --uts hostname x',
  );
});

test('namespaces: what was asked for, and what that cannot do without', () => {
  assert.equal(namespacesOf(['uts'], 'root', false), ['uts']);
  assert.equal(namespacesOf(['pid'], 'root', true), ['mnt', 'pid']);
  assert.equal(namespacesOf(['uts'], 'rootless', false), ['uts', 'user']);
});

test('groups are joined before the command', () => {
  assert.equal(inGroups([], ['ls']), ['ls']);
  assert.equal(inGroups(['/g/a', '/g/b'], ['ls', '-l']).slice(4), ['2', '/g/a', '/g/b', 'ls', '-l']);
  assert.is(
    inGroupsShell(['/g/a'], 'unshare --uts sleep infinity'),
    '(echo 0 > /g/a/cgroup.procs && exec unshare --uts sleep infinity)',
  );
  assert.is(
    inGroupsShell(['/g/a', '/h/a'], 'id'),
    '(echo 0 > /g/a/cgroup.procs &&\necho 0 > /h/a/cgroup.procs &&\nexec id)',
  );
  const { status } = spawnSync('sh', inGroups(['/no/such/group'], ['true']).slice(1));
  assert.is(status, 126, 'a group that cannot be joined stops it');
});

test.run();
