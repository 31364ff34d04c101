// Preflight of what lessons about limits need: a cgroup that is made, a memory limit that is written, files that are page cache. Each is done
// once by way of a lab, so that it is in a ledger while it is there. Leaves nothing behind.
import type { HostFs } from '../host/fs.ts';
import { UserError } from '../text/errors.ts';
import { LANGS, type Lang, type Message, say } from '../text/lang.ts';
import { delegationOf, isDelegation } from './delegation.ts';
import { PREFLIGHT } from './messages.ts';
import { openLab } from './open.ts';
import type { GroupAnswer } from './questions.ts';
import { isWithin, ownMounts } from './tree.ts';
import type { Lab, LabMode } from './types.ts';

/** An answer that has no name yet: how it is met, or what is missing, in each language. */
export interface Tried {
  readonly ok: boolean;
  readonly message: Readonly<Record<Lang, string>>;
}

type Values = Readonly<Record<string, string | Readonly<Record<Lang, string>>>>;

/** A value can itself be a text in each language. */
function tried(ok: boolean, message: Message, values: Values = {}): Tried {
  const lines = LANGS.map((lang) => {
    const own = Object.entries(values).map(([key, one]) => [key, typeof one === 'string' ? one : one[lang]]);
    return [lang, say(lang, message, Object.fromEntries(own) as Record<string, string>)] as const;
  });
  return { ok, message: Object.fromEntries(lines) as Record<Lang, string> };
}

const both = (text: string): Readonly<Record<Lang, string>> => ({ en: text, 'zh-CN': text });

/** Why an ordinary user has no cgroup of his own to divide, and the one command that gives one. */
function noDelegation(fs: HostFs): Readonly<Record<Lang, string>> {
  const found = delegationOf(fs);
  if (isDelegation(found)) return both('');
  const message = {
    'no-v2': PREFLIGHT.cgroupNeedsV2,
    'not-ours': PREFLIGHT.cgroupNeedsScope,
    occupied: PREFLIGHT.cgroupOccupied,
  };
  const pid = found.why === 'occupied' ? String(found.pid) : '';
  return tried(false, message[found.why], { path: found.path, pid }).message;
}

/** Tries something in a lab that is closed again; what cannot be had is told in `not`, as {reason}. */
async function inLab(
  fs: HostFs,
  stateDir: string | null,
  mode: LabMode | null,
  not: Message,
  act: (lab: Lab) => Promise<Tried>,
): Promise<Tried> {
  if (mode === null || stateDir === null) return tried(false, not, { reason: PREFLIGHT.cgroupNeedsRoot });
  if (mode === 'rootless' && !isDelegation(delegationOf(fs))) {
    return tried(false, not, { reason: noDelegation(fs) });
  }
  try {
    const lab = await openLab({ stateDir, fs, mode });
    try {
      return await act(lab);
    } finally {
      await lab.close();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return tried(false, not, { reason: error.message });
  }
}

/** A group without a limit that matters, in each tree that has one. */
export function tryGroups(fs: HostFs, stateDir: string | null, mode: LabMode | null): Promise<Tried> {
  return inLab(fs, stateDir, mode, PREFLIGHT.cgroupNot, async (lab) => {
    const operation = { op: 'cgroup', name: 'preflight', limits: { 'pids.limit': '64' } } as const;
    const { shell } = lab.plan(operation);
    const paths = [...shell.matchAll(/^mkdir (\S+\/preflight)$/gm)].map(([, path = '']) => path);
    const { output } = await lab.perform(operation);
    const made = paths.filter((path) => fs.stat(path).ok);
    if (made.length === 0) {
      const why = output.find(({ stream }) => stream === 'note')?.text ?? shell;
      return tried(false, PREFLIGHT.cgroupNot, { reason: why });
    }
    return tried(true, PREFLIGHT.cgroupOk, { paths: paths.join(', ') });
  });
}

const LIMIT = 16n << 20n;

/** proc_swaps(5): a line for each area, after a heading. */
function swapIsOn(fs: HostFs): boolean {
  const text = fs.readText('/proc/swaps');
  return text.ok && text.value.trim().split('\n').length > 1;
}

/** A limit of memory that is really written, and of swap where there is any: else what passes the limit is swapped out, and nobody is killed. */
export function tryMemoryLimits(fs: HostFs, stateDir: string | null, mode: LabMode | null): Promise<Tried> {
  return inLab(fs, stateDir, mode, PREFLIGHT.memoryNot, async (lab) => {
    const limits = {
      'memory.limit': String(LIMIT),
      'memory.memorySwapLimit': String(LIMIT),
      'memory.swapLimit': '0',
    };
    const operation = { op: 'cgroup', name: 'preflight', limits } as const;
    const { output } = await lab.perform(operation);
    const answer = await lab.ask<'group'>(
      { ask: 'group', of: 'preflight', controller: 'memory' },
      AbortSignal.timeout(5000),
    );
    const told = output.filter(({ stream }) => stream === 'note').map(({ text }) => text);
    if (!answer.ok) return tried(false, PREFLIGHT.memoryNot, { reason: told[0] ?? answer.path });
    const { values, directory } = answer.value;
    const limit = values['limit'];
    if (!limit?.ok || BigInt(limit.value) !== LIMIT) {
      return tried(false, PREFLIGHT.memoryNot, { reason: told[0] ?? directory });
    }
    const on = swapIsOn(fs);
    if (on && !limitsSwap(answer.value)) {
      return tried(false, PREFLIGHT.memoryNot, { reason: PREFLIGHT.swapUnbound });
    }
    return tried(true, PREFLIGHT.memoryOk, {
      path: directory,
      swap: on ? PREFLIGHT.swapOn : PREFLIGHT.swapOff,
    });
  });
}

function limitsSwap({ values }: GroupAnswer): boolean {
  return ['memorySwapLimit', 'swapLimit'].some((key) => values[key]?.ok === true);
}

/** Whether what is read of a file below the state directory stays as page cache: files of tmpfs are memory themselves (tmpfs(5)). */
export function tryPageCache(fs: HostFs, stateDir: string | null): Tried {
  if (stateDir === null) return tried(false, PREFLIGHT.cacheNone);
  const mount = ownMounts(fs)
    .filter(({ mountPoint }) => isWithin(stateDir, mountPoint))
    .sort((a, b) => b.mountPoint.length - a.mountPoint.length)[0];
  const fstype = mount?.fstype ?? '?';
  const ok = mount !== undefined && !['tmpfs', 'ramfs'].includes(fstype);
  return tried(ok, ok ? PREFLIGHT.cacheOk : PREFLIGHT.cacheNot, { path: stateDir, fstype });
}
