// Paths behind /proc/PID/root and /proc/PID/cwd as their process means them: an absolute symbolic link in there would lead into our own root
// (path_resolution(7)), and a container's files would be ours. Resolves links, opens nothing.
import { readlinkSync } from 'node:fs';

/** MAXSYMLINKS of the kernel: a longer chain is a loop. */
const MOST_LINKS = 40;

const BEHIND = /^(\/proc\/(?:[^/]+\/task\/)?[^/]+\/)(root|cwd)\/(.+)$/;

/**
 * The same file without a symbolic link on its way, below the root of its process; any other path as it is. `last`: whether the last
 * component is followed too (not for readlink(2) itself). A path that cannot be walked is returned as it is, for the kernel to refuse.
 */
export function behindRoot(path: string, last: boolean): string {
  const [, proc, start, below] = BEHIND.exec(path) ?? [];
  if (proc === undefined || start === undefined || below === undefined) return path;
  let base = `${proc}${start}`;
  let done: string[] = [];
  const todo = below.split('/').filter(isStep);
  for (let links = 0; todo.length > 0; ) {
    const step = todo.shift() ?? '';
    if (step === '..') {
      // Above the working directory it is the kernel's to walk: cwd need not be below root.
      if (done.length === 0 && base.endsWith('/cwd')) return path;
      done.pop();
      continue;
    }
    const target = todo.length === 0 && !last ? null : linkAt([base, ...done, step].join('/'));
    if (target === null) {
      done.push(step);
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return path;
    if (target.startsWith('/')) {
      base = `${proc}root`;
      done = [];
    }
    todo.unshift(...target.split('/').filter(isStep));
  }
  return [base, ...done].join('/');
}

function isStep(part: string): boolean {
  return part !== '' && part !== '.';
}

/** null for what is no link, or cannot be looked at. */
function linkAt(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
