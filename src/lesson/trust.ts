// Which lessons from elsewhere were said yes to, by the hash of their files, in trusted.json of the state directory. Asks nobody.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Lesson } from './types.ts';

const trustedSchema = z.object({
  format: z.literal(1),
  /** Digest to what was trusted under it. */
  lessons: z.record(
    z.string().regex(/^[0-9a-f]{64}$/),
    z.object({ id: z.string(), folder: z.string(), at: z.string() }),
  ),
});

type Trusted = z.infer<typeof trustedSchema>;

function trustFile(stateDir: string): string {
  return join(stateDir, 'trusted.json');
}

/** A file that cannot be read or is something else trusts nothing: then everything is asked anew. */
async function loadTrusted(stateDir: string): Promise<Trusted> {
  try {
    return trustedSchema.parse(JSON.parse(await readFile(trustFile(stateDir), 'utf8')));
  } catch {
    return { format: 1, lessons: {} };
  }
}

/** Those of the lessons that come from elsewhere and were not said yes to in just this form. */
export async function untrusted(lessons: readonly Lesson[], stateDir: string): Promise<readonly Lesson[]> {
  const { lessons: known } = await loadTrusted(stateDir);
  return lessons.filter(({ foreign, digest }) => foreign && known[digest] === undefined);
}

/** Remembers the yes; `at` in ISO 8601. Throws what the file system says. */
export async function trust(lessons: readonly Lesson[], stateDir: string, at: string): Promise<void> {
  const known = await loadTrusted(stateDir);
  const more = lessons.map(({ digest, id, folder }) => [digest, { id, folder, at }] as const);
  const next: Trusted = { format: 1, lessons: { ...known.lessons, ...Object.fromEntries(more) } };
  await mkdir(stateDir, { recursive: true });
  await writeFileAtomic(trustFile(stateDir), `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
}
