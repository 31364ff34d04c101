// Small hosts made of text, for tests: a map of paths to contents and links becomes a HostFs, and a few processes become files.
import type { HostFs } from '../../src/host/fs.ts';
import type { Host } from '../../src/host/host.ts';
import { type Entry, type Recording, recordedFs } from '../../src/host/recorded-fs.ts';
import { recordedRelations } from '../../src/host/relations-text.ts';
import { NS_TYPES, type NsType } from '../../src/kernel/namespaces.ts';
import type { Why } from '../../src/kernel/reading.ts';

export interface FakeProcess {
  readonly pid: number;
  readonly ppid?: number;
  readonly comm?: string;
  readonly state?: string;
  readonly starttime?: number;
  readonly flags?: number;
  readonly uid?: number;
  /** Inodes that are not the host's; `denied` or `gone` for a link that the kernel refuses. */
  readonly ns?: Readonly<Partial<Record<NsType, number | Why>>>;
  readonly cgroup?: string;
  readonly cmdline?: readonly string[];
  readonly nspid?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
}

/** The inodes of the host's own namespaces in these texts: the fixed ones of include/linux/proc_ns.h, made up for mnt and net. */
export const HOST_NS: Readonly<Record<NsType, number>> = {
  mnt: 4026531832,
  cgroup: 0xeffffffb,
  uts: 0xeffffffe,
  ipc: 0xefffffff,
  user: 0xeffffffd,
  pid: 0xeffffffc,
  net: 4026531833,
  time: 0xeffffffa,
};

/** The links of a thread, for `links` of its process; inodes that are not the host's in `ns`. */
export function threadOf(
  tid: number,
  ns: Readonly<Partial<Record<NsType, number>>> = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    NS_TYPES.map((type) => [`task/${tid}/ns/${type}`, `${type}:[${ns[type] ?? HOST_NS[type]}]`]),
  );
}

function statLine(process: FakeProcess): string {
  const fields = [process.state ?? 'S', process.ppid ?? 0, 1, 1, 0, -1, process.flags ?? 0];
  // Fields 10 to 21, then starttime.
  return `${process.pid} (${process.comm ?? 'sleep'}) ${[...fields, ...Array(12).fill(0), process.starttime ?? process.pid * 10, 0, 0].join(' ')}\n`;
}

/** A recording made of these processes and further files; `links` and `unread` by absolute path. */
export function recordingOf(
  processes: readonly FakeProcess[],
  files: Readonly<Record<string, string>> = {},
): Recording {
  const entries = new Map<string, Entry>();
  const stats = new Map<string, { dev: number; ino: number; uid: number; directory: boolean }>();
  const file = (path: string, content: string) => entries.set(path, { kind: 'file', content });
  for (const process of processes) {
    const dir = `/proc/${process.pid}`;
    stats.set(dir, { dev: 1, ino: process.pid, uid: process.uid ?? 0, directory: true });
    file(`${dir}/stat`, statLine(process));
    file(`${dir}/cgroup`, process.cgroup ?? '0::/\n');
    file(
      `${dir}/status`,
      `Name:\t${process.comm ?? 'sleep'}\nUid:\t0\t0\t0\t0\nNSpid:\t${process.nspid ?? process.pid}\nThreads:\t1\n`,
    );
    if (process.cmdline) file(`${dir}/cmdline`, process.cmdline.map((word) => `${word}\0`).join(''));
    for (const type of NS_TYPES) {
      const inode = process.ns?.[type] ?? HOST_NS[type];
      entries.set(
        `${dir}/ns/${type}`,
        typeof inode === 'number'
          ? { kind: 'link', target: `${type}:[${inode}]` }
          : { kind: 'unread', why: inode },
      );
    }
    for (const [name, content] of Object.entries(process.files ?? {})) file(`${dir}/${name}`, content);
    for (const [name, target] of Object.entries(process.links ?? {}))
      entries.set(`${dir}/${name}`, { kind: 'link', target });
  }
  for (const [path, content] of Object.entries(files)) file(path, content);
  return { title: 'made of text', entries, stats };
}

/** The same as a host that `takeSnapshot` reads. */
export function hostOf(recording: Recording): Host {
  const fs: HostFs = recordedFs(recording);
  return { fs, relations: recordedRelations(fs), self: 0, uid: 0 };
}
