// Tries whether namespaces can be made here, and so in which mode a lab can work. Leaves nothing behind.
import { run } from '../host/exec.ts';
import type { LabMode } from './types.ts';

/** Runs a tool; null when it succeeds, else its first line of complaint. */
export async function complaint(argv: readonly string[]): Promise<string | null> {
  const [file = '', ...args] = argv;
  const { exitCode, stderr } = await run(file, args, { timeoutMs: 5000 });
  return exitCode === 0 ? null : (stderr.split('\n')[0] ?? `status ${exitCode}`) || `status ${exitCode}`;
}

export const isRoot = () => process.getuid?.() === 0;
/** A UTS namespace by root: null when it was made, else the complaint. */
export const tryRoot = () => complaint(['unshare', '--uts', 'true']);
/** The whole way: on some hosts unshare(2) succeeds and the write of uid_map, or the first mount, is refused. */
export const tryUserNamespace = () =>
  complaint([
    'unshare',
    '--user',
    '--map-root-user',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    'true',
  ]);

/** The mode that labs can have here, root where it can be; null where nothing can be made. Tried by doing. */
export async function labMode(): Promise<LabMode | null> {
  if (isRoot() && (await tryRoot()) === null) return 'root';
  return (await tryUserNamespace()) === null ? 'rootless' : null;
}
