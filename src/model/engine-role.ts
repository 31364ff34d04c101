// What part of an engine a process is by its comm, and the options of its command line. Anybody can take such a name: who believes it asks for more.
import type { Process } from './types.ts';

/** comm is cut to 15 bytes, which ends `containerd-shim-runc-v2` there. */
export const SHIM_COMM = 'containerd-shim';

export type EngineRole = 'dockerd' | 'containerd' | 'crio' | 'shim';

/** A process' part by its comm; `shim` for conmon too. The tree believes only shims that have a container. */
export function engineRole(process: Process): EngineRole | null {
  if (process.kernelThread) return null;
  const { comm } = process;
  if (comm === 'dockerd' || comm === 'containerd' || comm === 'crio') return comm;
  return comm.startsWith(SHIM_COMM) || comm === 'conmon' ? 'shim' : null;
}

/** Every value of `--name X`, `--name=X` or, as containerd's shims write it, `-name X`, in order. */
export function optionsOf(process: Process, ...names: readonly string[]): readonly string[] {
  const words = process.cmdline?.ok ? process.cmdline.value : [];
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    if (names.includes(word)) return next === undefined ? [] : [next];
    const name = names.find((option) => word.startsWith(`${option}=`));
    return name === undefined ? [] : [word.slice(name.length + 1)];
  });
}

/** The first of them. */
export function optionOf(process: Process, ...names: readonly string[]): string | null {
  return optionsOf(process, ...names)[0] ?? null;
}
