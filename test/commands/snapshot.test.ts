// `nscope snapshot`: what is written reads back as the same host, and nothing private is in it unless it is asked for.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runToEnd, withProcess } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('commands/snapshot');
const V2 = 'fixtures/hosts/debian13-v2-docker.host';
const SECRET = 'token-4711';

function nscope(...args: readonly string[]): ReturnType<typeof runToEnd> {
  return runToEnd([process.execPath, 'dist/cli.js', ...args]);
}

/** A process with a secret on its command line, in a namespace or not. */
function withSecret(fn: () => Promise<void>): Promise<void> {
  return withProcess(['sh', '-c', `sleep 300 # ${SECRET}`, SECRET], fn);
}

test('raw: what is recorded again of a recorded host shows the same namespaces and tree', async () => {
  await withTempDir(async (dir) => {
    const file = join(dir, 'again.host');
    assert.is((await nscope('snapshot', '--raw', '--no-redact', '--out', file, '--from', V2)).code, 0);
    for (const command of ['ns', 'tree']) {
      const [first, again] = [await nscope(command, '--from', V2), await nscope(command, '--from', file)];
      assert.is(again.stdout, first.stdout);
    }
  });
});

test('redacted by default: no command line, no host name, no mounts but cgroups and namespaces', async () => {
  await withTempDir(async (dir) => {
    await withSecret(async () => {
      const file = join(dir, 'here.host');
      assert.is((await nscope('snapshot', '--raw', '--out', file)).code, 0);
      const texts = [readFileSync(file, 'utf8'), (await nscope('snapshot')).stdout];
      const name = readFileSync('/proc/sys/kernel/hostname', 'utf8').trim();
      for (const text of texts) {
        assert.not(text.includes(SECRET));
        assert.not(text.includes(dir), 'no path of the person who took it');
        assert.not(new RegExp(`hostname[^a-z]{1,40}${name}\\b`).test(text));
      }
      assert.is(statSync(file).mode & 0o077, 0, 'for its owner alone');
    });
  });
});

test('--no-redact keeps them, and says so on stderr', async () => {
  await withSecret(async () => {
    const { stdout, stderr, code } = await nscope('snapshot', '--no-redact');
    assert.is(code, 0);
    assert.ok(stdout.includes(SECRET));
    assert.match(stderr, /not redacted/);
  });
});

test('JSON: the envelope, numbers past 2^53 as strings, control files of every process', async () => {
  const { stdout } = await nscope('snapshot', '--from', V2);
  const answer = JSON.parse(stdout) as {
    nscope: { format: number };
    snapshot: {
      containers: readonly { name: string }[];
      groups: readonly {
        controllers: readonly { name: string; limits: Record<string, unknown> }[];
      }[];
    };
  };
  assert.is(answer.nscope.format, 1);
  assert.equal(answer.snapshot.containers.map(({ name }) => name).sort(), ['db', 'sidecar', 'web']);
  const limits = answer.snapshot.groups.flatMap(({ controllers }) =>
    controllers.map(({ limits: found }) => found['limit']),
  );
  assert.ok(limits.includes('67108864'));
});

test('a file that is there is not overwritten; a directory that is not there is said', async () => {
  await withTempDir(async (dir) => {
    const file = join(dir, 'a.json');
    assert.is((await nscope('snapshot', '--from', V2, '--out', file)).code, 0);
    const before = readFileSync(file, 'utf8');
    const again = await nscope('snapshot', '--from', V2, '--out', file);
    assert.is(again.code, 2);
    assert.match(again.stderr, /EEXIST; give the name of a file that is not there yet/);
    assert.is(readFileSync(file, 'utf8'), before);
    const nowhere = await nscope('snapshot', '--from', V2, '--out', join(dir, 'no', 'a.json'));
    assert.is(nowhere.code, 2);
    assert.not(existsSync(join(dir, 'no')));
  });
});

test('verify is of this machine', async () => {
  const { code, stderr } = await nscope('verify', '--from', V2);
  assert.is(code, 2);
  assert.match(stderr, /leave out --from/);
});

test.run();
