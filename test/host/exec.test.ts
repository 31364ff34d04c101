// Commands: lines, exits, time limits that hold, groups that end whole.
import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommandLine, run, type StartOptions, start } from '../../src/host/exec.ts';
import { runToEnd, until } from '../support/process.ts';

const test = suite('host: exec');

async function collect(script: string, options: StartOptions = {}) {
  const lines: CommandLine[] = [];
  const { pid, ended } = await start(['sh', '-c', script], {
    ...options,
    onLine: (line) => lines.push(line),
  });
  return { pid, lines, end: await ended };
}

test('lines of both streams, sanitised; the last one needs no newline', async () => {
  const { lines, end } = await collect("printf 'a\\n\\nb\\tc\\n\\033[31mred\\377'; echo oops >&2");
  assert.equal(
    lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text),
    ['a', '', 'b       c', '\\x1b[31mred\\xff'],
  );
  assert.equal(
    lines.filter(({ stream }) => stream === 'stderr').map(({ text }) => text),
    ['oops'],
  );
  assert.equal(end, { exit: 0, timedOut: false, aborted: false, stuck: false, dropped: 0, failure: null });
});

test('exit statuses: its own, 128+N of a signal, 127 where there is no such command', async () => {
  assert.is((await collect('exit 7')).end.exit, 7);
  assert.is((await collect('kill -TERM $$')).end.exit, 143);
  // By its path: on a PATH with a directory that the user may not enter, execvp(3) says EACCES of any name.
  const missing = await start(['/nowhere/no-such-program']);
  const end = await missing.ended;
  assert.equal([missing.pid, end.exit], [0, 127]);
  assert.match(end.failure ?? '', /ENOENT/);
  const directory = await (await start(['/'])).ended;
  assert.is(directory.exit, 126);
});

test('a time limit holds though a grandchild keeps the pipe, and ends the group', async () => {
  const begin = Date.now();
  const { lines, end } = await collect('sleep 60 & echo $!; wait', { timeoutMs: 200 });
  assert.ok(Date.now() - begin < 2000);
  assert.equal([end.timedOut, end.exit], [true, 137]);
  await until('the end of the grandchild', () => !existsSync(`/proc/${lines[0]?.text}/cwd`));
});

test('a command that leaves a child with the pipe settles all the same', async () => {
  const begin = Date.now();
  const { lines, end } = await collect('sleep 30 & echo $!');
  assert.ok(Date.now() - begin < 2000);
  assert.is(end.exit, 0);
  process.kill(Number(lines[0]?.text), 'SIGKILL');
});

test('an abort ends it, also one from before the start', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  assert.is((await collect('sleep 60', { signal: abort.signal })).end.aborted, true);
  assert.is((await collect('sleep 60', { signal: AbortSignal.abort() })).end.aborted, true);
});

test('floods are cut: lines beyond the limit are counted, long ones are short', async () => {
  const { lines, end } = await collect('seq 1 1000', { maxLines: 10 });
  assert.equal([lines.length, end.dropped], [10, 990]);
  const long = await collect("head -c 100000 /dev/zero | tr '\\0' x; echo; echo after");
  assert.ok((long.lines[0]?.text.length ?? 0) <= 4096);
  assert.is(long.lines.at(-1)?.text, 'after');
});

test('the environment is what is given and no more; stdin is empty', async () => {
  const { lines } = await collect('env; cat', { env: { PATH: process.env['PATH'] ?? '', ONE: '1' } });
  const names = lines.map(({ text }) => text.split('=')[0]).filter((name) => name !== 'PWD' && name !== '_');
  assert.equal(new Set(names), new Set(['ONE', 'PATH']));
});

test('run collects', async () => {
  assert.equal(await run('sh', ['-c', 'echo a; echo b; echo c >&2; exit 3']), {
    stdout: 'a\nb',
    stderr: 'c',
    exitCode: 3,
    timedOut: false,
  });
  assert.is((await run('/nowhere/no-such-program', [])).exitCode, 127);
});

test('a program that was busy while two commands ended loses no line of theirs', async () => {
  const busy = (ms: number): void => {
    for (const until = Date.now() + ms; Date.now() < until; );
  };
  const lines: string[] = [];
  // When the loop comes back to it, `a` is there and the other command has ended; while `a` is taken, `b` is written and its command ends too.
  const slow = await start(['sh', '-c', 'sleep 0.1; echo a; sleep 0.4; echo b'], {
    onLine: ({ text }) => {
      lines.push(text);
      if (text === 'a') busy(700);
    },
  });
  const quick = await start(['sleep', '0.15']);
  busy(300);
  await quick.ended;
  busy(300);
  await slow.ended;
  assert.equal(lines, ['a', 'b']);
});

test('what still runs is killed when the program exits', async () => {
  const source = `
    import { start } from './src/host/exec.ts';
    void start(['sleep', '300']).then(({ pid }) => { console.log(pid); process.exit(0); });`;
  const { stdout } = await runToEnd([
    process.execPath,
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    source,
  ]);
  const pid = Number(stdout);
  assert.ok(pid > 0, stdout);
  await until('the end of sleep', () => !existsSync(`/proc/${pid}/cwd`));
});

test.run();
