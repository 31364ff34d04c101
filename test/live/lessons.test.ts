// timeout: 900
// The lessons on the real kernel, as root and as an unprivileged user: every check passes, the kernel's answers are those that the prose
// explains, nothing is left, and the recording of a run plays the same again.
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { openLab } from '../../src/lab/open.ts';
import { preflight } from '../../src/lab/preflight.ts';
import type { HeadlessEvent } from '../../src/lesson/headless.ts';
import { lessonsDir, loadLessons } from '../../src/lesson/load.ts';
import { recordSession } from '../../src/lesson/recording.ts';
import { replaySession } from '../../src/lesson/replay.ts';
import { printRecording } from '../../src/lesson/recording-schema.ts';
import { startSession } from '../../src/lesson/session.ts';
import type { Lesson } from '../../src/lesson/types.ts';
import { tracesOf } from '../lab/traces.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const NOBODY = 65534;
const AS_NOBODY = ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--'];
const isRoot = process.getuid?.() === 0;

/** What the explanations say that the kernel answers. */
const TRUTHS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'what-is-a-container': {
    plain: 'same',
    'one-link': 'one',
    room: 'seen',
    kernel: 'same',
    'no-word': 'nowhere',
    quiz: 'processes',
  },
  chroot: {
    links: 'none',
    ps: 'nothing',
    kill: 'ends',
    'magic-link': 'host',
    escape: 'at-top',
    'no-userns': 'refused',
    quiz: 'neighbours',
  },
  'mount-namespace': {
    'same-files': 'both',
    tmpfs: 'each',
    peek: 'inside',
    bind: 'desk',
    spread: 'two',
    back: 'alone',
    end: 'stays',
    quiz: 'not',
  },
  'pivot-root': {
    plain: 'place',
    pivot: 'both',
    umount: 'busy',
    detach: 'lives',
    escape: 'own',
    ramfs: 'old',
    quiz: 'disk',
  },
  'uts-namespace': { copy: 'same', rename: 'box', 'one-file': 'differs', end: 'gone', quiz: 'host' },
  'pid-namespace': {
    'ps-inside': 'two',
    'which-proc': 'two-answers',
    'no-fork': 'second-fails',
    signals: 'nothing',
    orphan: 'zombie',
    'kill-one': 'all',
    quiz: 'live',
  },
  'memory-limit': {
    cache: 'full',
    'give-way': 'fits',
    'too-much': 'one',
    victim: 'marked',
    above: 'pod',
    // v2's memory.high slows at once; v1's soft limit does nothing while the host has memory.
    softer: need({ cgroupV1: true }) === null ? 'unhindered' : 'slowed',
    quiz: 'signal',
  },
  'network-namespace': {
    alone: 'unreachable',
    vanish: 'gone',
    bridge: 'reached',
    pin: 'answers',
    quiz: 'both',
  },
  'oci-bundle-and-runc': {
    create: 'other',
    start: 'same',
    killed: 'stopped',
    edit: 'nothing',
    pause: 'nothing',
    resume: 'ends',
    quiz: 'restart',
  },
  'user-namespace': {
    nobody: 'nobody',
    map: 'root-inside',
    capabilities: 'all',
    mount: 'own-file',
    hostname: 'refused',
    nested: 'inner',
    device: 'refused',
    others: 'neither',
    setgroups: 'after-deny',
    quiz: 'denied',
  },
};

const test = suite('live: lessons');
const root = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }));
const rootless = maybe(test, rootlessLack());

/** Why no unprivileged user can play a lesson here; null where one can. */
function rootlessLack(): string | null {
  const lack = need({ tools: ['unshare', 'nsenter', 'setpriv'] });
  if (lack !== null) return lack;
  const as = isRoot ? AS_NOBODY : [];
  const can = (...command: string[]): boolean => {
    const [file = '', ...args] = [...as, ...command];
    return spawnSync(file, args).status === 0;
  };
  if (!can('unshare', '--user', '--map-root-user', 'true'))
    return 'an unprivileged user may not make a user namespace';
  return can(process.execPath, '-e', `require('fs').readFileSync('${program()}')`)
    ? null
    : 'an unprivileged user may not read this checkout';
}

/** Why the lesson about memory cannot be played by root here; null where it can. */
async function memoryLack(): Promise<string | null> {
  const lack = need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] });
  if (lack !== null) return lack;
  return await withDiskDir(async (dir) => {
    const needs = await preflight({ env: { XDG_STATE_HOME: dir } });
    const unmet = needs.find(({ need, ok }) => !ok && ['memory-limits', 'page-cache'].includes(need));
    return unmet?.message.en ?? null;
  });
}

