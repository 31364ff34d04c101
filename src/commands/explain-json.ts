// `nscope explain --json` about a process or a container: the same story as plain values, with what could not be read as null and in coverage.
import { besideDockers, capabilityNames, CAPABILITY_SETS } from '../kernel/capabilities.ts';
import type { Reading } from '../kernel/reading.ts';
import { optionsOf, type StoryFacts } from '../model/explain/facts.ts';
import { mountStory } from '../model/explain/mounts.ts';
import { namespaceStories } from '../model/explain/namespaces.ts';
import { whoIs } from '../model/explain/who.ts';
import { insidePid } from '../model/inside.ts';
import { commandOf } from '../model/tree.ts';
import type { Confinement } from '../model/confinement.ts';
import type { ToldOption } from '../model/docker-options/index.ts';
import type { Snapshot, UnreadEntry } from '../model/types.ts';
import { clean } from '../text/sanitize.ts';
import type { Context } from './context.ts';
import { controllersJson } from './groups.ts';

type Plain = <T>(reading: Reading<T> | null) => T | null;

/** Prints it. `target`: the kind of what was asked for. */
export function storyJson(context: Context, snapshot: Snapshot, target: string, facts: StoryFacts): void {
  const unread = new Map<string, UnreadEntry>();
  const plain: Plain = (reading) => {
    if (reading === null) return null;
    if (reading.ok) return reading.value;
    unread.set(`${reading.path} ${reading.why}`, { path: clean(reading.path), why: reading.why });
    return null;
  };
  const { process, container, confinement, inspect, config } = facts;
  const groups = controllersJson(facts.controllers);
  const who = process ? whoIs(snapshot, process) : null;
  const story = {
    target: { kind: target, pid: process?.pid ?? null, container: container?.id ?? null },
    process: process &&
      who && {
        pid: process.pid,
        insidePid: plain(insidePid(process)),
        starttime: process.starttime,
        state: process.state,
        uid: plain(process.uid),
        command: commandOf(process),
        part: who.part,
        parents: who.parents.map(({ pid, starttime, comm }) => ({ pid, starttime, comm })),
      },
    container: container && {
      id: container.id,
      name: container.name,
      engine: container.engine,
      image: container.image,
      state: plain(inspect)?.state ?? null,
    },
    namespaces: process
      ? namespaceStories(snapshot, process).map((row) => ({
          ...row,
          inode: plain(row.inode),
          host: plain(row.host),
          meaning: row.meaning[context.lang],
        }))
      : [],
    confinement: confinement && confinementJson(confinement, plain),
    controllers: groups.json,
    configPath: plain(config)?.path ?? null,
    options: optionsOf(snapshot, facts).map((told) => optionJson(context, told, plain)),
  };
  const coverage = {
    ...snapshot.coverage,
    unread: [...snapshot.coverage.unread, ...groups.unread, ...unread.values()],
  };
  context.printJson(story, coverage);
}

function confinementJson(confinement: Confinement, plain: Plain): Record<string, unknown> {
  const status = plain(confinement.status);
  const bounding = status?.capabilities.bounding ?? null;
  const mounts = plain(confinement.mounts);
  const story = mounts && mountStory(mounts);
  return {
    uids: status?.uids ?? null,
    gids: status?.gids ?? null,
    groups: status?.groups ?? null,
    uidMap: plain(confinement.uidMap),
    gidMap: plain(confinement.gidMap),
    setgroups: plain(confinement.setgroups),
    capabilities:
      status &&
      Object.fromEntries(
        CAPABILITY_SETS.map((set) => {
          const found = status.capabilities[set];
          return [set, found === null ? null : capabilityNames(found)];
        }),
      ),
    besideDockersDefault: bounding === null ? null : besideDockers(bounding),
    seccomp: status?.seccomp ?? null,
    seccompFilters: status?.seccompFilters ?? null,
    noNewPrivs: status?.noNewPrivs ?? null,
    label: plain(confinement.label),
    oomScoreAdj: plain(confinement.oomScoreAdj),
    root: plain(confinement.root),
    cwd: plain(confinement.cwd),
    mounts:
      story &&
      story.notable.map(({ kind, mount }) => ({
        kind,
        mountPoint: mount.mountPoint,
        root: mount.root,
        fstype: mount.fstype,
        options: mount.options,
      })),
    mountCount: story && story.count,
  };
}

function optionJson({ lang }: Context, told: ToldOption, plain: Plain): Record<string, unknown> {
  const { option, asked, configured, kernel, verdict, note } = told;
  return {
    flag: option.flag,
    field: option.field,
    oci: option.oci,
    v1: option.v1,
    v2: option.v2,
    maps: option.maps[lang],
    asked,
    configured,
    kernel: kernel.map(({ name, value, proof }) => ({ name, value: plain(value), proof })),
    verdict,
    note: note && note[lang],
  };
}
