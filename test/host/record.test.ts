// What a recording keeps of a host and what it leaves out: who read it, a bundle's annotations without its environment, processes that watch.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Host, liveHost, takeSnapshot } from '../../src/host/host.ts';
import { recordHost } from '../../src/host/record.ts';
import { parseRecording, recordedFs } from '../../src/host/recorded-fs.ts';
import { recordedRelations } from '../../src/host/relations-text.ts';
import type { Snapshot } from '../../src/model/types.ts';
import { hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('host/record');
const TASKS = '/run/containerd/io.containerd.runtime.v2.task/default';
const CONFIG = JSON.stringify({
  process: { env: ['TOKEN=hunter2'], args: ['x'] },
  annotations: { 'nerdctl/name': 'box', 'com.example/secret': 'hunter2' },
});

const HOST: Host = hostOf(
  recordingOf([
    { pid: 1, comm: 'systemd', cmdline: ['/sbin/init', 'secret'] },
    {
      pid: 40,
      ppid: 1,
      comm: 'containerd-shim',
      cmdline: ['containerd-shim-runc-v2', '-id', 'lab1'],
      links: { cwd: `${TASKS}/lab1` },
      files: { [`root${TASKS}/lab1/config.json`]: CONFIG },
    },
    { pid: 50, ppid: 40, cmdline: ['web'], cgroup: '0::/default/lab1\n' },
    {
      pid: 60,
      ppid: 1,
      comm: 'lxc-start',
      cmdline: ['lxc-start', 'secret'],
      cgroup: '0::/lxc.monitor.deb\n',
    },
    { pid: 61, ppid: 60, cmdline: ['init'], cgroup: '0::/lxc.payload.deb\n' },
    { pid: 70, ppid: 1, comm: 'editor', cmdline: ['editor', 'secret'] },
  ]),
);

const record = (host: Host) => recordHost(host, { title: 't', processes: 'engines', redact: 'others' });

test('of config.json no environment, and of the annotations those that are read', async () => {
  const text = await record(HOST);
  const kept = parseRecording(text, 'r').entries.get(`/proc/40/root${TASKS}/lab1/config.json`);
  assert.equal(JSON.parse(kept?.kind === 'file' ? kept.content : ''), {
    annotations: { 'nerdctl/name': 'box' },
    process: { args: ['x'] },
    root: {},
    mounts: [],
    linux: {},
  });
  assert.not.match(text, 'hunter2');
});

test('what watches a container is kept, with its first word alone; what is nobody’s is not', async () => {
  const text = await record(HOST);
  const { entries } = parseRecording(text, 'r');
  assert.ok(entries.has('/proc/60/stat'));
  assert.not(entries.has('/proc/70/stat'));
  assert.not.match(text, 'secret');
});

test('whose eyes saw it', async () => {
  const uid = (text: string) => parseRecording(text, 'r').entries.get('/nscope/uid');
  assert.is(uid(await record(HOST)), undefined);
  assert.equal(uid(await record({ ...HOST, uid: 1000 })), { kind: 'file', content: '1000\n' });
});

test('live: this very host, read back, has the same processes in the same namespaces and groups', async () => {
  const host = liveHost();
  const text = await recordHost(host, { title: 't', processes: 'all', redact: 'all' });
  const recording = parseRecording(text, 'r');
  const recorded = await takeSnapshot({
    fs: recordedFs(recording),
    relations: recordedRelations(recordedFs(recording)),
    self: 0,
    uid: host.uid,
  });
  const after = await takeSnapshot(host);
  const lasting = (of: Snapshot, beside: Snapshot) =>
    of.processes
      .filter(({ pid, starttime }) =>
        beside.processes.some((one) => one.pid === pid && one.starttime === starttime),
      )
      .map(({ pid, starttime, comm, cgroups, ns }) => ({ pid, starttime, comm, cgroups, ns }));
  const own = recorded.processes.find(({ pid }) => pid === process.pid);
  assert.ok(own?.ns.uts.ok, 'this process is in it');
  assert.ok(lasting(recorded, after).length >= 2);
  // Another process may leave for another group meanwhile; those that this test knows do not.
  const known = new Set([1, process.pid]);
  const of = (all: ReturnType<typeof lasting>) => all.filter(({ pid }) => known.has(pid));
  assert.equal(of(lasting(recorded, after)), of(lasting(after, recorded)));
});

test.run();
