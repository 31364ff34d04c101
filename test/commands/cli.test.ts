// The commands as a shell sees them: what they print, one line for each mistake with the nearest name, and the exit codes of interface.md.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printRecording } from '../../src/host/recorded-fs.ts';
import { RELATIONS_PATH } from '../../src/host/relations-text.ts';
import { lessonsDir } from '../../src/lesson/load.ts';
import { HOST_NS, recordingOf, threadOf } from '../support/host-text.ts';
import { maybe, need } from '../support/need.ts';
import { runToEnd, until, withProcess } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('commands/cli');
const V2 = 'fixtures/hosts/debian13-v2-docker.host';
const V1 = 'fixtures/hosts/debian12-hybrid-docker.host';

function nscope(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof runToEnd> {
  return runToEnd([process.execPath, 'dist/cli.js', ...args], { env });
}

const MISTAKES: readonly (readonly [readonly string[], RegExp])[] = [
  [['tre'], /no command "tre" in nscope; did you mean "tree"\?/],
  [['lesson', 'lst'], /no command "lst" in nscope lesson; did you mean "list"\?/],
  [['qqqq'], /no command "qqqq" in nscope; nscope --help lists them/],
  [['ns', '--tipe', 'uts'], /no option "--tipe" in nscope ns; did you mean "--type"\?/],
  [['ns', '--type', 'utz'], /no namespace type "utz"; did you mean "uts"\?/],
  [['ns', '--type'], /argument missing/],
  [['ns', '--tree', 'ownr'], /no tree "ownr"; did you mean "owner"\?/],
  [['ns', '--tree', 'sideways'], /no tree "sideways"; --tree takes owner or parent/],
  [['tree', 'a', 'b'], /too many arguments/],
  [['learn', 'uts-namespce'], /no lesson "uts-namespce"; did you mean "uts-namespace"\?/],
  [['lesson', 'run', 'pid'], /no lesson "pid"; did you mean "pid-namespace"\?/],
  [['lesson', 'run'], /missing required argument 'lesson'/],
  [
    ['inspect', 'wep', '--from', V2],
    /no container, process or namespace "wep" on this host; did you mean "web"\?/,
  ],
  [['ns', '--lang', 'fr'], /no language "fr"; --lang takes en or zh-CN/],
  [['ns', '--from', '/nowhere.host'], /cannot read the recording \/nowhere\.host: ENOENT/],
  [['ns', '--from', 'package.json'], /package\.json:1: expected `nscope-recording 1`/],
  [['ns', '4194999'], /no process 4194999 on this host/],
];

for (const [args, line] of MISTAKES) {
  test(`nscope ${args.join(' ')}: one line, exit 2`, async () => {
    const { code, stdout, stderr } = await nscope(args);
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr, line);
    assert.is(stderr.trimEnd().split('\n').length, 1, stderr);
  });
}

test('an escape sequence in an argument does not reach the terminal', async () => {
  const { stderr } = await nscope(['\u001B]0;title\u0007']);
  assert.not(stderr.includes('\u001B'));
});

test('--version and --help', async () => {
  const { stdout: version } = await nscope(['--version']);
  assert.match(version, /^\d+\.\d+\.\d+\n$/);
  for (const args of [['--help'], ['ns', '--help'], ['lesson', 'run', '--help']]) {
    const { code, stdout } = await nscope(args);
    assert.is(code, 0);
    assert.match(stdout, /^Usage: nscope/);
  }
});

for (const [file, cgroup] of [
  [V2, 'own'],
  [V1, "the host's"],
] as const) {
  test(`tree of ${file}`, async () => {
    const { code, stdout, stderr } = await nscope(['tree', '--from', file]);
    assert.is(code, 0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replaceAll(/\b\d+\b|[0-9a-f]{12}/g, 'N'));
    const ns = cgroup === 'own' ? 'mnt cgroup uts ipc pid net' : 'mnt uts ipc pid net';
    assert.equal(lines, [
      'dockerd  N',
      '└╌ containerd  N  parent is N',
      '   ├╌ shim N  N  parent is N',
      `   │  ├─ ● web  sh -c sleep N & while :; do sleep N; done  N  ${ns}  docker · shares net with sidecar`,
      `   │  └─ exec  sleep N  N  ${ns}`,
      '   ├╌ shim N  N  parent is N',
      `   │  └─ ● db  sleep N  N  ${ns}  docker`,
      '   └╌ shim N  N  parent is N',
      `      └─ ● sidecar  sleep N  N  ${ns}  docker · shares net with web`,
    ]);
    assert.match(stderr, /recorded host: Debian/);
  });
}

