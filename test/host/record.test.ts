// What a recording keeps of a host and what it leaves out: who read it, a bundle's annotations without its environment, processes that watch.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Host } from '../../src/host/host.ts';
import { recordHost } from '../../src/host/record.ts';
import { parseRecording } from '../../src/host/recorded-fs.ts';
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

test.run();
