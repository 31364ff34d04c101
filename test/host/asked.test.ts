// timeout: 300
// Which files a look asks for: none that stalls its owner or tells secrets, none that costs much in a refresh, and none opened for writing.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostFs } from '../../src/host/fs.ts';
import { readGroupFiles, readWholeGroup } from '../../src/host/groups.ts';
import { type Host, liveHost, recordedHost, takeSnapshot } from '../../src/host/host.ts';
import { recordHost } from '../../src/host/record.ts';
import { scan } from '../../src/host/scan.ts';
import type { Snapshot } from '../../src/model/types.ts';
import { hostOf, recordingOf } from '../support/host-text.ts';
import { maybe, need } from '../support/need.ts';
import { runToEnd } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('host/asked');
const hostFile = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/hosts/${name}.host`, import.meta.url));

/** The host, and the paths that it was asked for, links and directories too. */
function listening(host: Host): { readonly host: Host; readonly asked: string[] } {
  const asked: string[] = [];
  const note = <T>(path: string, answer: T): T => {
    asked.push(path);
    return answer;
  };
  const { held } = host.fs;
  const fs: HostFs = {
    kind: host.fs.kind,
    title: host.fs.title,
    ...(held ? { held: (path, look) => note(path, held(path, look)) } : {}),
    readText: (path) => note(path, host.fs.readText(path)),
    readLink: (path) => note(path, host.fs.readLink(path)),
    list: (path) => note(path, host.fs.list(path)),
    stat: (path) => note(path, host.fs.stat(path)),
  };
  return { host: { ...host, fs }, asked };
}

/** They take the mmap lock of their owner, or hold secrets (kernel-facts §1.15); and what means nothing on v2 (§2.5). */
const NEVER =
  /^\/proc\/(?:[^/]+(?:\/task\/[^/]+)?\/(?:environ|maps|smaps|smaps_rollup|numa_maps|pagemap|mem|auxv)|cgroups)$/;
/** On demand alone (§9). */
const DEEP = /^\/proc\/[^/]+\/(?:task|fd|fdinfo)(?:\/|$)|_for_children$/;
/** Mounts of other mount namespaces; our own stand in pid 1's in a recording. */
const OTHER_MOUNTS = /^\/proc\/(?!1\/|self\/)[^/]+\/mountinfo$/;

const matching = (asked: readonly string[], pattern: RegExp) => asked.filter((path) => pattern.test(path));

for (const name of ['debian13-v2-docker', 'debian12-hybrid-docker']) {
  const open = () => listening(recordedHost(hostFile(name)));

  test(`${name}: a refresh reads no thread, no fd and no other mount namespace`, () => {
    const { host, asked } = open();
    const plain = (watch: Snapshot['processes']) =>
      scan(host.fs, host.relations, { watch, self: host.self, uid: host.uid });
    const { processes, containers } = plain([]);
    const contained = containers.flatMap(({ pids }) => pids);
    plain(processes.filter(({ pid }) => contained.includes(pid)));
    assert.equal(matching(asked, NEVER), []);
    assert.equal(matching(asked, DEEP), []);
    assert.equal(matching(asked, OTHER_MOUNTS), []);
  });

  test(`${name}: nor does the whole look, with threads, fds, files of groups and a recording of it, read what it must not`, async () => {
    const { host, asked } = open();
    const snapshot = await takeSnapshot(host, { cmdlines: 'all', deep: {} });
    for (const process of snapshot.processes) {
      const memberships = process.cgroups.ok ? process.cgroups.value : [];
      readWholeGroup(host.fs, snapshot.hierarchies, memberships);
      readGroupFiles(host.fs, snapshot.hierarchies, memberships);
    }
    await recordHost(host, { title: 't', processes: 'all', redact: 'all' });
    assert.ok(matching(asked, DEEP).length > 0, 'the look was deep');
    assert.equal(matching(asked, NEVER), []);
  });
}

test('a command line takes its process\u2019 mmap lock: not read where no row needs it', () => {
  const command = ['sleep', '9'];
  const processes = [1, 7, 8].map((pid) => ({ pid, cmdline: command, ns: pid === 8 ? { uts: 77 } : {} }));
  const { host, asked } = listening(hostOf(recordingOf(processes)));
  scan(host.fs, host.relations, { self: 0, uid: 0 });
  // The first of a namespace stands in that one's row; 7 is one of many of the host.
  assert.equal(matching(asked, /cmdline$/), ['/proc/1/cmdline', '/proc/8/cmdline']);
});

test('live: neither does the live host', async () => {
  const { host, asked } = listening(liveHost());
  await takeSnapshot(host, { cmdlines: 'all', deep: {} });
  assert.ok(matching(asked, DEEP).length > 0);
  assert.equal(matching(asked, NEVER), []);
});

/** What changes a file system; `open*` is looked at by its flags. */
const WRITERS =
  /\b(?:appendFile|chmod|chown|copyFile|cp|createWriteStream|fchmod|fchown|ftruncate|futimes|lchown|link|lutimes|mkdir|mkdtemp|rename|rm|rmdir|symlink|truncate|unlink|utimes|write|writeFile|writev)(?:Sync)?\s*\(/;

/** Lines of a text of src/host that write, or open in another way than for reading. */
function writingLines(text: string): readonly string[] {
  const code = text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
  const opens = [...code.matchAll(/\b(?:openSync|open)\s*\(([^;]*?)\);/g)].filter(
    ([, given = '']) =>
      !/constants\.O_RDONLY\b/.test(given) || /O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(given),
  );
  return [...code.split('\n').filter((line) => WRITERS.test(line)), ...opens.map(([whole]) => whole)];
}

test('no file of src/host has a call that writes, and every open says O_RDONLY', () => {
  const src = fileURLToPath(new URL('../../src/host', import.meta.url));
  const files = glob.sync('**/*.ts', { cwd: src, absolute: true });
  assert.ok(files.length > 10);
  for (const file of files) assert.equal(writingLines(readFileSync(file, 'utf8')), [], basename(file));
  // The checker itself, on what it must refuse and must let pass.
  for (const bad of [
    'const fd = openSync(path, constants.O_RDWR);',
    "openSync(path, 'r+');",
    'openSync(path);',
    "writeFileSync('/x', '1');",
    'await rm(path);',
    'openSync(path, constants.O_RDONLY | constants.O_CREAT);',
  ])
    assert.is(writingLines(bad).length, 1, bad);
  for (const good of ['openSync(path, constants.O_RDONLY);', '// unlink(2) is not called', 'opens.push(x);'])
    assert.is(writingLines(good).length, 0, good);
});

maybe(test, need({ root: true, tools: ['strace'] }))(
  'live: the kernel saw no open for writing below /proc and /sys, and no change of a file there',
  () =>
    withTempDir(async (dir) => {
      const log = `${dir}/trace`;
      const calls =
        'trace=open,openat,openat2,creat,mkdir,mkdirat,rmdir,unlink,unlinkat,rename,renameat,renameat2,mount,umount2,setns,unshare,ptrace';
      const cli = ['dist/cli.js', 'cgroup', 'self', '--files', '--json'];
      const { code } = await runToEnd(
        ['strace', '-f', '--seccomp-bpf', '-qq', '-o', log, '-e', calls, process.execPath, ...cli],
        { ms: 200_000 },
      );
      assert.is(code, 0);
      const lines = readFileSync(log, 'utf8').split('\n');
      const kernels = lines.filter((line) => /"\/(?:proc|sys)\//.test(line));
      assert.ok(
        kernels.some((line) => line.includes('cgroup.procs')),
        'files of the group were opened',
      );
      const changing = kernels.filter(
        (line) => /O_(?:WRONLY|RDWR|CREAT|TRUNC)/.test(line) || !/\bopen(?:at2?)?\(/.test(line),
      );
      assert.equal(changing, []);
      assert.equal(
        lines.filter((line) => /\b(?:setns|unshare|ptrace|mount|umount2)\(/.test(line)),
        [],
      );
    }),
);

test.run();
