// The helpers that start, watch and end processes.
import { openSync, closeSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  children,
  countFds,
  descendants,
  endAll,
  isAlive,
  runToEnd,
  start,
  statOf,
  until,
  within,
  withProcess,
} from './process.ts';
import { rejects } from './rejects.ts';

const test = suite('processes of tests');

test('a process is ended with its descendants, and leaves no child', async () => {
  const before = children().length;
  const family = await withProcess(['sh', '-c', 'sleep 300 & sleep 300 & wait'], async (started) => {
    assert.is(children().length, before + 1);
    return until('two sleepers', () => {
      const below = descendants(started.pid).filter((one) => one.comm === 'sleep');
      return below.length === 2 ? [statOf(started.pid), ...below] : undefined;
    });
  });
  assert.is(family.length, 3);
  for (const one of family) assert.not.ok(one !== undefined && isAlive(one), `${one?.pid} lives`);
  assert.is(children().length, before);
});

test('it is ended when the function throws', async () => {
  let pid = 0;
  await rejects(
    () =>
      withProcess(['sleep', '300'], (started) => {
        pid = started.pid;
        throw new Error('on purpose');
      }),
    /on purpose/,
  );
  assert.is(statOf(pid), undefined);
});

test('a program that does not exist is an error, not an event', async () => {
  await rejects(() => start(['/no/such/program']), /ENOENT/);
});

test('runToEnd: output, exit status, input, and no wait for a grandchild that holds the pipe', async () => {
  assert.equal(await runToEnd(['sh', '-c', 'cat; echo oops >&2; exit 3'], { input: 'in' }), {
    code: 3,
    stdout: 'in',
    stderr: 'oops\n',
  });
  const begin = performance.now();
  const { stdout } = await runToEnd(['sh', '-c', 'echo out; sleep 300 & echo $!']);
  assert.ok(performance.now() - begin < 10_000);
  const orphan = statOf(Number(stdout.split('\n')[1]));
  // The helper cannot know a grandchild whose parent has gone: it is this test's to end.
  assert.ok(orphan !== undefined && orphan.comm === 'sleep', stdout);
  if (orphan !== undefined) await endAll([orphan]);
});

test('runToEnd ends what takes too long', async () => {
  await rejects(
    () => runToEnd(['sleep', '300'], { ms: 50 }),
    /waited 50 ms in vain for the end of sleep 300/,
  );
});

test('until and within have deadlines', async () => {
  await rejects(() => until('the moon', () => false, 20), /waited 20 ms in vain for the moon/);
  await rejects(
    () => within(new Promise(() => undefined), 20, 'the moon'),
    /waited 20 ms in vain for the moon/,
  );
  assert.is(await until('an answer', () => 0), 0);
});

test('a process is known by its start time too', async () => {
  await withProcess(['sleep', '300'], async ({ pid }) => {
    const stat = statOf(pid);
    assert.ok(stat !== undefined && isAlive(stat));
    const other = { pid, starttime: '1' };
    assert.not.ok(isAlive(other));
    await endAll([other]);
    assert.ok(stat !== undefined && isAlive(stat), 'a stranger with the same pid is not signalled');
  });
});

test('open fds are counted', () => {
  const before = countFds();
  const fd = openSync('/dev/null', 'r');
  assert.is(countFds(), before + 1);
  closeSync(fd);
  assert.is(countFds(), before);
});

test.run();
