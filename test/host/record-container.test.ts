// What a recording keeps of a container's own files: all that explain reads, and nothing of its environment, labels, secrets or a person's directories.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfinement, readContainerConfig } from '../../src/host/confinement.ts';
import { examine } from '../../src/host/examine.ts';
import { takeSnapshot } from '../../src/host/host.ts';
import { recordHost } from '../../src/host/record.ts';
import { keptConfig, keptInspect, keptOwnMounts } from '../../src/host/record-container.ts';
import { parseRecording } from '../../src/host/recorded-fs.ts';
import { readStory } from '../../src/host/story.ts';
import { optionsOf } from '../../src/model/explain/facts.ts';
import { parseConfig } from '../../src/oci/config.ts';
import { parseInspect } from '../../src/oci/inspect.ts';
import { hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('host/record-container');
const ID = 'ee703c3f8b1a0d5c'.repeat(4);

const CONFIG = `{"ociVersion":"1.0","hostname":"s3cret-host","annotations":{"label":"s3cret"},"hooks":{"prestart":[{"path":"/s3cret"}]},
  "process":{"args":["sleep","s3cret"],"env":["PASSWORD=s3cret"],"cwd":"/home/s3cret","user":{"uid":7,"gid":8},
    "rlimits":[{"type":"RLIMIT_NOFILE","soft":1,"hard":18446744073709551615}],"noNewPrivileges":true,
    "capabilities":{"bounding":["CAP_KILL"]}},
  "root":{"path":"/home/s3cret/merged","readonly":true},
  "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
    {"destination":"/home/s3cret","type":"bind","source":"/home/s3cret","options":["ro"]},
    {"destination":"/x.sock","type":"bind","source":"/var/run/docker.sock"}],
  "linux":{"resources":{"memory":{"limit":9007199254740993}},"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["s3cret"]},{}]},
    "maskedPaths":["/proc/kcore"],"namespaces":[{"type":"pid"}]}}`;

test('config.json: what nscope reads is the same, the rest is gone', () => {
  const kept = keptConfig(CONFIG, 'all');
  assert.not.match(kept, /s3cret/);
  const [before, after] = [parseConfig(CONFIG, 'x'), parseConfig(kept, 'x')];
  assert.equal(after, {
    ...before,
    hostname: '',
    args: ['sleep'],
    process: { ...before.process, cwd: '' },
    root: { path: null, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: [] },
      { destination: '/redacted', type: 'bind', source: '/redacted', options: ['ro'] },
      { destination: '/x.sock', type: 'bind', source: '/var/run/docker.sock', options: [] },
    ],
  });
  assert.is(after.process.rlimits[0]?.hard, 18446744073709551615n);
  assert.is(after.resources.memory.limit, 9007199254740993n);
});

test('environment, annotations, hooks and the profile are never kept, whatever is not redacted', () => {
  for (const redact of ['all', 'others', 'nothing'] as const) {
    const kept = keptConfig(CONFIG, redact);
    assert.not.match(kept, /PASSWORD|annotations|hooks|"names"/, redact);
    assert.is(parseConfig(kept, 'x').seccomp?.rules, 2);
  }
  assert.equal(parseConfig(keptConfig(CONFIG, 'nothing'), 'x').args, ['sleep', 's3cret']);
});

test('a config.json that is half written or of another form keeps nothing', () => {
  assert.is(keptConfig('{"process":{"env":["s3cr', 'nothing'), '{');
  assert.is(keptConfig('["s3cret"]', 'nothing'), '{}');
  assert.not.match(keptConfig('{"process":["s3cret"],"mounts":7,"linux":"s3cret"}', 'all'), /s3cret/);
});

