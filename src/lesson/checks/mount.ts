// The check `mount`: what mountinfo says of one path in the mount namespace of an actor or of the host (proc_pid_mountinfo(5)).
import { z } from 'zod';
import type { MountSeen } from '../../lab/questions.ts';
import { clean } from '../../text/sanitize.ts';
import { asked, type CheckKind, type Finding, nameOf, pidOf, verdictOf, whyNot } from './check.ts';
import { FILE_CHECKS } from './file-messages.ts';
import { common, id, path } from './form.ts';

const form = z.strictObject({
  check: z.literal('mount'),
  ...common,
  of: id,
  target: path,
  present: z.boolean().optional(),
  fstype: z.string().min(1).optional(),
  source: z.string().min(1).optional(),
  /** One of the mount's own options (`ro`, `nosuid`). */
  option: z.string().min(1).optional(),
  /** shared: has peers to which mounts go; slave: gets and does not give; private: neither. */
  propagation: z.enum(['shared', 'slave', 'private']).optional(),
});

/** A mount that is both shared and a slave gives and gets: it counts as shared. */
function propagationOf({ propagation }: MountSeen): 'shared' | 'slave' | 'private' {
  const has = (word: string) => propagation.some((field) => field.startsWith(word));
  if (has('shared:')) return 'shared';
  return has('master:') ? 'slave' : 'private';
}

export const mount: CheckKind<z.infer<typeof form>> = {
  form,
  facts: ['present', 'fstype', 'source', 'option', 'propagation'],
  names: [{ field: 'of', kind: 'actor', host: true }],
  texts: ['target'],
  async look(check, context, t) {
    const now = await asked<'mounts'>({ ask: 'mounts', of: check.of, target: check.target }, context);
    const at = clean(now.ok ? now.value.path : check.target);
    // A later mount covers the ones before it.
    const top = now.ok ? now.value.mounts.at(-1) : undefined;
    const none = t(FILE_CHECKS.noMount, { path: at });
    const shown =
      top === undefined
        ? none
        : t(FILE_CHECKS.seen, {
            fstype: clean(top.fstype),
            options: top.options.join(','),
            propagation: top.propagation.join(' ') || propagationOf(top),
          });
    const values = { of: nameOf(check.of, t), path: at };
    const finding = (label: string, expected: string, holds: boolean): Finding => ({
      verdict: now.ok ? (holds ? 'pass' : 'fail') : verdictOf(now),
      label,
      expected,
      seen: now.ok ? shown : (whyNot(now, check.of, context, t) ?? ''),
      proof: `grep ' ${at} ' /proc/${pidOf(check.of, context)}/mountinfo`,
    });
    const findings: Finding[] = [];
    if (check.present !== undefined) {
      const label = t(check.present ? FILE_CHECKS.mounted : FILE_CHECKS.notMounted, values);
      const expected = check.present ? t(FILE_CHECKS.aMount, { path: at }) : none;
      findings.push(finding(label, expected, (top !== undefined) === check.present));
    }
    if (check.fstype !== undefined) {
      const label = t(FILE_CHECKS.fstype, { ...values, fstype: check.fstype });
      findings.push(finding(label, check.fstype, top?.fstype === check.fstype));
    }
    if (check.source !== undefined) {
      const label = t(FILE_CHECKS.source, { ...values, source: check.source });
      findings.push(finding(label, check.source, top?.source === check.source));
    }
    if (check.option !== undefined) {
      const label = t(FILE_CHECKS.option, { ...values, option: check.option });
      findings.push(finding(label, check.option, top?.options.includes(check.option) === true));
    }
    if (check.propagation !== undefined) {
      const label = t(FILE_CHECKS.propagation, { ...values, propagation: check.propagation });
      const holds = top !== undefined && propagationOf(top) === check.propagation;
      findings.push(finding(label, check.propagation, holds));
    }
    return findings;
  },
};
