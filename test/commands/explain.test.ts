// `nscope explain` as a shell sees it, over the recorded hosts: every kind of target, in words of both languages and as JSON, and what is not recorded.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printRecording } from '../../src/host/recorded-fs.ts';
import { recordingOf } from '../support/host-text.ts';
import { runToEnd } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('commands/explain');
const V2 = 'fixtures/hosts/debian13-v2-docker.host';
const RUNTIMES = 'fixtures/hosts/debian13-v2-runtimes.host';
const V1 = 'fixtures/hosts/debian12-hybrid-docker.host';

function nscope(...args: readonly string[]): ReturnType<typeof runToEnd> {
  return runToEnd([process.execPath, 'dist/cli.js', 'explain', ...args]);
}

async function words(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await nscope(...args);
  assert.is(code, 0, stderr);
  return stdout
    .split('\n')
    .map((line) => line.trim().replaceAll(/ {2,}/g, ' '))
    .join('\n');
}

function has(text: string, lines: readonly string[]): void {
  for (const line of lines) assert.ok(text.split('\n').includes(line), `${line}\n---\n${text}`);
}

test('a container on pure v2: who, namespaces, ids, limits, each with its proof', async () => {
  const text = await words('web', '--from', V2);
  has(text, [
    'web 622 sh -c sleep 9000 & while :; do sleep 500; done',
    'pid 622; 1 inside grep NSpid /proc/622/status',
    'part first process of the container nscope tree --all',
    'parents 598 containerd-shim ← 1 systemd pstree -sp 622',
    'net 4026532371 own readlink /proc/622/ns/net',
    'user 4026531837 the host’s readlink /proc/622/ns/user',
    'CapEff docker’s default fourteen grep CapEff /proc/622/status',
    'no new privileges no: a set-user-ID program may raise its privileges grep NoNewPrivs /proc/622/status',
    'uid map every id is itself outside: no map of its own cat /proc/622/uid_map',
    'LSM label docker-default (enforce) cat /proc/622/attr/current',
    'How docker’s options became them',
    '--memory agree',
    'asked 67108864 docker inspect: HostConfig.Memory',
    'config.json 67108864 /proc/598/cwd/config.json: linux.resources.memory.limit',
  ]);
  assert.match(text, /^memory\.max 64 MiB \(64 MiB, its own\) cat \/sys\/fs\/cgroup\/.*\/memory\.max$/m);
  assert.match(text, /^cpu\.max quota 50 ms \(0\.50 CPU, its own\) cat /m);
  assert.match(text, /\(shared with sidecar\) —\nnetwork_namespaces\(7\)/);
});

test('a volume, a tmpfs and a host name: what was asked, config.json’s word and the kernel’s, also of a recording', async () => {
  for (const from of [V1, V2]) {
    const text = await words('db', '--from', from);
    has(text, [
      '--hostname agree',
      '--volume agree',
      '--tmpfs agree',
      'asked /scratch:size=1m docker inspect: HostConfig.Tmpfs',
    ]);
    assert.match(text, /^kernel kernel\.hostname db1 nsenter -t \d+ -u cat \/proc\/sys\/kernel\/hostname$/m);
    assert.match(text, /^kernel mount \/data ext4 rw of \/var\/lib\/docker\/volumes\/data\/_data grep /m);
  }
});

test('what a recording does not hold is said, and nothing is made up in its place', async () => {
  const text = await words('web', '--from', RUNTIMES);
  has(text, ['uid map not in this recording: /proc/625/uid_map cat /proc/625/uid_map']);
  assert.match(text, /What config\.json asked for\nthe engine could not be asked \(not in this recording\)/);
});