const INSPECT = `{"Id":"${ID}","Name":"/web","Created":"s3cret","Path":"sleep","Args":["s3cret"],
  "State":{"Status":"running","Running":true,"Pid":20,"ExitCode":0,"Error":"s3cret","FinishedAt":"0001-01-01T00:00:00Z"},
  "Config":{"Hostname":"s3cret-host","Domainname":"s3cret","User":"7","Env":["PASSWORD=s3cret"],"Labels":{"a":"s3cret"},"Cmd":["s3cret"]},
  "HostConfig":{"Memory":9007199254740993,"SecurityOpt":["seccomp={\\n\\"names\\":[\\"s3cret\\"]}","no-new-privileges"],"Binds":["/home/s3cret:/s3cret"],
    "Mounts":[{"Type":"bind","Source":"/home/s3cret","Target":"/x"}],"Tmpfs":{"/s3cret":""},"LogConfig":{"Config":{"tag":"s3cret"}},"PidsLimit":50},
  "Mounts":[{"Source":"/home/s3cret"}],"NetworkSettings":{"IPAddress":"s3cret"}}`;

test('inspect: what nscope reads is the same, the rest is gone', () => {
  const kept = keptInspect(INSPECT, 'all');
  assert.not.match(kept, /s3cret/);
  const [before, after] = [parseInspect(INSPECT, 'x'), parseInspect(kept, 'x')];
  assert.equal(after, {
    ...before,
    config: { hostname: '', domainname: '', user: '7' },
    hostConfig: {
      ...before.hostConfig,
      securityOpt: ['seccomp=profile', 'no-new-privileges'],
      binds: [],
      mounts: [],
      tmpfs: {},
    },
  });
  assert.is(after.hostConfig.memory, 9007199254740993n);
  const others = keptInspect(INSPECT, 'others');
  assert.not.match(others, /PASSWORD|Labels|Cmd|names|LogConfig|NetworkSettings|Created|Args|Error/);
  assert.equal(parseInspect(others, 'x').hostConfig, {
    ...before.hostConfig,
    securityOpt: ['seccomp=profile', 'no-new-privileges'],
  });
  assert.is(keptInspect('[]', 'all'), '{}');
});

const MOUNTS = `30 29 0:25 / / ro - overlay overlay rw,lowerdir=/home/s3cret/l,upperdir=/home/s3cret/u
31 30 0:26 / /proc rw shared:1 - proc proc rw
32 31 0:27 /null /proc/kcore rw - tmpfs tmpfs rw,size=65536k
33 30 8:1 /home/s3cret /home/s3cret ro - ext4 /dev/sda1 rw
34 30 8:1 /home/s3cret/containers/hosts /etc/hosts rw - ext4 /dev/sda1 rw
35 30 0:28 /docker.sock /run/docker.sock rw - tmpfs tmpfs rw
36 30 8:1 /var/lib/docker/volumes/v/_data /v rw - ext4 /dev/sda1 rw
`;

test('mounts: kinds and options stay, a person’s directories do not', () => {
  const kept = keptOwnMounts(MOUNTS, 'all');
  assert.not.match(kept, /s3cret/);
  assert.is(
    kept,
    `30 29 0:25 / / ro - overlay overlay rw,lowerdir=/redacted,upperdir=/redacted
31 30 0:26 / /proc rw shared:1 - proc proc rw
32 31 0:27 /null /proc/kcore rw - tmpfs tmpfs rw,size=65536k
33 30 8:1 /redacted /redacted ro - ext4 /dev/sda1 rw
34 30 8:1 /redacted /etc/hosts rw - ext4 /dev/sda1 rw
35 30 0:28 /docker.sock /run/docker.sock rw - tmpfs tmpfs rw
36 30 8:1 /var/lib/docker/volumes/v/_data /v rw - ext4 /dev/sda1 rw
`,
  );
  assert.is(keptOwnMounts(MOUNTS, 'nothing'), MOUNTS);
});

const BUNDLE = `/run/containerd/io.containerd.runtime.v2.task/moby/${ID}`;

const ENDED = 'aa703c3f8b1a0d5c'.repeat(4);

