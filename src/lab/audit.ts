// Looks for anything of any lab that is still on the host, without asking the ledger's entries: mounts, interfaces, cgroups, processes,
// containers, files. Removes nothing.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFs } from '../host/fs.ts';
import { type Lang, say } from '../text/lang.ts';
import { shellWords } from './argv.ts';
import { groupsWithin, hierarchiesOf, LAB_CGROUP, processesIn } from './cgroupfs.ts';
import { distrustOfLab, journalIn, UNBORN } from './ledger.ts';
import { CLEANUP } from './messages.ts';
import { HOST_LINK, ownLinks } from './net.ts';
import { isAlive, markedProcesses, runStateOf } from './process.ts';
import { containersIn, initOf, runtimeRoot } from './runtime.ts';
import { errnoOf, trustedLabsDir } from './state-dir.ts';
import { isWithin, ownMounts } from './tree.ts';
import type { Leftover } from './types.ts';

/** What the labs directory tells of a lab. */
interface Known {
  readonly live: boolean;
  readonly reason: string | undefined;
}

interface LabDirectory extends Known {
  readonly lab: string;
  readonly path: string;
}

function labDirectories(labs: string, fs: HostFs, lang: Lang): readonly LabDirectory[] {
  let names: readonly string[] = [];
  try {
    names = readdirSync(labs).sort();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
  }
  return names.flatMap((name): LabDirectory[] => {
    const path = join(labs, name);
    const [, unborn, pid, starttime] = UNBORN.exec(name) ?? [];
    if (unborn === undefined && !/^[0-9a-f]{8}$/.test(name)) return [];
    const distrust = distrustIn(path, lang);
    if (distrust !== null) return [{ lab: unborn ?? name, path, live: false, reason: distrust }];
    if (unborn !== undefined) {
      const live = isAlive(fs, { pid: Number(pid), starttime: Number(starttime) });
      return [{ lab: unborn, path, live, reason: undefined }];
    }
    return [{ lab: name, path, ...stateOf(path, name, fs, lang) }];
  });
}

/** What cannot even be looked at is told of by stateOf. */
function distrustIn(path: string, lang: Lang): string | null {
  try {
    return distrustOfLab(path, lang);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

function stateOf(path: string, lab: string, fs: HostFs, lang: Lang): Known {
  let header: NonNullable<ReturnType<typeof journalIn>>['header'] = null;
  try {
    header = journalIn(path)?.header ?? null;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  if (header?.lab !== lab) return { live: false, reason: say(lang, CLEANUP.noJournal) };
  const state = runStateOf(fs, header.runner);
  if (state === 'live') {
    return { live: true, reason: say(lang, CLEANUP.isLive, { lab, pid: header.runner.pid }) };
  }
  return {
    live: false,
    reason: state === 'unknown' ? say(lang, CLEANUP.otherPidNamespace, { lab }) : undefined,
  };
}

/**
 * Everything of any lab that can be seen from here: what is below the labs directory, mounts on it or from it (namespace pins
 * among them), interfaces named `ns-`, eight hexadecimal digits and a number in this network namespace, cgroups named `nscope-` and eight
 * hexadecimal digits in every hierarchy, the processes in them, processes that carry a lab's mark in their environment, and containers whose
 * runtime keeps them below the labs directory. Empty when nothing is left. What belongs to a living program is marked `live`.
 * Processes whose environment may not be read are found by their cgroup alone. Throws a UserError (exit 3) where the state
 * directory is not ours alone.
 */
export function audit(options: {
  readonly stateDir: string;
  readonly fs: HostFs;
  readonly lang?: Lang | undefined;
}): Promise<Leftover[]> {
  const { stateDir, fs, lang = 'en' } = options;
  const labs = trustedLabsDir(stateDir, lang);
  const directories = labDirectories(labs, fs, lang);
  const known = new Map<string, Known>(directories.map(({ lab, live, reason }) => [lab, { live, reason }]));
  const knownOf = (lab: string): Known =>
    known.get(lab) ?? { live: false, reason: say(lang, CLEANUP.notOurs) };
  const found = (kind: Leftover['kind'], lab: string, what: string, proof: readonly string[]): Leftover => ({
    kind,
    lab,
    what,
    proof: shellWords(proof),
    ...knownOf(lab),
  });

  const mounts = ownMounts(fs)
    .filter(({ mountPoint, root }) => isWithin(mountPoint, labs) || isWithin(root, labs))
    .map(({ mountPoint, root, fstype }) => {
      const [lab = ''] = (isWithin(mountPoint, labs) ? mountPoint : root).slice(labs.length + 1).split('/');
      const kind = fstype === 'nsfs' ? 'namespace pin' : 'mount';
      return found(kind, lab, mountPoint, ['findmnt', mountPoint]);
    });

  const links = ownLinks(fs).flatMap((name) => {
    const lab = HOST_LINK.exec(name)?.[1];
    return lab === undefined
      ? []
      : [found('link', lab, name, ['ip', '-details', 'link', 'show', 'dev', name])];
  });

  const groups = hierarchiesOf(fs).flatMap(({ mountPoint }) =>
    groupsWithin(fs, mountPoint).flatMap((path) => {
      const lab = path
        .split('/')
        .map((part) => LAB_CGROUP.exec(part)?.[1])
        .find((id) => id !== undefined);
      return lab === undefined ? [] : [{ lab, path }];
    }),
  );
  const processes = new Map<string, { pid: number; lab: string }>();
  for (const { lab, path } of groups) {
    for (const { pid } of processesIn(fs, [path])) processes.set(`${pid}`, { pid, lab });
  }
  for (const { pid, lab } of markedProcesses(fs)) processes.set(`${pid}`, { pid, lab });
  const containers = directories.flatMap(({ lab, path }) => {
    const root = runtimeRoot(path);
    return containersIn(fs, root).map((id) => ({ lab, root, id, init: initOf(fs, root, id) }));
  });
  const daemons = directories.flatMap(({ lab, path }) => {
    const names = fs.list(path);
    return (names.ok ? [...names.value].sort() : [])
      .filter((name) => name.startsWith('dockerd-'))
      .flatMap((name) => ['', 'docker.sock'].map((part) => join(path, name, part)))
      .filter((file) => fs.stat(file).ok)
      .map((file) => found('file', lab, file, ['ls', '-ld', file]));
  });
  // A container that has been created and not started carries no mark yet.
  for (const { lab, init } of containers) {
    if (init !== null && isAlive(fs, init)) processes.set(`${init.pid}`, { pid: init.pid, lab });
  }

  return Promise.resolve([
    ...[...processes.values()]
      .sort((a, b) => a.pid - b.pid)
      .map(({ pid, lab }) =>
        found('process', lab, String(pid), ['ps', '-p', String(pid), '-o', 'pid,lstart,args']),
      ),
    ...containers.map(({ lab, root, id }) =>
      found('container', lab, join(root, id), ['runc', '--root', root, 'state', id]),
    ),
    ...daemons,
    ...mounts,
    ...links,
    ...groups.map(({ lab, path }) => found('cgroup', lab, path, ['ls', '-ldi', path])),
    ...directories.map(({ lab, path }) => found('file', lab, path, ['ls', '-la', path])),
  ]);
}
