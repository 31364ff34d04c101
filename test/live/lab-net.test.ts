// timeout: 600
// Interfaces and pins of the lab on the real kernel: where they are, by the kernel's own files; undone by identity; gone after a SIGKILL at any line.
import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { audit } from '../../src/lab/audit.ts';
import { cleanup } from '../../src/lab/cleanup.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Lab, Operation } from '../../src/lab/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { childArgv, type Ended, runChild } from '../lab/child.ts';
import { netOperations, ON_HOST } from '../lab/net-plan.ts';
import { tracesOf } from '../lab/traces.ts';
import { maybe, need } from '../support/need.ts';
import { until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: networks and pins');
const TOOLS = ['unshare', 'nsenter', 'setpriv', 'ip', 'lsns', 'busybox'];
const live = maybe(test, need({ root: true, tools: TOOLS, namespaces: ['net'] }));

const sleeper = (
  name: string,
  namespaces: Extract<Operation, { op: 'actor' }>['namespaces'] = ['net'],
): Operation => ({
  op: 'actor',
  name,
  namespaces,
  command: ['sleep', 'infinity'],
});
const CABLE: Operation = {
  op: 'veth',
  name: 'one',
  of: 'left',
  address: '10.11.0.1/24',
  peer: 'two',
  peerOf: 'right',
  peerAddress: '10.11.0.2/24',
};

async function withLab(fn: (lab: Lab, stateDir: string) => Promise<void>): Promise<void> {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs: liveFs(), mode: 'root' });
    try {
      await fn(lab, stateDir);
    } finally {
      assert.equal(await lab.close(), []);
    }
    assert.equal(tracesOf(lab.id, stateDir), []);
  });
}

async function performAll(lab: Lab, operations: readonly Operation[]): Promise<void> {
  for (const operation of operations) await lab.perform(operation);
}

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

function pid(lab: Lab, name: string): number {
  return lab.actor(name)?.pid ?? 0;
}

/** Interface names in the network namespace of a process, by the kernel's own file. */
function names(of: number | 'self'): readonly string[] {
  return readFileSync(`/proc/${of}/net/dev`, 'utf8')
    .split('\n')
    .slice(2)
    .map((line) => line.split(':')[0]?.trim() ?? '')
    .filter((name) => name !== '');
}

function sh(command: string): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  return { status, out: stdout + stderr };
}

interface Seen {
  readonly ifname: string;
  readonly link_index?: number;
  readonly ifindex: number;
  readonly master?: string;
  readonly flags: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info: readonly { readonly local: string; readonly scope: string }[];
}

/** What nsenter and ip, typed by hand, show of a process' network: without what differs by chance. */
function seenIn(of: number): unknown {
  const { out } = sh(`nsenter -t ${of} -n ip -d -j addr`);
  return (JSON.parse(out) as readonly Seen[]).map(
    ({ ifname, link_index, ifindex, master, flags, ...rest }) => ({
      ifname,
      ifindex,
      link_index,
      master,
      up: flags.includes('UP'),
      kind: rest.linkinfo?.info_kind,
      addresses: rest.addr_info.filter(({ scope }) => scope !== 'link').map(({ local }) => local),
    }),
  );
}

function nsfsAt(path: string, of: number | 'self' = 'self'): readonly string[] {
  return readFileSync(`/proc/${of}/mountinfo`, 'utf8')
    .split('\n')
    .filter((line) => line.split(' ')[4] === path)
    .map((line) => line.split(' ')[3] ?? '');
}

