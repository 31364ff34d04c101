// timeout: 240
// The worker that reads this host: snapshots come by themselves, on demand after the call, stop in a pause; names of engines follow.
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { watchHost } from '../../src/host/watch.ts';
import type { Snapshot } from '../../src/model/types.ts';
import { until, withProcess } from '../support/process.ts';

const test = suite('live/watch');
/** A look at a host takes seconds on a slow or a busy machine. */
const WAIT_MS = 40_000;
const RECORDED = new URL('../../fixtures/hosts/debian13-v2-docker.host', import.meta.url).pathname;

test('a refresh sees what was there when it was called', async () => {
  const host = watchHost({ intervalMs: 60_000 });
  try {
    await host.refresh();
    await withProcess(['sleep', '300'], async ({ pid }) => {
      const snapshot = await host.refresh();
      assert.ok(snapshot.processes.some((process) => process.pid === pid));
      assert.is(snapshot.self, process.pid);
    });
  } finally {
    await host.close();
  }
});

test('watched processes come with their control files and command line', async () => {
  const host = watchHost({ intervalMs: 60_000 });
  try {
    const first = await host.refresh();
    const own = first.processes.find(({ pid }) => pid === process.pid);
    assert.ok(own);
    assert.equal(first.groups, []);
    host.watch([own]);
    const second = await host.refresh();
    assert.is(second.groups[0]?.of.pid, process.pid);
    assert.ok(second.groups[0]?.controllers.some(({ version }) => version !== null));
  } finally {
    await host.close();
  }
});

test('who a process is, is read on demand; of one that is not there nothing is said', async () => {
  const host = watchHost({ intervalMs: 60_000 });
  try {
    const { processes } = await host.refresh();
    const own = processes.find(({ pid }) => pid === process.pid);
    assert.ok(own);
    const story = await host.ask('story', own);
    assert.is(story?.process?.pid, process.pid);
    assert.ok(story?.confinement?.status.ok);
    assert.ok(story.process?.cmdline?.ok);
    assert.is(await host.ask('story', { pid: own.pid, starttime: own.starttime + 1 }), null);
  } finally {
    await host.close();
  }
});

test('the tick goes on, stops in a pause, and goes on again', async () => {
  const host = watchHost({ intervalMs: 20 });
  const seen: Snapshot[] = [];
  host.subscribe((snapshot) => seen.push(snapshot));
  try {
    await until('three snapshots', () => seen.length >= 3, WAIT_MS);
    host.pause(true);
    await host.refresh();
    const count = seen.length;
    await sleep(200);
    assert.is(seen.length, count);
    host.pause(false);
    await until('more snapshots', () => seen.length > count, WAIT_MS);
  } finally {
    await host.close();
  }
});

test('a recorded host is watched like a live one, with the names that it recorded', async () => {
  const host = watchHost({ from: RECORDED, intervalMs: 50 });
  const names: (string | null)[][] = [];
  host.subscribe((snapshot) => names.push(snapshot.containers.map(({ name }) => name)));
  try {
    await until('names', () => names.at(-1)?.includes('web'), WAIT_MS);
  } finally {
    await host.close();
  }
});

test('after close a refresh is refused, not forgotten', async () => {
  const host = watchHost({ intervalMs: 60_000 });
  const pending = host.refresh();
  await host.close();
  await pending.then(
    () => {},
    (error: Error) => assert.match(error.message, /has ended/),
  );
  try {
    await host.refresh();
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /has ended/);
  }
});

test('a file that is no recording: the failure is told', async () => {
  const failures: string[] = [];
  const host = watchHost({
    from: '/etc/hostname',
    intervalMs: 50,
    onFailure: (message) => failures.push(message),
  });
  try {
    await until('a failure', () => failures.length > 0, WAIT_MS);
    assert.match(failures.join('\n'), /nscope-recording/);
  } finally {
    await host.close();
  }
});

test.run();
