// The roots of runtimes: each directory once, by the name that we see it under ourselves; empty ones left out.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRecording, recordedFs } from '../../src/host/recorded-fs.ts';
import { runtimeRoots } from '../../src/host/runtime-roots.ts';

const test = suite('host/runtime-roots');

const fsOf = (...lines: readonly string[]) =>
  recordedFs(parseRecording(['nscope-recording 1', 'title roots', ...lines, ''].join('\n'), 'roots.host'));

const rows = (fs: ReturnType<typeof fsOf>, ofShims: readonly string[] = []) =>
  runtimeRoots(fs, ofShims).map(({ directory, engine, namespace, user, ids }) =>
    [directory, engine, namespace ?? '-', user, ...ids].join(' '),
  );

test("default roots, users' and engines'; an empty one, a file in the way and a name that is no uid are left out", () => {
  const fs = fsOf(
    'dir /run/runc/two',
    'dir /run/runc/one',
    'dir /run/crun',
    'dir /run/user/1000/crun/mine',
    'dir /run/user/backup/runc/x',
    'file /run/containerd/runc/stray',
    'dir /run/containerd/runc/k8s.io/pod',
    'dir /run/containerd/runc/default/lab1',
    'dir /run/docker/runtime-runc/moby/abc',
  );
  assert.equal(rows(fs), [
    '/run/runc runc - 0 one two',
    '/run/user/1000/crun crun - 1000 mine',
    '/run/containerd/runc/default containerd default 0 lab1',
    '/run/containerd/runc/k8s.io kubernetes k8s.io 0 pod',
    '/run/docker/runtime-runc/moby docker moby 0 abc',
  ]);
});

test("a shim's root: once and by our own name where it is the same directory, through the shim where it is another", () => {
  const fs = fsOf(
    'stat /run/docker/runtime-runc/moby 25 7 0 dir',
    'dir /run/docker/runtime-runc/moby/abc',
    'stat /proc/40/root/run/docker/runtime-runc/moby 25 7 0 dir',
    'dir /proc/40/root/run/docker/runtime-runc/moby/abc',
    'stat /srv/exec/runc/moby 25 8 0 dir',
    'stat /proc/41/root/srv/exec/runc/moby 25 8 0 dir',
    'dir /proc/41/root/srv/exec/runc/moby/def',
    'dir /srv/exec/runc/moby/def',
    'stat /proc/42/root/run/docker/runtime-runc/moby 31 7 0 dir',
    'dir /proc/42/root/run/docker/runtime-runc/moby/fed',
    'stat /proc/43/root/run/docker/runtime-runc/moby 31 7 0 dir',
    'dir /proc/43/root/run/docker/runtime-runc/moby/fed',
  );
  const ofShims = [
    '/proc/40/root/run/docker/runtime-runc/moby',
    '/proc/41/root/srv/exec/runc/moby',
    '/proc/42/root/run/docker/runtime-runc/moby',
    '/proc/43/root/run/docker/runtime-runc/moby',
  ];
  assert.equal(rows(fs, ofShims), [
    '/run/docker/runtime-runc/moby docker moby 0 abc',
    '/srv/exec/runc/moby docker moby 0 def',
    '/proc/42/root/run/docker/runtime-runc/moby docker moby 0 fed',
  ]);
});

test.run();
