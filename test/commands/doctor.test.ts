// `nscope doctor` as a shell sees it, over the recorded hosts and made ones: lines, JSON, languages, targets, exit codes, what could not be seen.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printRecording } from '../../src/host/recorded-fs.ts';
import { recordingOf } from '../support/host-text.ts';
import { runToEnd } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('commands/doctor');
const V2 = 'fixtures/hosts/debian13-v2-docker.host';
const RUNTIMES = 'fixtures/hosts/debian13-v2-runtimes.host';
const V1 = 'fixtures/hosts/debian12-hybrid-docker.host';

function doctor(...args: readonly string[]): ReturnType<typeof runToEnd> {
  return runToEnd([process.execPath, 'dist/cli.js', 'doctor', ...args]);
}

for (const [file, periods] of [
  [V2, '34 of 44 periods \\(77 %\\)'],
  [V1, '41 of 61 periods \\(67 %\\)'],
] as const) {
  test(`${file}: web is throttled, netns blue is kept by nobody but its mount`, async () => {
    const { code, stdout, stderr } = await doctor('--from', file);
    assert.is(code, 1);
    assert.match(
      stdout,
      new RegExp(`! warning  throttled  web\n    web was stopped by its own cpu quota in ${periods}\n`),
    );
    assert.match(
      stdout,
      /! warning {2}leaked-namespace {2}net:\d+\n {4}no process is in net:\d+; the mount \/run\/netns\/blue \(ip netns: blue\)/,
    );
    assert.match(
      stdout,
      / {4}proof {2}nscope ns ns:net:\d+ --holders\n {4}next {2}if nobody needs it: umount \/run\/netns\/blue\n {4}lesson {2}network-namespace\n/,
    );
    assert.match(stdout, /\n2 finding\(s\)\n$/);
    assert.match(stdout, /· note {2}no-swap {2}host\n/);
    // The engine's word is in it.
    assert.not.match(stderr, /could not be read|no engine answered/);
  });
}

test('a target narrows: a healthy container has none, exit 0; the other has its own', async () => {
  const healthy = await doctor('db', '--from', V2);
  assert.is(healthy.code, 0);
  assert.match(healthy.stdout, /^· note {2}no-swap[\s\S]*\n\nno finding\n$/);
  const web = await doctor('web', '--from', V2, '--json');
  assert.is(web.code, 1);
  const answer = JSON.parse(web.stdout) as {
    nscope: { format: number };
    coverage: { unread: readonly { path: string; reason: string }[] };
    findings: readonly Record<string, unknown>[];
    notes: readonly { readonly id: string }[];
    unseen: readonly string[];
  };
  assert.is(answer.nscope.format, 1);
  assert.equal(
    answer.findings.map(({ id }) => id),
    ['throttled'],
  );
  assert.equal(Object.keys(answer.findings[0] ?? {}), [
    'id',
    'severity',
    'subject',
    'sentence',
    'evidence',
    'proof',
    'next',
    'lesson',
    'pids',
  ]);
  assert.equal(
    answer.notes.map(({ id }) => id),
    ['no-swap'],
  );
  assert.equal(answer.unseen, []);
  const process = await doctor('622', '--from', V2);
  assert.match(process.stdout, /throttled {2}web/);
  const wrong = await doctor('wep', '--from', V2);
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, /did you mean "web"\?/);
});

test('a recording without these files is no host without them', async () => {
  const { code, stdout, stderr } = await doctor('web', '--from', RUNTIMES);
  assert.is(code, 0, stdout);
  assert.not.match(stdout, /note/);
  assert.match(stderr, /which limits were asked for .*web.* could not be read/);
  assert.match(stderr, /no engine answered/);
  const { coverage, unseen } = JSON.parse((await doctor('web', '--from', RUNTIMES, '--json')).stdout) as {
    coverage: { unread: readonly { path: string; reason: string }[] };
    unseen: readonly string[];
  };
  assert.is(unseen.length, 2);
  assert.ok(coverage.unread.some(({ path, reason }) => /config\.json/.test(path) && reason === 'gone'));
});

test('in Chinese, and no control character of a stranger’s name', async () => {
  const { stdout } = await doctor('web', '--from', V2, '--lang', 'zh-CN');
  assert.match(
    stdout,
    /! 警告 {2}throttled {2}web\n {4}web 在 44 个周期中有 34 个（77 %）被自身的 CPU 配额限流\n/,
  );
  await withTempDir(async (dir) => {
    const file = join(dir, 'hostile.host');
    const evil = '/evil\u001B]0;x\u0007';
    const recording = recordingOf([{ pid: 1 }, { pid: 50, cgroup: `0::${evil}\n` }], {
      '/proc/1/mountinfo': '22 1 0:21 / /proc rw - proc proc rw\n30 23 0:26 / /c rw - cgroup2 cgroup2 rw\n',
      '/c/cgroup.controllers': 'pids\n',
      [`/c${evil}/pids.current`]: '7\n',
      [`/c${evil}/pids.max`]: '7\n',
      '/proc/swaps': 'Filename Type\n',
    });
    writeFileSync(file, printRecording(recording));
    const { code, stdout, stderr } = await doctor('--from', file);
    assert.is(code, 1);
    assert.match(stdout, /✗ error {2}pids-limit {2}\/evil\\x1b\]0;x\\x07\n/);
    assert.not.ok(/[\u001B\u0007]/.test(stdout + stderr));
    // A note stands there too, and is not counted.
    assert.match(stdout, /· note {2}no-swap {2}host\n[\s\S]*\n1 finding\(s\)\n$/);
  });
});

test.run();