test('tree of one container is the way to it', async () => {
  const { stdout } = await nscope(['tree', 'db', '--from', V2]);
  assert.match(stdout, /dockerd[\s\S]*containerd[\s\S]*shim[\s\S]*● db/);
  assert.not.match(stdout, /web|sidecar/);
});

const HOSTS = (name: string) => V2.replace('debian13-v2-docker', name);

test('tree --json: beside a container its engine, how it is known, its daemon, its pod', async () => {
  const { stdout } = await nscope([
    'tree',
    'shop/web-0/app',
    '--json',
    '--from',
    HOSTS('kubernetes-v2-by-hand'),
  ]);
  type Node = {
    readonly kind: string;
    readonly about?: Record<string, unknown>;
    readonly children: readonly Node[];
  };
  let node = (JSON.parse(stdout) as { readonly tree: readonly Node[] }).tree[0];
  while (node && node.kind !== 'container') node = node.children[0];
  const { sharesWith, ...about } = node?.about ?? {};
  assert.equal(about, {
    engine: 'kubernetes',
    evidence: ['bundle', 'state', 'cgroup'],
    confidence: 'certain',
    daemon: 'alive',
    user: 0,
    pod: { uid: '0f1e2d3c-1111-4000-8000-123456789abc', namespace: 'shop', name: 'web-0' },
    sandbox: false,
    parent: null,
    stale: null,
  });
  assert.is((sharesWith as readonly unknown[]).length, 2);
});

for (const command of ['ns', 'tree', 'ps']) {
  test(`${command} of a host seen by an ordinary user says what was denied, in the answer and beside it`, async () => {
    const file = HOSTS('debian13-v2-unprivileged');
    const { code, stderr } = await nscope([command, '--from', file]);
    assert.is(code, 0);
    assert.match(stderr, /11 of 11 processes refused their namespace links \(run as root to see them\)/);
    assert.match(stderr, 'no answer from /run/docker.sock (denied)');
    const { stdout } = await nscope([command, '--json', '--from', file]);
    assert.is((JSON.parse(stdout) as { readonly coverage: { readonly denied: number } }).coverage.denied, 11);
  });
}

test('tree of a host with hidepid does not say that there is no container', async () => {
  const { stdout, stderr } = await nscope(['tree', '--from', HOSTS('debian13-v2-hidepid')]);
  assert.is(stdout, '');
  assert.match(stderr, 'among the processes that are seen; others are hidden');
  assert.match(stderr, 'hidepid=invisible');
});

test('tree says what is a guess, what has no process, whose daemon is dead', async () => {
  const { stdout } = await nscope(['tree', '--from', HOSTS('broken-by-hand')]);
  assert.match(stdout, 'its daemon is not running');
  assert.match(stdout, 'likely, by cgroup');
  assert.match(stdout, 'no process: its runtime wrote down 170, which has ended');
});

test('ns --json: the fields of interface.md, numbers as numbers, coverage beside them', async () => {
  const { code, stdout } = await nscope(['ns', 'web', '--json', '--from', V2]);
  assert.is(code, 0);
  const answer = JSON.parse(stdout) as {
    nscope: { format: number; version: string };
    coverage: { owners: string };
    namespaces: readonly Record<string, unknown>[];
  };
  assert.is(answer.nscope.format, 1);
  assert.is(answer.coverage.owners, 'recorded');
  assert.equal(
    answer.namespaces.map(({ type }) => type),
    ['mnt', 'cgroup', 'uts', 'ipc', 'user', 'pid', 'net', 'time'],
  );
  const uts = answer.namespaces.find(({ type }) => type === 'uts');
  assert.equal(Object.keys(uts ?? {}), [
    'type',
    'inode',
    'nprocs',
    'pid',
    'ppid',
    'uid',
    'user',
    'command',
    'owner',
    'parent',
    'container',
    'holders',
  ]);
  assert.type(uts?.['inode'], 'number');
  assert.is(uts?.['container'], 'web');
  assert.is(uts?.['nprocs'], 4);
});

