// timeout: 600
// A container of a real dockerd with many options: what was asked, what config.json has and what the kernel has are one for each, and after docker
// update the kernel's word counts. An ordinary user who explains root's process is told what was denied.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type PrivateDockerd, privateDockerd } from '../support/dockerd.ts';
import { maybe, need } from '../support/need.ts';
import { runToEnd } from '../support/process.ts';

const reason = need({ root: true, docker: true });
const test = suite<{ dockerd: PrivateDockerd }>('live/explain');
const live = maybe(test, reason);

/** Each with what docker keeps of it. Both versions of cgroups have all of these. */
const GIVEN: readonly (readonly [flag: string, options: string, asked: string])[] = [
  ['--memory', '--memory 64m', '67108864'],
  ['--memory-swap', '--memory-swap 128m', '134217728'],
  ['--memory-reservation', '--memory-reservation 32m', '33554432'],
  ['--cpus', '--cpus 0.5', '0.5'],
  ['--cpu-shares', '--cpu-shares 512', '512'],
  ['--cpuset-cpus', '--cpuset-cpus 0', '0'],
  ['--pids-limit', '--pids-limit 50', '50'],
  ['--cap-add', '--cap-add NET_ADMIN', 'NET_ADMIN'],
  ['--cap-drop', '--cap-drop MKNOD', 'MKNOD'],
  ['--security-opt seccomp', '--security-opt seccomp=unconfined', 'unconfined'],
  ['--security-opt no-new-privileges', '--security-opt no-new-privileges', 'true'],
  ['--read-only', '--read-only', 'true'],
  ['--pid', '--pid host', 'host'],
  ['--ipc', '--ipc private', 'private'],
  ['--oom-score-adj', '--oom-score-adj 100', '100'],
  ['--ulimit', '--ulimit nofile=512:1024', 'nofile=512:1024'],
  ['--shm-size', '--shm-size 16m', '16777216'],
  ['--user', '--user 1000:1000', '1000:1000'],
  ['--sysctl', '--sysctl kernel.msgmax=9000', 'kernel.msgmax=9000'],
  ['--volume', '--volume data:/data:ro', 'data:/data:ro'],
  ['--tmpfs', '--tmpfs /scratch:size=1m', '/scratch:size=1m'],
  [
    '--mount',
    '--mount type=tmpfs,dst=/m,tmpfs-size=8192,readonly',
    'type=tmpfs,dst=/m,readonly,tmpfs-size=8192',
  ],
];

if (reason === null) {
  test.before(async (context) => {
    context.dockerd = await privateDockerd();
    const run = (words: string) => context.dockerd.run(['run', '-d', ...words.split(' ')]);
    await run('--name plain --hostname db1 --domainname lab busybox sleep 1000');
    const options = GIVEN.map(([, words]) => words).join(' ');
    await run(`--name full --net container:plain ${options} busybox sleep 1001`);
  });
  test.after(async (context) => {
    await context.dockerd?.stop();
  });
}

interface Option {
  readonly flag: string;
  readonly asked: string | null;
  readonly configured: string | null;
  readonly kernel: readonly { readonly name: string; readonly value: string | null }[];
  readonly verdict: string;
}

interface Story {
  readonly target: { readonly pid: number };
  readonly namespaces: readonly {
    readonly type: string;
    readonly relation: string;
    readonly sharedWith: readonly string[];
  }[];
  readonly confinement: Readonly<Record<string, unknown>> | null;
  readonly configPath: string | null;
  readonly options: readonly Option[];
  readonly coverage: { readonly unread: readonly { readonly path: string; readonly reason: string }[] };
}

async function explain(target: string): Promise<Story> {
  const { code, stdout, stderr } = await runToEnd([
    process.execPath,
    'dist/cli.js',
    'explain',
    target,
    '--json',
  ]);
  assert.is(code, 0, stderr);
  return JSON.parse(stdout) as Story;
}

const option = (story: Story, flag: string): Option => {
  const found = story.options.find((one) => one.flag === flag);
  if (!found) throw new Error(`${flag} is not told of ${story.options.map((one) => one.flag).join(', ')}`);
  return found;
};

live('every option that was given: asked, config.json and kernel are one', async ({ dockerd }) => {
  const story = await explain('full');
  for (const [flag, , asked] of GIVEN) {
    const found = option(story, flag);
    assert.is(found.asked, asked, flag);
    assert.is.not(found.configured, null, flag);
    assert.ok(
      found.kernel.length > 0 && found.kernel.every(({ value }) => value !== null),
      `${flag}: ${JSON.stringify(found.kernel)}`,
    );
    assert.is(found.verdict, 'agree', `${flag}: ${JSON.stringify(found)}`);
  }
  const network = option(story, '--network');
  assert.is(network.asked, `container:${await dockerd.run(['inspect', '-f', '{{.Id}}', 'plain'])}`);
  assert.is(network.verdict, 'agree');
  assert.equal(story.namespaces.find(({ type }) => type === 'net')?.sharedWith, ['plain']);
  assert.match(story.configPath ?? '', /^\/proc\/\d+\/cwd\/config\.json$/);
});