test('a container on a hybrid host, in Chinese', async () => {
  const text = await words('web', '--from', V1, '--lang', 'zh-CN');
  assert.match(text, /^它是谁$/m);
  assert.match(text, /^角色 容器的第一个进程/m);
  assert.match(text, /^uts \d+ 自己的 readlink/m);
  assert.match(text, /^cgroup \d+ 主机的 readlink/m);
  assert.match(text, /^memory\.limit_in_bytes 64 MiB \(64 MiB，由本组设定/m);
  assert.match(text, /seccomp 过滤：由 BPF 程序裁决每个调用/);
  assert.not.match(text, /own readlink|the host’s/);
});

test('an exec session, the host, a daemon', async () => {
  const { stdout } = await runToEnd([process.execPath, 'dist/cli.js', 'tree', '--json', '--from', V2]);
  const exec = /"kind": "exec",\s+"pid": (\d+)/.exec(stdout)?.[1];
  assert.ok(exec);
  assert.match(await words(exec, '--from', V2), /^part exec session/m);
  const host = await words('host', '--from', V2);
  has(host, ['part a process of the host, in no container nscope tree --all', 'parents none pstree -sp 1']);
  assert.match(host, /^pid \d+ the host’s readlink \/proc\/1\/ns\/pid$/m);
  assert.not.match(host, /What config\.json/);
});

interface Story {
  readonly coverage: { readonly unread: readonly { readonly path: string; readonly reason: string }[] };
  readonly target: { readonly kind: string; readonly pid: number | null };
  readonly process: {
    readonly insidePid: number;
    readonly part: string;
    readonly parents: readonly { pid: number }[];
  };
  readonly namespaces: readonly {
    readonly type: string;
    readonly relation: string;
    readonly sharedWith: readonly string[];
  }[];
  readonly confinement: {
    readonly uidMap: unknown;
    readonly capabilities: Readonly<Record<string, readonly string[]>>;
    readonly besideDockersDefault: unknown;
    readonly seccomp: number;
  };
  readonly controllers: readonly { readonly name: string }[];
  readonly options: readonly unknown[];
}

test('as JSON: the same story; what was not read is null beside coverage.unread', async () => {
  for (const from of [V1, V2]) {
    const { code, stdout } = await nscope('web', '--json', '--from', from);
    assert.is(code, 0);
    const story = JSON.parse(stdout) as Story;
    assert.is(story.target.kind, 'container');
    assert.is(story.process.part, 'init');
    assert.is(story.process.insidePid, 1);
    assert.is(story.process.parents.at(-1)?.pid, 1);
    assert.is(story.namespaces.length, 8);
    assert.equal(story.namespaces.find(({ type }) => type === 'net')?.sharedWith, ['sidecar']);
    assert.is(story.confinement.capabilities['effective']?.length, 14);
    assert.equal(story.confinement.besideDockersDefault, { added: [], dropped: [] });
    assert.is(story.confinement.seccomp, 2);
    assert.equal(story.confinement.uidMap, [{ inside: 0, outside: 0, count: 4294967295 }]);
    assert.ok(story.options.length > 5);
    assert.ok(story.controllers.some(({ name }) => name === 'memory'));
  }
  const story = JSON.parse((await nscope('web', '--json', '--from', RUNTIMES)).stdout) as Story;
  assert.is(story.confinement.uidMap, null);
  assert.ok(story.coverage.unread.some(({ path }) => path === `/proc/${story.target.pid}/uid_map`));
});

test('a namespace: members, owner, what keeps it alive', async () => {
  const { stdout } = await runToEnd([
    process.execPath,
    'dist/cli.js',
    'ns',
    'web',
    '--type',
    'net',
    '--json',
    '--from',
    V2,
  ]);
  const inode = /"inode": (\d+)/.exec(stdout)?.[1];
  assert.ok(inode);
  const text = await words(`ns:net:${inode}`, '--from', V2);
  has(text, [
    'Namespace',
    'type net not the host’s lsns -p 622',
    'Members',
    'What keeps it alive beside its members',
  ]);
  assert.match(text, /^622 sh .*web nscope explain 622$/m);
  assert.match(text, /^owner user:\d+ nscope ns ns:net:\d+$/m);
  const json = JSON.parse((await nscope(`ns:net:${inode}`, '--json', '--from', V2)).stdout) as {
    namespace: {
      type: string;
      initial: boolean;
      members: readonly { pid: number; container: string | null }[];
    };
  };
  assert.is(json.namespace.type, 'net');
  assert.is(json.namespace.initial, false);
  assert.ok(json.namespace.members.some(({ pid, container }) => pid === 622 && container !== null));
});

test('a control group: where it is, its limits, who is in it', async () => {
  const { stdout } = await runToEnd([
    process.execPath,
    'dist/cli.js',
    'ps',
    '--container',
    'web',
    '--json',
    '--from',
    V2,
  ]);
  const path = /"cgroup": "([^"]+)"/.exec(stdout)?.[1];
  assert.ok(path);
  const text = await words(`cgroup:${path}`, '--from', V2);
  assert.match(text, /^v2 memory, cpu.* ls \/sys\/fs\/cgroup\//m);
  assert.match(text, /^pids\.max 50 \(50, its own\)/m);
  assert.match(text, /^622 sh .*web nscope explain 622$/m);
  const json = JSON.parse((await nscope(`cgroup:${path}`, '--json', '--from', V2)).stdout) as {
    cgroup: { path: string; processes: readonly { pid: number }[] };
  };
  assert.is(json.cgroup.path, path);
  assert.ok(json.cgroup.processes.some(({ pid }) => pid === 622));
});