/** Not below /tmp, which is often a tmpfs, whose files are no page cache. */
async function withDiskDir<T>(fn: (dir: string) => T | Promise<T>): Promise<T> {
  const dir = mkdtempSync('/var/tmp/nscope-lessons-');
  try {
    return await fn(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function program(): string {
  return fileURLToPath(new URL('../lesson/play.ts', import.meta.url));
}

function play(
  stateDir: string,
  folder: string,
  as: readonly string[],
): { events: HeadlessEvent[]; status: number | null } {
  const [file, ...args] = [...as, process.execPath, '--import', 'tsx', program(), stateDir, folder];
  const { stdout, stderr, status } = spawnSync(file, args, {
    encoding: 'utf8',
    timeout: 100_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TMPDIR: stateDir },
  });
  assert.is(stderr, '');
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { events: lines.map((line) => JSON.parse(line) as HeadlessEvent), status };
}

function judge(id: string, { events, status }: ReturnType<typeof play>): void {
  const bad = events.filter(
    (event) => event.event === 'problem' || (event.event === 'verdict' && event.verdict !== 'pass'),
  );
  assert.equal(bad, []);
  const truths = events.flatMap((event) => (event.event === 'prediction' ? [[event.step, event.truth]] : []));
  assert.equal(Object.fromEntries(truths), TRUTHS[id]);
  assert.equal(events.at(-1), { event: 'end', passed: true, exit: 0 });
  assert.is(status, 0);
}

const hostname = (): string => readFileSync('/proc/sys/kernel/hostname', 'utf8');
const FOLDERS = [
  '01-what-is-a-container',
  '02-chroot',
  '03-mount-namespace',
  '04-pivot-root',
  '06-uts-namespace',
  '08-pid-namespace',
  '09-network-namespace',
  '10-user-namespace',
];

maybe(test, await memoryLack())('memory-limit, as root', async () => {
  await withDiskDir((stateDir) => judge('memory-limit', play(stateDir, '13-memory-limit', [])));
});

/** Lessons whose experiments are root's alone: limits and the freezer belong to a container with a cgroup. */
const ROOT_FOLDERS = ['19-oci-bundle-and-runc'];
const byRuntime = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv', 'runc'] }));

for (const folder of FOLDERS) {
  const id = folder.slice(3);
  root(`${id}, as root`, async () => {
    const name = hostname();
    await withTempDir((stateDir) => judge(id, play(stateDir, folder, [])));
    assert.is(hostname(), name);
  });

  rootless(`${id}, as an unprivileged user`, () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'nscope-lessons-'));
    try {
      if (isRoot) chownSync(stateDir, NOBODY, NOBODY);
      judge(id, play(stateDir, folder, isRoot ? AS_NOBODY : []));
    } finally {
      rmSync(stateDir, { recursive: true });
    }
  });
}

for (const folder of ROOT_FOLDERS) {
  const id = folder.slice(3);
  byRuntime(`${id}, as root`, async () => {
    await withTempDir((stateDir) => judge(id, play(stateDir, folder, [])));
  });
}

async function lessonOf(id: string): Promise<Lesson> {
  const found = (await loadLessons(lessonsDir())).find((lesson) => lesson.id === id);
  if (!found) throw new Error(`no lesson ${id}`);
  return found;
}

root('a recording of this run plays the same again, and holds no other process', async () => {
  const lesson = await lessonOf('pid-namespace');
  await withTempDir(async (stateDir) => {
    const host = liveHost();
    const recording = await recordSession({
      lesson,
      lab: () => openLab({ stateDir, fs: host.fs }),
      observe: (watch) => takeSnapshot(host, { watch }),
      title: { en: 'recorded here', 'zh-CN': '录制于本机' },
      version: '0.0.0',
      recordedOn: '2025-01-01',
      hidden: [{ text: stateDir, by: '/state' }],
    });
    assert.equal(tracesOf(recording.labId, stateDir), []);
    assert.not.match(printRecording(recording), stateDir);
    const comms = new Set(
      recording.snapshots.flatMap((snapshot) => snapshot.processes.map((process) => process.comm)),
    );
    for (const comm of comms)
      assert.ok(['nscope', 'unshare', 'sleep', 'sh', 'ps', 'nsenter', 'setpriv'].includes(comm), comm);
    const replay = replaySession({ lesson, lang: 'en', recording, lineDelay: 0 });
    for (const step of lesson.steps) {
      const choice = step.choices[0]?.id;
      if (choice) replay.choose(choice);
      await (step.kind === 'task' ? replay.solve() : replay.run());
      replay.next();
    }
    assert.ok(replay.state().ended, replay.state().problem?.message);
    assert.equal(
      replay
        .state()
        .steps.map(({ results, truth }) => [results.map(({ id, verdict }) => ({ id, verdict })), truth]),
      recording.steps.map(({ verdicts, truth }) => [verdicts, truth]),
    );
    await replay.close();
  });
});

root('close in the middle of a step leaves nothing', async () => {
  const lesson = await lessonOf('pid-namespace');
  await withTempDir(async (stateDir) => {
    const host = liveHost();
    const session = startSession({
      lesson,
      lang: 'en',
      lab: () => openLab({ stateDir, fs: host.fs }),
      observe: (watch) => takeSnapshot(host, { watch }),
    });
    await session.run();
    const { labId } = session.state();
    session.next();
    session.choose('two');
    const running = session.run();
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(await session.close(), []);
    await running;
    assert.equal(tracesOf(labId ?? '', stateDir), []);
  });
});

test.run();