/** A recorded host with namespaces that a thread, an fd, a mount and a child hold, written to a file. */
async function withHolders(fn: (file: string) => Promise<void>): Promise<void> {
  const { user } = HOST_NS;
  const relations = [
    `user ${user} owner=- parent=-`,
    `user 100 owner=${user} parent=${user}`,
    'user 101 owner=100 parent=100',
    'uts 120 owner=101 parent=-',
  ];
  const recording = recordingOf(
    [
      { pid: 1, comm: 'init' },
      { pid: 25, ppid: 2, comm: 'kdevtmpfs', flags: 0x00200000, ns: { mnt: 300 } },
      {
        pid: 7,
        comm: 'holder\u001B[31m',
        ns: { user: 101, uts: 120 },
        links: { ...threadOf(8, { user: 101, uts: 120, ipc: 400 }), 'fd/3': 'net:[500]' },
      },
    ],
    {
      [RELATIONS_PATH]: `${relations.join('\n')}\n`,
      '/proc/1/mountinfo': `40 1 0:4 net:[501] /run/netns/blue rw - nsfs nsfs rw\n`,
    },
  );
  await withTempDir(async (dir) => {
    const file = join(dir, 'made.host');
    writeFileSync(file, printRecording(recording));
    await fn(file);
  });
}

test('ns --holders: a line below each namespace for what is no plain member, with the command; no progress without a terminal', async () => {
  await withHolders(async (file) => {
    const { code, stdout, stderr } = await nscope(['ns', '--holders', '--from', file]);
    assert.is(code, 0);
    const told = stdout.split('\n').flatMap((line) => /^ {4}· (.*)/.exec(line)?.[1] ?? []);
    assert.equal(told, [
      'thread 8 of 7 holder\\x1b[31m  kill 7',
      'child user:101  nscope ns ns:user:101 --holders',
      'owns uts:120  nscope ns ns:uts:120 --holders',
      'fd 3 of 7 holder\\x1b[31m  kill 7 # or have it close fd 3',
      'bind mount /run/netns/blue (ip netns: blue)  umount /run/netns/blue',
    ]);
    assert.match(stdout, / 300 +mnt +1 +25 +0 .* kernel +\[kdevtmpfs\]/);
    assert.not.match(stderr, /\r/);
    assert.match(stderr, /sockets are not looked at/);
    const chinese = await nscope(['ns', '--holders', '--from', file, '--lang', 'zh-CN']);
    assert.match(chinese.stdout, /进程 7 .* 的线程 8/);
  });
});

test('ns --holders --json: members and other holders with their fields, and what was scanned', async () => {
  await withHolders(async (file) => {
    const { stdout } = await nscope(['ns', '--holders', '--json', '--from', file]);
    const { namespaces, coverage } = JSON.parse(stdout) as {
      namespaces: readonly { type: string; inode: number; nprocs: number; holders: readonly unknown[] }[];
      coverage: Record<string, unknown>;
    };
    const holders = (inode: number) => namespaces.find((one) => one.inode === inode)?.holders;
    const comm = 'holder\\x1b[31m';
    assert.equal(holders(120), [{ kind: 'process', pid: 7, starttime: 70, comm, release: 'kill 7' }]);
    assert.equal(holders(400), [{ kind: 'thread', pid: 7, starttime: 70, tid: 8, comm, release: 'kill 7' }]);
    assert.equal(holders(501), [
      {
        kind: 'mount',
        filesystem: 'nsfs',
        path: '/run/netns/blue',
        mountNamespace: HOST_NS.mnt,
        via: null,
        pin: { by: 'ip netns', name: 'blue' },
        release: 'umount /run/netns/blue',
      },
    ]);
    assert.equal(
      [coverage['threads'], coverage['fds'], coverage['mountNamespaces']],
      ['scanned', 'scanned', 'scanned'],
    );
    const plain = JSON.parse((await nscope(['ns', '--json', '--from', file])).stdout) as {
      coverage: { threads: string };
    };
    assert.is(plain.coverage.threads, 'not scanned');
  });
});

test('ns --tree owner and parent', async () => {
  await withHolders(async (file) => {
    const shape = async (kind: string, ...more: readonly string[]) => {
      const { stdout } = await nscope(['ns', '--tree', kind, '--from', file, ...more]);
      return stdout
        .split('\n')
        .flatMap((line) => /^([│├└─ ]*\d+ +\w+)/.exec(line)?.[1]?.replace(/ +(\w+)$/, ' $1') ?? []);
    };
    const { user } = HOST_NS;
    assert.equal(await shape('parent', '--type', 'user'), [`${user} user`, '└─ 100 user', '   └─ 101 user']);
    assert.equal(await shape('owner', 'ns:uts:120'), [
      `${user} user`,
      '└─ 100 user',
      '   └─ 101 user',
      '      └─ 120 uts',
    ]);
    const { stdout } = await nscope(['ns', '--tree', 'parent', '--type', 'user', '--json', '--from', file]);
    const { tree } = JSON.parse(stdout) as { tree: unknown };
    const leaf = { type: 'user', inode: 101, children: [] };
    assert.equal(tree, [
      { type: 'user', inode: user, children: [{ type: 'user', inode: 100, children: [leaf] }] },
    ]);
  });
});