test('mistakes: no target, an unknown one, self of a recording', async () => {
  assert.is((await nscope('--from', V2)).code, 2);
  const unknown = await nscope('sidecra', '--from', V2);
  assert.is(unknown.code, 2);
  assert.match(unknown.stderr, /did you mean "sidecar"\?/);
  assert.is((await nscope('self', '--from', V2)).code, 2);
});

test('a configuration that was denied is told as denied, and so is what the kernel refuses', async () => {
  await withTempDir(async (dir) => {
    const file = join(dir, 'x.host');
    const id = 'ee703c3f8b1a0d5c'.repeat(4);
    const cwd = `/run/containerd/io.containerd.runtime.v2.task/moby/${id}`;
    const recording = recordingOf([
      { pid: 1 },
      { pid: 10, ppid: 1, comm: 'containerd-shim', links: { cwd } },
      { pid: 20, ppid: 10, cgroup: `0::/docker/${id}\n` },
    ]);
    const entries = new Map(recording.entries);
    for (const path of ['/proc/10/cwd/config.json', '/proc/20/mountinfo', '/proc/20/root'])
      entries.set(path, { kind: 'unread', why: 'denied' });
    writeFileSync(file, printRecording({ ...recording, entries }));
    const text = await words('20', '--from', file);
    has(text, [
      'config.json could not be read (denied: /proc/10/cwd/config.json)',
      'root denied: /proc/20/root readlink /proc/20/root',
      'denied: /proc/20/mountinfo cat /proc/20/mountinfo',
    ]);
    const story = JSON.parse((await nscope('20', '--json', '--from', file)).stdout) as Story;
    assert.ok(
      story.coverage.unread.some(
        ({ path, reason }) => path === '/proc/10/cwd/config.json' && reason === 'denied',
      ),
    );
  });
});

test('an engine without config.json is told as such; a runtime without an engine is not said to have refused', async () => {
  await withTempDir(async (dir) => {
    const file = join(dir, 'x.host');
    const recording = recordingOf([
      { pid: 1 },
      { pid: 20, ppid: 1, cgroup: '0::/lxc.payload.deb\n' },
      { pid: 30, ppid: 1, cgroup: '0::/machine.slice/machine-box.scope/payload\n' },
    ]);
    writeFileSync(file, printRecording(recording));
    for (const [pid, engine] of [
      ['20', 'lxc'],
      ['30', 'nspawn'],
    ] as const) {
      const text = await words(pid, '--from', file);
      has(text, [`${engine} makes no config.json: its own configuration is not read here`]);
      assert.not.match(text, /could not be/);
    }
    const plain = await words('plain', '--from', RUNTIMES);
    assert.not.match(plain, /engine could not be asked/);
    assert.match(plain, /config\.json could not be read \(not in this recording/);
  });
});

test('sets of capabilities in words: all, all but a few, none, docker’s and what differs from it', async () => {
  await withTempDir(async (dir) => {
    const file = join(dir, 'x.host');
    const head = 'Name:\tx\nUid:\t0\t0\t0\t0\nThreads:\t1\n';
    const sets =
      'CapInh:\t0\nCapPrm:\t1ffffffffff\nCapEff:\t1fffeffffff\nCapBnd:\ta80435fb\nCapAmb:\ta80425fb\n';
    const processes = [{ pid: 7, files: { status: head + sets } }];
    writeFileSync(file, printRecording(recordingOf(processes, { '/proc/sys/kernel/cap_last_cap': '40\n' })));
    const text = await words('7', '--from', file);
    const proof = (line: string) => `grep ${line} /proc/7/status`;
    has(text, [
      `CapEff all but SYS_RESOURCE ${proof('CapEff')}`,
      `CapBnd against docker’s default: added NET_ADMIN ${proof('CapBnd')}`,
      `CapPrm all of them ${proof('CapPrm')}`,
      `CapInh none ${proof('CapInh')}`,
      `CapAmb docker’s default fourteen ${proof('CapAmb')}`,
    ]);
  });
});

test('what a stranger wrote is shown, not obeyed', async () => {
  await withTempDir(async (dir) => {
    const file = join(dir, 'x.host');
    const files = {
      'attr/current': '\x1b[2Jlabel\n',
      mountinfo: '30 29 8:1 /\\033[2J /data\\033]0;x rw - ext4 /dev/sda1 rw\n',
    };
    const recording = recordingOf([
      { pid: 1 },
      { pid: 7, ppid: 1, comm: 'a', files, links: { cwd: '/\x9b31m' } },
    ]);
    writeFileSync(file, printRecording(recording));
    const { code, stdout } = await nscope('7', '--from', file);
    assert.is(code, 0);
    assert.match(stdout, /label/);
    // oxlint-disable-next-line no-control-regex
    assert.not.match(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

test.run();