live('the kernel’s own files say what is told', async () => {
  const story = await explain('full');
  const { pid } = story.target;
  const cat = async (file: string) => (await runToEnd(['cat', `/proc/${pid}/${file}`])).stdout;
  const status = await cat('status');
  const confinement = story.confinement as {
    uids: { effective: number };
    capabilities: Record<string, readonly string[]>;
    seccomp: number;
    noNewPrivs: boolean;
    oomScoreAdj: number;
    mounts: readonly { kind: string; mountPoint: string; options: readonly string[] }[];
  };
  assert.match(status, /^Uid:\t1000\t1000/m);
  assert.is(confinement.uids.effective, 1000);
  assert.match(status, /^CapEff:\t0000000000000000$/m);
  assert.equal(confinement.capabilities['effective'], []);
  assert.ok(confinement.capabilities['bounding']?.includes('CAP_NET_ADMIN'));
  assert.not.ok(confinement.capabilities['bounding']?.includes('CAP_MKNOD'));
  assert.is(confinement.seccomp, 0);
  assert.is(confinement.noNewPrivs, true);
  assert.is(confinement.oomScoreAdj, Number(await cat('oom_score_adj')));
  const root = confinement.mounts.find(({ kind }) => kind === 'root');
  assert.ok(root?.options.includes('ro'));
  assert.ok(
    confinement.mounts.some(({ kind, mountPoint }) => kind === 'readonly' && mountPoint === '/proc/sys'),
  );
  assert.ok(confinement.mounts.some(({ kind }) => kind === 'masked'));
});

live('a plain container: nothing was asked but where docker has a word by itself, and its name', async () => {
  const story = await explain('plain');
  const limits = story.options.filter(({ flag }) =>
    /memory|cpu|pids|cap-|seccomp|read-only|privileged/.test(flag),
  );
  assert.equal(limits, []);
  const hostname = option(story, '--hostname');
  assert.equal([hostname.asked, hostname.configured, hostname.verdict], ['db1', 'db1', 'agree']);
  assert.equal(hostname.kernel[0]?.value, 'db1');
  const domainname = option(story, '--domainname');
  assert.equal([domainname.kernel[0]?.value, domainname.verdict], ['lab', 'agree']);
  const confinement = story.confinement as { besideDockersDefault: unknown; seccomp: number };
  assert.equal(confinement.besideDockersDefault, { added: [], dropped: [] });
  assert.is(confinement.seccomp, 2);
});

live('after docker update the kernel has what is asked, config.json what was', async ({ dockerd }) => {
  await dockerd.run(['update', '--pids-limit', '60', 'full']);
  const found = option(await explain('full'), '--pids-limit');
  assert.equal(
    [found.asked, found.configured, found.kernel[0]?.value, found.verdict],
    ['60', '50', '60', 'updated'],
  );
});

live('a limit that was changed behind docker’s back differs', async ({ dockerd }) => {
  const story = await explain('full');
  const before = option(story, '--memory-reservation');
  const words = await runToEnd([process.execPath, 'dist/cli.js', 'explain', 'full']);
  const file = /cat (\S+(?:memory\.low|memory\.soft_limit_in_bytes))$/m.exec(words.stdout)?.[1];
  assert.ok(file?.includes(dockerd.cgroupParent));
  const write = async (bytes: string) => runToEnd(['sh', '-c', `echo ${bytes} > ${file}`]);
  await write('16777216');
  const after = option(await explain('full'), '--memory-reservation');
  await write('33554432');
  assert.is(before.verdict, 'agree');
  assert.equal([after.asked, after.kernel[0]?.value, after.verdict], ['33554432', '16777216', 'differ']);
});

live('an ordinary user is told what was denied, and no empty cell', async () => {
  const { target } = await explain('plain');
  const run = (...args: readonly string[]) =>
    runToEnd([
      ...'setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all'.split(' '),
      process.execPath,
      'dist/cli.js',
      'explain',
      String(target.pid),
      ...args,
    ]);
  const { code, stdout, stderr } = await run();
  assert.is(code, 0, stderr);
  for (const line of [
    new RegExp(`net +denied: /proc/${target.pid}/ns/net`),
    new RegExp(`root +denied: /proc/${target.pid}/root`),
    new RegExp(`cwd +denied: /proc/${target.pid}/cwd`),
    /the link could not be read: whether it is the host’s is not known/,
    // Its container is known all the same: by the command line of the shim, whose own links are denied too.
    /part +first process of the container/,
  ])
    assert.match(stdout, line);
  // What anybody may read is told all the same.
  assert.match(stdout, /CapBnd +docker’s default fourteen/);
  const { stdout: json } = await run('--json');
  const story = JSON.parse(json) as Story;
  assert.equal([...new Set(story.namespaces.map(({ relation }) => relation))], ['unknown']);
  assert.ok(
    story.coverage.unread.some(
      ({ path, reason }) => path === `/proc/${target.pid}/root` && reason === 'denied',
    ),
  );
});

test.run();