test('a recording without threads and fds says so', async () => {
  const { code, stderr } = await nscope(['ns', '--holders', '--from', HOSTS('kubernetes-v2-by-hand')]);
  assert.is(code, 0);
  assert.match(stderr, /this recording holds no threads and no fds/);
});

test('ns --type and the host as a target', async () => {
  const { stdout } = await nscope(['ns', 'host', '--type', 'uts,net', '--json', '--from', V1]);
  const { namespaces } = JSON.parse(stdout) as {
    namespaces: readonly { type: string; container: string | null }[];
  };
  assert.equal(
    namespaces.map(({ type }) => type),
    ['uts', 'net'],
  );
});

test('lesson list, plain, in Chinese and as JSON', async () => {
  assert.match((await nscope(['lesson', 'list'])).stdout, /uts-namespace[\s\S]*pid-namespace/);
  assert.match((await nscope(['lesson', 'list', '--lang', 'zh-CN'])).stdout, /主机名/);
  const { lessons } = JSON.parse((await nscope(['lesson', 'list', '--json'])).stdout) as {
    lessons: readonly { id: string; stepsDone: number }[];
  };
  assert.equal(
    lessons.map(({ id }) => id),
    readdirSync(lessonsDir())
      .sort()
      .map((folder) => folder.slice(3)),
  );
});

test('lesson run without --yes tells its plan, runs nothing, exit 2', async () => {
  const { code, stdout } = await nscope(['lesson', 'run', 'uts-namespace']);
  assert.is(code, 2);
  // Without root a user namespace comes before it.
  assert.match(stdout, /unshare (?:--user --map-root-user )?--uts sleep infinity/);
  assert.match(stdout, /--yes/);
});

test('lesson run --dry-run tells every step, runs nothing, exit 0, also on a host that lacks something', async () => {
  const { code, stdout } = await nscope(['lesson', 'run', 'user-namespace', '--dry-run', '--solve']);
  assert.is(code, 0);
  assert.match(stdout, /unshare --user --mount sleep infinity &\n {4}BOX=\$!\n {6}touches one new process/);
  assert.match(stdout, /\/proc\/\$BOX\/uid_map/);
  assert.match(stdout, /10\/11 .*[\s\S]*\/proc\/\$SHED\/gid_map/);
  assert.match(stdout, /Nothing has run\.\n$/);
  const lines = (await nscope(['lesson', 'run', 'user-namespace', '--dry-run', '--json'])).stdout.split('\n');
  const events = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as { event: string });
  assert.equal([...new Set(events.map(({ event }) => event))], ['step', 'command']);
  const both = await nscope(['lesson', 'run', 'uts-namespace', '--dry-run', '--replay']);
  assert.equal([both.code, both.stdout], [2, '']);
  assert.match(both.stderr, /--dry-run/);
});

test('lesson run --replay plays the recording and says so', async () => {
  for (const id of ['what-is-a-container', 'uts-namespace', 'pid-namespace', 'network-namespace']) {
    const { code, stdout } = await nscope(['lesson', 'run', id, '--replay', '--solve']);
    assert.is(code, 0, stdout);
    assert.match(stdout, /recorded on Debian 13, cgroup v2/);
    const chinese = await nscope(['lesson', 'run', id, '--replay', '--solve', '--lang', 'zh-CN']);
    assert.is(chinese.code, 0);
    assert.match(chinese.stdout, /录制于 Debian 13/);
  }
});

test('LANG decides the language, --lang wins', async () => {
  const env = { LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' };
  assert.match((await nscope([], env)).stdout, /课程/);
  assert.match((await nscope(['--lang', 'en'], env)).stdout, /Lessons/);
});

test('a state directory that cannot be made: one line and exit 3, and the overview all the same', async () => {
  await withTempDir(async (dir) => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    const env = { XDG_STATE_HOME: file };
    const audit = await nscope(['audit'], env);
    assert.is(audit.code, 3);
    assert.is(audit.stderr.trimEnd().split('\n').length, 1, audit.stderr);
    const home = await nscope([], env);
    assert.is(home.code, 0);
    assert.match(home.stdout, /uts-namespace/);
    assert.is((await nscope(['lesson', 'list'], env)).code, 0);
  });
});

test('a reader that goes away is no error', async () => {
  const { code, stderr } = await runToEnd([
    'sh',
    '-c',
    `${process.execPath} dist/cli.js ns --json --from ${V2} | head -n 1`,
  ]);
  assert.is(code, 0);
  assert.is(stderr, '');
});

maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }))(
  'lesson run into a reader that goes away: the lab is closed all the same',
  async () => {
    await withTempDir(async (dir) => {
      const env = { XDG_STATE_HOME: dir };
      const { stdout } = await runToEnd(
        ['sh', '-c', `${process.execPath} dist/cli.js lesson run uts-namespace --yes --solve | head -n 4`],
        { env },
      );
      assert.is(stdout.trimEnd().split('\n').length, 4);
      const audit = await nscope(['audit'], env);
      assert.is(audit.code, 0, audit.stdout);
    });
  },
);

maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }))(
  'lesson run with stdout and stderr into a reader that goes away: exit 1, the lab is closed',
  async () => {
    await withTempDir(async (dir) => {
      const env = { XDG_STATE_HOME: dir };
      const { stderr } = await runToEnd(
        [
          'sh',
          '-c',
          `exec 3>&2; { ${process.execPath} dist/cli.js lesson run uts-namespace --yes --solve 2>&1; echo "exit $?" >&3; } | head -n 1`,
        ],
        { env },
      );
      assert.is(stderr, 'exit 1\n');
      assert.is((await nscope(['audit'], env)).code, 0);
    });
  },
);

maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }))(
  'SIGTERM during lesson record: 143, no file, the lab is closed',
  async () => {
    await withTempDir(async (dir) => {
      const env = { XDG_STATE_HOME: dir };
      const out = join(dir, 'out.json');
      const labs = join(dir, 'nscope', 'labs');
      const command = ['dist/cli.js', 'lesson', 'record', 'uts-namespace', '--out', out, '--title', 'x'];
      await withProcess(
        [process.execPath, ...command],
        async (record) => {
          await until('a lab', () => existsSync(labs) && readdirSync(labs).length > 0);
          record.child.kill('SIGTERM');
          assert.equal(await record.exited, { code: 143, signal: null });
        },
        { env },
      );
      assert.not(existsSync(out));
      const audit = await nscope(['audit'], env);
      assert.is(audit.code, 0, audit.stdout);
    });
  },
);

maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }))(
  'SIGTERM while needs are tried: 143, their lab is closed',
  async () => {
    await withTempDir(async (dir) => {
      const env = { XDG_STATE_HOME: dir };
      const labs = join(dir, 'nscope', 'labs');
      await withProcess(
        [process.execPath, 'dist/cli.js', 'preflight'],
        async (trying) => {
          await until('a lab', () => existsSync(labs) && readdirSync(labs).length > 0);
          trying.child.kill('SIGTERM');
          assert.equal(await trying.exited, { code: 143, signal: null });
        },
        { env },
      );
      const audit = await nscope(['audit'], env);
      assert.is(audit.code, 0, audit.stdout);
    });
  },
);

for (const args of [
  ['audit'],
  ['cleanup'],
  ['lesson', 'record', 'uts-namespace', '--out', '/nowhere/x', '--title', 'x'],
  ['preflight'],
  ['verify'],
]) {
  test(`${args.join(' ')} --from: of this machine, exit 2`, async () => {
    const { code, stderr } = await nscope([...args, '--from', V2]);
    assert.is(code, 2);
    assert.match(stderr, /--from/);
    assert.is(stderr.trimEnd().split('\n').length, 1, stderr);
  });
}

test('progress that cannot be read costs the marks, not the list', async () => {
  await withTempDir(async (dir) => {
    mkdirSync(join(dir, 'nscope', 'progress.json'), { recursive: true, mode: 0o700 });
    const { code, stdout, stderr } = await nscope(['lesson', 'list'], { XDG_STATE_HOME: dir });
    assert.is(code, 0);
    assert.match(stdout, /uts-namespace/);
    assert.match(stderr, /cannot read the progress in .*EISDIR/);
    assert.is(stderr.trimEnd().split('\n').length, 1, stderr);
  });
});

test('lesson run --from plays the recording, also with --yes', async () => {
  const { code, stdout } = await nscope(['lesson', 'run', 'uts-namespace', '--yes', '--solve', '--from', V2]);
  assert.is(code, 0);
  assert.match(stdout, /nothing runs on this host/);
});

test('lesson record into a directory that is not there: one line before anything runs', async () => {
  const { code, stderr } = await nscope([
    'lesson',
    'record',
    'uts-namespace',
    '--out',
    '/nowhere/x.json',
    '--title',
    'x',
  ]);
  assert.is(code, 2);
  assert.match(stderr, /cannot write \/nowhere\/x\.json: ENOENT/);
});

test.run();
