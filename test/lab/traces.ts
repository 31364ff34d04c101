// Looks for traces of a lab by reading the kernel's own files, with nothing of src/: the independent witness of the lab's tests.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every trace of this lab id: processes by environment, cgroups and interfaces by name, mounts, its directory. Empty when nothing is left. */
export function tracesOf(lab: string, stateDir: string): string[] {
  return [
    ...markedPids(lab).map((pid) => `process ${pid}`),
    ...cgroupsNamed(`nscope-${lab}`).map((path) => `cgroup ${path}`),
    ...readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(lab)),
    ...readFileSync('/proc/self/net/dev', 'utf8')
      .split('\n')
      .filter((line) => line.includes(`ns-${lab}-`))
      .map((line) => `link ${line.trim().split(':')[0] ?? ''}`),
    ...['', '.'].flatMap((dot) =>
      existsSync(join(stateDir, 'labs'))
        ? readdirSync(join(stateDir, 'labs')).filter((name) => name.startsWith(`${dot}${lab}`))
        : [],
    ),
  ];
}

export function markedPids(lab: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(`NSCOPE_LAB=${lab}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Directories of this name anywhere below /sys/fs/cgroup. */
export function cgroupsNamed(name: string, at = '/sys/fs/cgroup'): string[] {
  const found: string[] = [];
  for (const entry of listed(at)) {
    if (entry.includes('.') && !entry.includes('slice') && !entry.includes('scope')) continue;
    const path = join(at, entry);
    if (!isDirectory(path)) continue;
    if (entry === name) found.push(path);
    found.push(...cgroupsNamed(name, path));
  }
  return found;
}

function listed(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
