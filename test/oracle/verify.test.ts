// timeout: 180
// `nscope verify` on this kernel, with namespaces of every type made by hand, some nested, pinned or without a process: no difference.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { maybe, need, which } from '../support/need.ts';
import { descendants, endAll, runToEnd, withProcess } from '../support/process.ts';

const test = suite('oracle/verify');
const live = maybe(test, need({ root: true, tools: ['lsns', 'ps', 'findmnt', 'unshare', 'setpriv'] }));

/** Own namespaces of every type, some nested, some in a user namespace of their own. */
const TOPOLOGY: readonly (readonly string[])[] = [
  ['unshare', '--uts', '--ipc', '--net', '--mount', '--cgroup', '--time', 'sleep', '300'],
  ['unshare', '--user', '--map-root-user', '--uts', '--net', 'sleep', '300'],
  [
    'unshare',
    '--pid',
    '--fork',
    '--kill-child',
    'unshare',
    '--pid',
    '--fork',
    '--kill-child',
    'sleep',
    '300',
  ],
  [
    'unshare',
    '--user',
    '--map-root-user',
    '--pid',
    '--fork',
    '--kill-child',
    'unshare',
    '--user',
    '--map-root-user',
    '--ipc',
    'sleep',
    '300',
  ],
  ['unshare', '--user', '--map-root-user', 'unshare', '--user', '--map-root-user', 'sleep', '300'],
];

interface Oracle {
  readonly name: string;
  readonly comparison: { readonly compared: number; readonly differences: readonly unknown[] } | null;
}

async function withTopology(
  commands: readonly (readonly string[])[],
  fn: () => Promise<void>,
): Promise<void> {
  const [first, ...rest] = commands;
  if (!first) return fn();
  return withProcess(['setpriv', '--pdeathsig', 'KILL', ...first], async ({ pid }) => {
    try {
      await withTopology(rest, fn);
    } finally {
      // A new user namespace clears the parent death signal (prctl(2)): the inner ones do not die with the outer.
      await endAll(descendants(pid));
    }
  });
}

live(
  'members, first process, user, owner and parent as lsns has them; eight links as ps has them; pins as findmnt has them',
  async () => {
    await withTopology(TOPOLOGY, async () => {
      const { stdout, stderr, code } = await runToEnd([process.execPath, 'dist/cli.js', 'verify', '--json'], {
        ms: 120_000,
      });
      const { oracles } = JSON.parse(stdout) as { oracles: readonly Oracle[] };
      for (const { name, comparison } of oracles) assert.equal(comparison?.differences, [], name);
      assert.equal(
        oracles.slice(0, 3).map(({ name }) => name),
        ['lsns', 'ps', 'findmnt'],
      );
      const compared = (name: string) =>
        oracles.find((oracle) => oracle.name === name)?.comparison?.compared ?? 0;
      assert.ok(compared('lsns') >= 100, `lsns: ${compared('lsns')}`);
      assert.ok(compared('ps') >= 200, `ps: ${compared('ps')}`);
      assert.is(code, 0, stderr);
    });
  },
);

live('without the other programs: said, exit 3', async () => {
  const programs = ['lsns', 'ps', 'findmnt', 'lsfd', 'runc'].filter(
    (program) => which(program) !== undefined,
  );
  const script = `${programs.map((program) => `mount --bind /dev/null "$(command -v ${program})" && `).join('')} exec "$@"`;
  const { stdout, code } = await runToEnd([
    'unshare',
    '--mount',
    'sh',
    '-c',
    script,
    'sh',
    process.execPath,
    'dist/cli.js',
    'verify',
  ]);
  // A docker daemon of the machine's own is still asked.
  const engines = stdout
    .split('\n')
    .filter((line) => /^[✓✗] (?!lsns|ps|findmnt|lsfd|runc)/.test(line)).length;
  assert.is(code, engines > 0 ? 0 : 3, stdout);
  assert.is(
    stdout.split('\n').filter((line) => /^\? (lsns|ps|findmnt|lsfd)  .*not compared/.test(line)).length,
    4,
  );
});

test.run();