/** A host with one container that lives and one that has ended: its shim, its first process, a process of nobody's. */
function made() {
  const group = `0::/docker/${ID}\n`;
  return recordingOf(
    [
      { pid: 1, comm: 'init' },
      {
        pid: 10,
        ppid: 1,
        comm: 'containerd-shim',
        cmdline: ['containerd-shim', '-id', ID],
        links: { cwd: BUNDLE },
        files: { 'cwd/config.json': CONFIG },
      },
      {
        pid: 20,
        ppid: 10,
        comm: 'sleep',
        ns: { mnt: 5 },
        cgroup: group,
        cmdline: ['sleep', 's3cret'],
        links: { root: '/', cwd: '/home/s3cret' },
        files: {
          mountinfo: MOUNTS,
          uid_map: '         0     100000      65536\n',
          gid_map: '         0     100000      65536\n',
          setgroups: 'allow\n',
          oom_score_adj: '7\n',
          'attr/current': 'docker-default (enforce)\n',
        },
      },
      { pid: 30, ppid: 1, comm: 'secret', cmdline: ['secret', 's3cret'], files: { uid_map: 's3cret' } },
    ],
    {
      '/proc/1/mountinfo': '25 1 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
      '/proc/stat': 'cpu 1 2 3\nbtime 1700000000\nprocesses 5\n',
      '/proc/sys/kernel/cap_last_cap': '40\n',
      '/nscope/engines.json': JSON.stringify({
        engines: [{ socket: '/run/docker.sock', version: { ok: true, value: '26.1.5' } }],
        containers: [{ engine: 'docker', id: ID, name: 'web', image: 'busybox' }],
      }),
      [`/nscope/inspect/0/${ID}.json`]: INSPECT,
      [`/nscope/inspect/0/${ENDED}.json`]: INSPECT.replace(ID, ENDED).replace('"running"', '"exited"'),
      '/nscope/inside/20/proc/sys/kernel/hostname': 's3cret-host\n',
      '/nscope/inside/20/proc/sys/kernel/domainname': '(none)\n',
      '/sys/fs/cgroup/cgroup.controllers': 'memory pids\n',
      [`/sys/fs/cgroup/docker/${ID}/memory.max`]: '67108864\n',
      [`/sys/fs/cgroup/docker/${ID}/cpuset.cpus`]: '0\n',
    },
  );
}

test('a recording of a host holds what explain reads of a container, and no secret of it', async () => {
  const text = await recordHost(hostOf(made()), { title: 'x', processes: 'all', redact: 'all' });
  assert.not.match(text, /s3cret/);
  const host = hostOf(parseRecording(text, 'x'));
  const snapshot = await takeSnapshot(host);
  const [container] = snapshot.containers;
  const process = snapshot.processes.find(({ pid }) => pid === 20);
  assert.ok(container && process);
  const found = readConfinement(host.fs, process);
  assert.equal(found.uidMap, { ok: true, value: [{ inside: 0, outside: 100000, count: 65536 }] });
  assert.equal(found.label, { ok: true, value: 'docker-default (enforce)' });
  assert.equal(found.oomScoreAdj, { ok: true, value: 7 });
  assert.equal(found.cwd, { ok: true, value: '/redacted' });
  assert.is(found.mounts.ok && found.mounts.value.length, 7);
  const config = readContainerConfig(host.fs, container);
  assert.ok(config.ok && config.value.config.process.noNewPrivileges);
  const story = await readStory(host, snapshot, process, container);
  assert.equal(story.bootTime, { ok: true, value: 1700000000 });
  assert.equal(story.lastCapability, { ok: true, value: 40 });
  assert.equal(Object.keys(story.first?.files ?? {}).includes('memory.max'), true);
  assert.is(story.inspect?.ok && story.inspect.value.hostConfig.pidsLimit, 50n);
  assert.equal(
    (await examine(host, snapshot)).ended.map(({ id }) => id),
    [ENDED],
  );
  // Of others nothing more than before.
  assert.is(host.fs.readText('/proc/30/uid_map').ok, false);
});

test('with names: what stands within the namespaces is kept too, and explain tells it', async () => {
  const text = await recordHost(hostOf(made()), { title: 'x', processes: 'all', redact: 'others' });
  assert.not.match(text, /PASSWORD|Labels/);
  const host = hostOf(parseRecording(text, 'x'));
  const snapshot = await takeSnapshot(host);
  const [container] = snapshot.containers;
  const process = snapshot.processes.find(({ pid }) => pid === 20);
  assert.ok(container && process);
  const told = optionsOf(snapshot, await readStory(host, snapshot, process, container));
  const hostname = told.find(({ option }) => option.flag === '--hostname');
  assert.equal([hostname?.asked, hostname?.verdict], ['s3cret-host', 'agree']);
});

test.run();
