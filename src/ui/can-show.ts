// Whether a terminal can show the program at all. It decides nothing about size: a small window may grow.

export type Showable = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Needs a terminal on both ends, and one that can place text (TERM=dumb or none cannot). */
export function canShow(
  env: Readonly<Record<string, string | undefined>>,
  stdin: { readonly isTTY?: boolean },
  stdout: { readonly isTTY?: boolean },
): Showable {
  if (stdin.isTTY !== true) return { ok: false, reason: 'stdin is not a terminal' };
  if (stdout.isTTY !== true) return { ok: false, reason: 'stdout is not a terminal' };
  const term = env['TERM'] ?? '';
  if (term === '' || term === 'dumb') return { ok: false, reason: `TERM=${term} cannot place text` };
  return { ok: true };
}
