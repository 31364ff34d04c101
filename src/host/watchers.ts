// Reads what conmon's command lines tell (podman, CRI-O): one conmon watches one container, and one more each exec session (conmon(8)).
// containerd's shims are bundles.ts'; monitors of LXC and nspawn are known by their groups (model/layouts.ts).
import type { RuntimeRecord } from '../model/runtime.ts';
import type { Process, ProcessRef } from '../model/types.ts';
import type { HostFs } from './fs.ts';
import { withCmdline } from './processes.ts';

export const CONMON_COMM = 'conmon';

export function refOf(process: Process): ProcessRef {
  return { pid: process.pid, starttime: process.starttime };
}

/** Whose engine a watching process belongs to: its own user; null where that could not be read. */
export function userOf(process: Process): number | null {
  return process.uid.ok ? process.uid.value : null;
}

/** The words of a process' command line, and the first value of an option of it. Both are empty where it is refused. */
export function cmdlineOf(
  fs: HostFs,
  process: Process,
): { readonly words: readonly string[]; readonly first: (...names: readonly string[]) => string | null } {
  const { cmdline } = withCmdline(fs, process);
  const words = cmdline?.ok ? cmdline.value : [];
  return {
    words,
    first: (...names) => {
      for (const [at, word] of words.entries()) {
        if (names.includes(word)) return words[at + 1] ?? null;
        const name = names.find((option) => word.startsWith(`${option}=`));
        if (name !== undefined) return word.slice(name.length + 1);
      }
      return null;
    },
  };
}

/** One record for each container that a living conmon watches, with its exec sessions. */
export function readConmons(fs: HostFs, processes: readonly Process[]): readonly RuntimeRecord[] {
  const records: RuntimeRecord[] = [];
  const sessions: { readonly id: string; readonly user: number | null; readonly conmon: number }[] = [];
  for (const conmon of processes) {
    if (conmon.kernelThread || conmon.comm !== CONMON_COMM) continue;
    const { words, first } = cmdlineOf(fs, conmon);
    const id = first('-c', '--cid');
    if (id === null || id === '') continue;
    const user = userOf(conmon);
    if (words.some((word) => EXEC.includes(word.split('=')[0] ?? ''))) {
      sessions.push({ id, user, conmon: conmon.pid });
      continue;
    }
    const name = first('-n', '--name');
    const crio = name?.startsWith('k8s_') === true || words.some((word) => /\/crio(?:\/|$)/.test(word));
    records.push({
      id,
      engine: crio ? 'crio' : 'podman',
      namespace: null,
      shim: refOf(conmon),
      user,
      source: 'shim',
      bundle: first('-b', '--bundle'),
      first: null,
      cgroupPaths: [],
      execs: [],
      ...(crio ? crioName(name) : { name, pod: null, sandbox: false }),
      image: null,
    });
  }
  return records.map((record) => {
    const watchers = sessions.filter(({ id, user }) => id === record.id && user === record.user);
    const pids = new Set(watchers.map(({ conmon }) => conmon));
    return { ...record, execs: processes.filter(({ ppid }) => pids.has(ppid)).map(refOf) };
  });
}

/** Options that a conmon has only where it watches an exec session. */
const EXEC = ['-e', '--exec', '--exec-attach', '--exec-process-spec'];

/** CRI-O's names: k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT, with POD as the container of the sandbox (the kubelet's old form). */
function crioName(name: string | null): Pick<RuntimeRecord, 'name' | 'pod' | 'sandbox'> {
  const match = /^k8s_(?<container>[^_]+)_(?<pod>[^_]+)_(?<namespace>[^_]+)_(?<uid>[^_]+)_\d+$/.exec(
    name ?? '',
  );
  const { container, pod, namespace, uid } = match?.groups ?? {};
  if (container === undefined) return { name, pod: null, sandbox: false };
  return {
    name: container,
    pod: { uid: uid ?? null, namespace: namespace ?? null, name: pod ?? null },
    sandbox: container === 'POD',
  };
}
