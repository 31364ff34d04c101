// Reads what confines one process beside its namespaces and control groups, and the configuration that its container was made from.
// All of it as Readings: another's files need the rights of ptrace(2), and a recording holds them for containers alone.
import { parseLimits } from '../kernel/proc/limits.ts';
import { parseMountinfo } from '../kernel/proc/mountinfo.ts';
import { parseStatus } from '../kernel/proc/status.ts';
import { parseIdMap } from '../kernel/proc/uid-map.ts';
import { type Reading, unread, value } from '../kernel/reading.ts';
import type { Confinement, ContainerConfig } from '../model/confinement.ts';
import type { Container, ProcessRef } from '../model/types.ts';
import { parseConfig } from '../oci/config.ts';
import { ParseError } from '../text/errors.ts';
import { clean } from '../text/sanitize.ts';
import type { HostFs } from './fs.ts';

/** A file through its parser; one of another form is `unsupported`: the rest of the answer stands without it. */
function parsed<T>(fs: HostFs, path: string, parse: (text: string, path: string) => T): Reading<T> {
  const text = fs.readText(path);
  if (!text.ok) return text;
  try {
    return value(parse(text.value, path));
  } catch (error) {
    if (error instanceof ParseError) return unread('unsupported', path);
    throw error;
  }
}

/**
 * The confinement of the process that has this pid now. Every part may be denied by itself: status and limits are anybody's to read, maps and
 * labels mostly so, mounts, root and cwd need PTRACE_MODE_READ_FSCREDS (proc(5)). Nothing of environ, maps or smaps is touched.
 */
export function readConfinement(fs: HostFs, of: ProcessRef): Confinement {
  const at = (name: string) => `/proc/${of.pid}/${name}`;
  return {
    of: { pid: of.pid, starttime: of.starttime },
    status: parsed(fs, at('status'), parseStatus),
    uidMap: parsed(fs, at('uid_map'), parseIdMap),
    gidMap: parsed(fs, at('gid_map'), parseIdMap),
    setgroups: parsed(fs, at('setgroups'), setgroupsOf),
    label: parsed(fs, at('attr/current'), (text) => clean(text.replace(/[\0\n]+$/, ''))),
    mounts: parsed(fs, at('mountinfo'), parseMountinfo),
    root: fs.readLink(at('root')),
    cwd: fs.readLink(at('cwd')),
    oomScoreAdj: parsed(fs, at('oom_score_adj'), scoreOf),
    limits: parsed(fs, at('limits'), parseLimits),
  };
}

function setgroupsOf(text: string, path: string): 'allow' | 'deny' {
  const word = text.trim();
  if (word !== 'allow' && word !== 'deny') throw new ParseError(path, 'allow or deny', text);
  return word;
}

function scoreOf(text: string, path: string): number {
  if (!/^-?\d{1,4}\n?$/.test(text)) throw new ParseError(path, 'a number from -1000 to 1000', text);
  return Number(text);
}

/** The last capability of the kernel (capabilities(7), "/proc/sys/kernel/cap_last_cap"). */
export function readLastCapability(fs: HostFs): Reading<number> {
  return parsed(fs, '/proc/sys/kernel/cap_last_cap', (text, path) => {
    if (!/^\d{1,2}\n?$/.test(text)) throw new ParseError(path, 'the number of a capability', text);
    return Number(text);
  });
}

/**
 * Where the configuration of a container may be. Through the shim's cwd, which is the bundle whatever the mount namespaces; a shim that serves
 * several containers stands in another's bundle, and the own one is reached through its root.
 */
function configPaths(fs: HostFs, { shim, bundle }: Container): readonly string[] {
  const plain = bundle === null ? [] : [`${bundle}/config.json`];
  if (!shim) return plain;
  const cwd = fs.readLink(`/proc/${shim.pid}/cwd`);
  const isOwn = !cwd.ok || bundle === null || cwd.value.replace(/ \(deleted\)$/, '') === bundle;
  return isOwn ? [`/proc/${shim.pid}/cwd/config.json`] : plain.map((path) => `/proc/${shim.pid}/root${path}`);
}

/** config.json of the container's bundle; gone where no bundle is known, unsupported where the file has another form. */
export function readContainerConfig(fs: HostFs, container: Container): Reading<ContainerConfig> {
  let last: Reading<ContainerConfig> = unread('gone', `config.json of ${container.id}`);
  for (const path of configPaths(fs, container)) {
    last = parsed(fs, path, (text) => ({ path, config: parseConfig(text, path) }));
    if (last.ok) return last;
  }
  return last;
}