live('veth: each end in its namespace, with address, up; no instant of it on the host', async () => {
  await withLab(async (lab) => {
    await performAll(lab, [sleeper('left'), sleeper('right')]);
    const [one, two] = [`a${lab.id}`, `b${lab.id}`];
    const monitor = spawn('ip', ['monitor', 'link'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let told = '';
    monitor.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    // It says nothing when it is ready: a link of the host's own is made until it tells of it.
    const probe = `p${lab.id}`;
    try {
      await until('ip monitor', () => {
        if (told.includes(probe)) return true;
        sh(`ip link add ${probe} type bridge && ip link del ${probe}`);
        return false;
      });
      await lab.perform({ ...CABLE, name: one, peer: two });
      sh(`ip link add ${probe}2 type bridge && ip link del ${probe}2`);
      await until('the end', () => told.includes(`Deleted`) && told.includes(`${probe}2`));
    } finally {
      monitor.kill();
    }
    assert.not.match(told, new RegExp(`${one}|${two}`));
    assert.equal(names(pid(lab, 'left')), ['lo', one]);
    assert.equal(names(pid(lab, 'right')), ['lo', two]);
    for (const name of [one, two]) assert.not.ok(names('self').includes(name), name);
    const [, end] = seenIn(pid(lab, 'left')) as readonly Record<string, unknown>[];
    assert.equal([end?.['up'], end?.['kind'], end?.['addresses']], [true, 'veth', ['10.11.0.1']]);
    const ask = { ask: 'link', of: 'left', name: one, peer: true } as const;
    const answer = await lab.ask(ask, new AbortController().signal);
    assert.ok(answer.ok && answer.value !== null);
    const right = readlinkSync(`/proc/${pid(lab, 'right')}/ns/net`);
    assert.is(answer.ok ? `net:[${answer.value?.peerNetns}]` : '', right);
    const none = await lab.ask({ ...ask, name: 'nothing' }, new AbortController().signal);
    assert.equal(none, { ok: true, value: null });
  });
});

live('bridge: its ports carry packets from box to box', async () => {
  await withLab(async (lab) => {
    const operations = netOperations('root');
    await performAll(lab, operations.slice(0, 6));
    const [left, hub] = [pid(lab, 'left'), pid(lab, 'switch')];
    for (const port of ['to-left', 'to-right']) {
      assert.match(sh(`nsenter -t ${hub} -n ip link show dev ${port}`).out, /master br0 /);
    }
    assert.match(sh(`nsenter -t ${hub} -n ip addr show dev br0`).out, /<.*\bUP\b[^]*10\.11\.0\.254\/24/);
    const ping = sh(`nsenter -t ${left} -n busybox ping -c 1 -W 2 10.11.0.2`);
    assert.is(ping.status, 0, ping.out);
    const missing = await refusal(
      lab.perform({ op: 'bridge', name: 'br1', of: 'switch', ports: ['to-nobody'] }),
    );
    assert.match(missing.message, /switch has no interface named to-nobody/);
    assert.not.ok(names(hub).includes('br1'));
  });
});

live('typed by hand, the shell lines of a plan give the same', async () => {
  const make = netOperations('root').slice(3, 6);
  const people = netOperations('root').slice(0, 3);
  await withLab(async (lab) => {
    await performAll(lab, [...people, ...make]);
    await withLab(async (other) => {
      await performAll(other, people);
      for (const operation of make) {
        const { status, out } = sh(other.plan(operation).shell);
        assert.is(status, 0, out);
      }
      for (const name of ['left', 'right', 'switch'])
        assert.equal(seenIn(pid(other, name)), seenIn(pid(lab, name)), name);
      for (const where of [undefined, 'switch']) {
        const pin: Operation = {
          op: 'pin',
          name: `by-${where ?? 'host'}`,
          of: 'left',
          type: 'net',
          in: where,
        };
        const unpin: Operation = { op: 'unpin', pin: pin.name };
        const at = (one: Lab) => {
          const path = /^touch (\S+)$/m.exec(one.plan(pin).shell)?.[1] ?? '';
          const mounts = nsfsAt(path, where === undefined ? 'self' : pid(one, where));
          const own = readlinkSync(`/proc/${pid(one, 'left')}/ns/net`);
          return { file: existsSync(path), mounts: mounts.map((root) => root === own) };
        };
        await lab.perform(pin);
        assert.is(sh(other.plan(pin).shell).status, 0);
        assert.equal(at(other), { file: true, mounts: [true] });
        assert.equal(at(lab), at(other), pin.name);
        const line = other.plan(unpin).shell;
        await lab.perform(unpin);
        assert.is(sh(line).status, 0);
        assert.equal(at(other), { file: false, mounts: [] });
        assert.equal(at(lab), at(other), unpin.pin);
      }
    });
  });
});

live('on the host: a name with the id of the lab, seen by audit, and gone at the end', async () => {
  await withLab(async (lab, stateDir) => {
    await lab.perform(sleeper('left'));
    await performAll(lab, ON_HOST.slice(0, 2));
    const [cable, bridge] = [`ns-${lab.id}-1`, `ns-${lab.id}-2`];
    assert.equal(
      names('self').filter((name) => name.includes(lab.id)),
      [cable, bridge],
    );
    assert.match(
      sh(`ip addr show dev ${cable}`).out,
      new RegExp(`master ${bridge} [^]*198\\.51\\.100\\.1/30`),
    );
    const found = (await audit({ stateDir, fs: liveFs() })).filter(
      ({ kind, lab: id }) => kind === 'link' && id === lab.id,
    );
    assert.equal(
      found.map(({ what, live: is }) => [what, is]),
      [
        [cable, true],
        [bridge, true],
      ],
    );
    const proof = sh(found[0]?.proof ?? 'false');
    assert.is(proof.status, 0, proof.out);
    const both = await refusal(lab.perform({ op: 'veth', name: 'a', of: 'host', peer: 'b', peerOf: 'host' }));
    assert.match(both.message, /at most one end/);
    const shared = await refusal(
      lab.perform(sleeper('plain', ['uts'])).then(() => lab.perform({ ...CABLE, peerOf: 'plain' })),
    );
    assert.match(shared.message, /no network namespace of its own/);
  });
});

live('what another made with a name like the lab’s survives: taken before, and exchanged later', async () => {
  await withLab(async (lab, stateDir) => {
    await lab.perform(sleeper('left'));
    const name = `ns-${lab.id}-1`;
    sh(`ip link add ${name} type bridge`);
    try {
      const taken = await refusal(lab.perform(ON_HOST[0] as Operation));
      assert.match(taken.message, new RegExp(`the host has an interface named ${name} already`));
      assert.ok(names('self').includes(name));
      sh(`ip link del ${name}`);
      await lab.perform(ON_HOST[0] as Operation);
      sh(`ip link del ${name} && ip link add ${name} type bridge`);
      const left = await lab.close();
      assert.equal(
        left.map(({ kind, what }) => [kind, what]),
        [['link', name]],
      );
      assert.match(left[0]?.reason ?? '', /is another \(number \d+, not \d+\)/);
      assert.ok(names('self').includes(name), 'it was not touched');
      const audited = await audit({ stateDir, fs: liveFs() });
      assert.ok(audited.some(({ kind, what }) => kind === 'link' && what === name));
    } finally {
      sh(`ip link del ${name}`);
    }
  });
});

live('an interface of a lab that no journal knows is named and left alone', async () => {
  await withTempDir(async (stateDir) => {
    const name = 'ns-00000000-7';
    sh(`ip link add ${name} type bridge`);
    try {
      const { refused } = await cleanup({ stateDir, fs: liveFs() });
      assert.match(refused.find(({ what }) => what === name)?.reason ?? '', /no journal knows it/);
      assert.ok(names('self').includes(name));
    } finally {
      sh(`ip link del ${name}`);
    }
  });
});

live('the pair vanishes with a namespace, unless that is pinned; then with the pin', async () => {
  await withLab(async (lab, stateDir) => {
    await performAll(lab, [sleeper('left'), sleeper('right'), CABLE]);
    const path = join(stateDir, 'labs', lab.id, 'pin-kept');
    const inode = readlinkSync(`/proc/${pid(lab, 'right')}/ns/net`);
    await lab.perform({ op: 'pin', name: 'kept', of: 'right', type: 'net' });
    assert.equal(nsfsAt(path), [inode]);
    const [found] = (await audit({ stateDir, fs: liveFs() })).filter(
      ({ lab: id, kind }) => id === lab.id && kind === 'namespace pin',
    );
    assert.is(found?.what, path);
    assert.match(sh(found?.proof ?? '').out, /nsfs/);
    await lab.perform({ op: 'signal', actor: 'right', signal: 'KILL', from: 'host' });
    assert.match(sh(`nsenter --net=${path} ip -br addr`).out, /two@if\d+ .*10\.11\.0\.2/);
    assert.ok(names(pid(lab, 'left')).includes('one'), 'both ends live');
    await lab.perform({ op: 'unpin', pin: 'kept' });
    assert.not.ok(existsSync(path));
    await until('the end of the pair', () => !names(pid(lab, 'left')).includes('one'));
    assert.match((await refusal(lab.perform({ op: 'unpin', pin: 'kept' }))).message, /no namespace pin/);
  });
});

live('undo of a pin refuses what another mounted on it or wrote into it', async () => {
  await withLab(async (lab, stateDir) => {
    await performAll(lab, [sleeper('left'), { op: 'pin', name: 'kept', of: 'left', type: 'net' }]);
    const path = join(stateDir, 'labs', lab.id, 'pin-kept');
    sh(`mount --bind /proc/self/ns/uts ${path}`);
    try {
      const left = await lab.close();
      assert.match(left.find(({ what }) => what === path)?.reason ?? '', /is another \(inode/);
      assert.is(nsfsAt(path).length, 2, 'nothing was unmounted');
    } finally {
      sh(`umount ${path}`);
    }
  });
  await withLab(async (lab, stateDir) => {
    await performAll(lab, [sleeper('left'), { op: 'pin', name: 'kept', of: 'left', type: 'net' }]);
    const path = join(stateDir, 'labs', lab.id, 'pin-kept');
    sh(`umount ${path}`);
    writeFileSync(path, 'mine');
    const left = await lab.close();
    assert.match(left[0]?.reason ?? '', /not the empty file/);
    assert.is(readFileSync(path, 'utf8'), 'mine');
    writeFileSync(path, '');
  });
});

live('a journal that lost its lines: interfaces and pins are found by their names', async () => {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs: liveFs(), mode: 'root' });
    try {
      await performAll(lab, [sleeper('left'), ...ON_HOST.slice(0, 3)]);
      const journal = join(stateDir, 'labs', lab.id, 'journal.jsonl');
      const [header = '', ...rest] = readFileSync(journal, 'utf8').split('\n');
      // Another program's by its starttime: one that has ended.
      const dead = header.replace(
        /"starttime":(\d+)/,
        (_, time: string) => `"starttime":${Number(time) - 1}`,
      );
      writeFileSync(journal, [dead, ...rest.map((line) => line.replace(/[{"]/g, '?'))].join('\n'));
      const kinds = (await audit({ stateDir, fs: liveFs() }))
        .filter((one) => one.lab === lab.id)
        .map(({ kind }) => kind);
      for (const kind of ['link', 'namespace pin'] as const) assert.ok(kinds.includes(kind), kind);
      await cleanup({ stateDir, fs: liveFs() });
      assert.equal(tracesOf(lab.id, stateDir), []);
    } finally {
      await lab.close();
    }
  });
});

live('SIGKILL after each line of the journal leaves nothing once cleanup has run', async () => {
  await withTempDir(async (stateDir) => {
    const crash = (line: number) => runChild(childArgv('crash-child.ts', stateDir, String(line), 'net'));
    const whole = await crash(0);
    assert.is(whole.stderr, '');
    const lines = Number(/lines (\d+)/.exec(whole.stdout)?.[1] ?? 0);
    assert.ok(lines > 20, whole.stdout);
    const kinds = new Set<string>();
    for (let line = 1; line <= lines; line++) {
      const { stdout, stderr, signal } = await crash(line);
      assert.is(signal, 'SIGKILL', `line ${line}: ${stderr}`);
      const lab = stdout.split('\n')[0] ?? '';
      const own = async () => (await audit({ stateDir, fs: liveFs() })).filter((one) => one.lab === lab);
      for (const { kind } of await own()) kinds.add(kind);
      assert.ok(tracesOf(lab, stateDir).length > 0);
      const { refused, left } = await cleanup({ stateDir, fs: liveFs() });
      assert.equal(
        [...refused, ...left].filter((one) => one.lab === lab),
        [],
        `line ${line}`,
      );
      assert.equal(await own(), [], `line ${line}`);
      assert.equal(tracesOf(lab, stateDir), [], `line ${line}`);
    }
    for (const kind of ['link', 'namespace pin']) assert.ok(kinds.has(kind), `the audit saw a ${kind}`);
  });
});

live(
  'preflight: a host without ip(8) is told what to install, and makes the pair where it has it',
  async () => {
    const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
    const hide =
      'for d in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do [ -e $d/ip ] && mount --bind /dev/null $d/ip; done; exec "$@"';
    await withTempDir(async (dir) => {
      const ask = async (before: readonly string[]) => {
        const argv = [process.execPath, '--import', 'tsx', cli, 'preflight', '--json'];
        const { stdout } = await runChild(argv, { before, env: { ...process.env, XDG_STATE_HOME: dir } });
        const { needs } = JSON.parse(stdout) as { needs: { need: string; ok: boolean; message: string }[] };
        return needs.find(({ need: name }) => name === 'network-namespaces');
      };
      assert.is((await ask([]))?.ok, true);
      const without = await ask(['unshare', '--mount', 'sh', '-c', hide, 'hide']);
      assert.is(without?.ok, false);
      assert.match(without?.message ?? '', /^missing: ip; install iproute2/);
    });
  },
);

const NOBODY = 65534;
const AS_NOBODY = ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--'];
const isRoot = process.getuid?.() === 0;

function rootlessLack(): string | null {
  const lack = need({ userns: true, tools: TOOLS, namespaces: ['net'] });
  if (lack !== null || !isRoot) return lack;
  const readable = ['test', '-r', childArgv('crash-child.ts').at(-1) ?? ''];
  return spawnSync('setpriv', [...AS_NOBODY.slice(1), ...readable]).status === 0
    ? null
    : 'an unprivileged user may not read this checkout';
}

const rootless = maybe(test, rootlessLack());

rootless('without root: actors in one user namespace; SIGKILL and cleanup', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'nscope-net-'));
  if (isRoot) chownSync(dir, NOBODY, NOBODY);
  const as = (name: string, ...args: string[]): Promise<Ended> =>
    runChild(childArgv(name, dir, ...args), {
      before: isRoot ? AS_NOBODY : [],
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TMPDIR: dir },
    });
  try {
    const whole = await as('crash-child.ts', '0', 'net');
    assert.is(whole.stderr, '');
    assert.is(whole.status, 0);
    assert.equal(tracesOf(whole.stdout.split('\n')[0] ?? '', dir), []);
    const lines = Number(/lines (\d+)/.exec(whole.stdout)?.[1] ?? 0);
    for (let line = 3; line <= lines; line += 3) {
      const { stdout, signal } = await as('crash-child.ts', String(line), 'net');
      assert.is(signal, 'SIGKILL');
      const lab = stdout.split('\n')[0] ?? '';
      assert.ok(tracesOf(lab, dir).length > 0);
      const after = await as('clean-child.ts');
      assert.equal(JSON.parse(after.stdout), { refused: [], left: [], audit: [] }, after.stderr);
      assert.equal(tracesOf(lab, dir), [], `line ${line}`);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test.run();
