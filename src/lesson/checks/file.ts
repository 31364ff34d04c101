// The check `file`: what is at a path, as an actor or the host sees it. The last component is not followed.
import { z } from 'zod';
import { FILE_KINDS, type FileSeen } from '../../lab/questions.ts';
import { clean } from '../../text/sanitize.ts';
import {
  asked,
  type CheckContext,
  type CheckKind,
  type Finding,
  nameOf,
  pidOf,
  verdictOf,
  whyNot,
} from './check.ts';
import { FILE_CHECKS } from './file-messages.ts';
import { common, id, path } from './form.ts';

const form = z.strictObject({
  check: z.literal('file'),
  ...common,
  of: id,
  path,
  exists: z.boolean().optional(),
  kind: z.enum(FILE_KINDS).optional(),
  /** In the first lines of a regular file. */
  contains: z.string().min(1).optional(),
  /** `major:minor` of a device. */
  device: z
    .string()
    .regex(/^\d+:\d+$/)
    .optional(),
  /** The same device and inode as this path of `than`, the host if not given. */
  sameAs: path.optional(),
  than: id.optional(),
});

type Form = z.infer<typeof form>;

/** The command by which a person sees it. */
function proofOf(of: string, at: string, context: CheckContext): string {
  if (of === 'host') return `ls -ldi ${at}`;
  return `ls -ldi /proc/${pidOf(of, context)}/root${at}`;
}

const identity = (seen: FileSeen) => (seen.exists ? { dev: seen.dev, ino: seen.ino } : null);

export const file: CheckKind<Form> = {
  form,
  facts: ['exists', 'kind', 'contains', 'device', 'sameAs'],
  names: [
    { field: 'of', kind: 'actor', host: true },
    { field: 'than', kind: 'actor', host: true },
  ],
  texts: ['path', 'sameAs'],
  async look(check, context, t) {
    const now = await asked<'file'>({ ask: 'file', of: check.of, path: check.path }, context);
    const seen = now.ok ? now.value : null;
    const at = seen?.path ?? check.path;
    const names = { of: nameOf(check.of, t), path: clean(at) };
    const finding = (label: string, expected: string, shown: string, holds: boolean): Finding => ({
      verdict: now.ok ? (holds ? 'pass' : 'fail') : verdictOf(now),
      label,
      expected,
      seen: now.ok ? shown : (whyNot(now, check.of, context, t) ?? ''),
      proof: proofOf(check.of, at, context),
    });
    const absent = t(FILE_CHECKS.notThere);
    const findings: Finding[] = [];
    if (check.exists !== undefined) {
      findings.push(
        finding(
          t(check.exists ? FILE_CHECKS.exists : FILE_CHECKS.absent, names),
          check.exists ? t(FILE_CHECKS.there) : absent,
          seen?.exists === true ? t(FILE_CHECKS.there) : absent,
          seen?.exists === check.exists,
        ),
      );
    }
    if (check.kind !== undefined) {
      const kind = seen?.exists === true ? seen.kind : null;
      const label = t(FILE_CHECKS.kind, { ...names, kind: check.kind });
      findings.push(finding(label, check.kind, kind ?? absent, kind === check.kind));
    }
    if (check.contains !== undefined) {
      const text = seen?.exists === true ? seen.text : null;
      const [line = ''] = (text ?? '').split('\n');
      const shown = seen?.exists !== true ? absent : text === null ? t(FILE_CHECKS.noText) : clean(line);
      const label = t(FILE_CHECKS.contains, { ...names, text: check.contains });
      findings.push(finding(label, check.contains, shown, text?.includes(check.contains) === true));
    }
    if (check.device !== undefined) {
      const device = seen?.exists === true ? (seen.device ?? seen.kind) : absent;
      const label = t(FILE_CHECKS.device, { ...names, device: check.device });
      findings.push(finding(label, check.device, device, device === check.device));
    }
    if (check.sameAs !== undefined) findings.push(await sameness(check, check.sameAs));
    return findings;

    async function sameness({ than = 'host' }: Form, path: string): Promise<Finding> {
      const other = await asked<'file'>({ ask: 'file', of: than, path }, context);
      const values = { ...names, other: clean(other.ok ? other.value.path : path), than: nameOf(than, t) };
      const label = t(FILE_CHECKS.same, values);
      const its = other.ok ? identity(other.value) : null;
      const own = seen === null ? null : identity(seen);
      const expected = its ? t(FILE_CHECKS.identity, its) : absent;
      const shown = own ? t(FILE_CHECKS.identity, own) : absent;
      if (other.ok) {
        return finding(label, expected, shown, its !== null && own?.dev === its.dev && own.ino === its.ino);
      }
      const refused = whyNot(other, than, context, t) ?? '';
      return { ...finding(label, '?', shown, false), verdict: verdictOf(other), seen: refused };
    }
  },
};
