// The check `process`: an actor lives or has ended, its number inside, how many are with it and below it.
import { z } from 'zod';
import { type Reading, unread } from '../../kernel/reading.ts';
import { type CheckKind, type Finding, isDead, link, nameOf, processOf, verdictOf, whyNot } from './check.ts';
import { common, id } from './form.ts';
import { CHECKS } from './messages.ts';

const count = z.number().int().min(1).optional();

const form = z.strictObject({
  check: z.literal('process'),
  ...common,
  of: id,
  alive: z.boolean().optional(),
  /** One letter of proc_pid_stat(5): T where it is stopped, Z for a zombie. */
  state: z
    .string()
    .regex(/^[A-Za-z]$/)
    .optional(),
  /** The last number of NSpid. */
  pidInside: count,
  /** At least this many processes in the actor's pid namespace. */
  atLeast: count,
  /** At least this many living processes have the actor as their parent. */
  children: count,
});

export const process: CheckKind<z.infer<typeof form>> = {
  form,
  facts: ['alive', 'state', 'pidInside', 'atLeast', 'children'],
  names: [{ field: 'of', kind: 'actor', host: true }],
  look(check, context, t) {
    const known = context.actors.get(check.of);
    const found = processOf(check.of, context);
    const of = nameOf(check.of, t);
    const findings: Finding[] = [];
    // What must be gone must first have been there: an actor that was never started is neither alive nor ended.
    const missing = known ? null : t(CHECKS.noActor, { of });
    const pid = known?.actor.pid ?? check.of;
    if (check.alive !== undefined) {
      const dead = isDead(found);
      findings.push({
        verdict:
          missing === null ? (dead === check.alive ? 'fail' : 'pass') : check.alive ? 'fail' : 'unknown',
        label: t(check.alive ? CHECKS.aliveLabel : CHECKS.deadLabel, { of }),
        expected: t(check.alive ? CHECKS.alive : CHECKS.dead),
        seen:
          missing ??
          (found === null
            ? t(CHECKS.dead)
            : dead
              ? t(CHECKS.zombie)
              : t(CHECKS.aliveState, { pid, state: found.state })),
        proof: `ps -o pid,stat,comm -p ${pid}`,
      });
    }
    if (check.state !== undefined) {
      findings.push({
        verdict: found?.state === check.state ? 'pass' : 'fail',
        label: t(CHECKS.stateLabel, { of, state: check.state }),
        expected: t(CHECKS.stateExpected, { state: check.state }),
        seen:
          missing ?? (found === null ? t(CHECKS.dead) : t(CHECKS.aliveState, { pid, state: found.state })),
        proof: `grep State /proc/${pid}/status`,
      });
    }
    if (check.pidInside !== undefined) {
      const reading: Reading<readonly number[]> =
        found === null
          ? unread('gone', `/proc/${pid}/status`)
          : (found.nspid ?? { ok: true, value: [found.pid] });
      findings.push({
        verdict: reading.ok
          ? reading.value.at(-1) === check.pidInside
            ? 'pass'
            : 'fail'
          : verdictOf(reading),
        label: t(CHECKS.pidLabel, { of, pid: check.pidInside }),
        expected: t(CHECKS.pidExpected, { pid: check.pidInside }),
        seen: reading.ok
          ? t(CHECKS.pidSeen, { pids: reading.value.join(' ') })
          : (whyNot(reading, check.of, context, t) ?? ''),
        proof: `grep NSpid /proc/${pid}/status`,
      });
    }
    if (check.atLeast !== undefined) {
      const reading = link(check.of, 'pid', context);
      const count = reading.ok
        ? context.now.processes.filter(
            (one) => !isDead(one) && one.ns.pid.ok && one.ns.pid.value === reading.value,
          ).length
        : 0;
      findings.push({
        verdict: reading.ok ? (count >= check.atLeast ? 'pass' : 'fail') : verdictOf(reading),
        label: t(CHECKS.countLabel, { of, count: check.atLeast }),
        expected: t(CHECKS.atLeast, { count: check.atLeast }),
        seen: reading.ok ? t(CHECKS.countSeen, { count }) : (whyNot(reading, check.of, context, t) ?? ''),
        proof: `lsns ${reading.ok ? reading.value : '-t pid'}`,
      });
    }
    if (check.children !== undefined) {
      const children = isDead(found)
        ? []
        : context.now.processes.filter((one) => !isDead(one) && one.ppid === known?.actor.pid);
      findings.push({
        verdict: missing === null && children.length >= check.children ? 'pass' : 'fail',
        label: t(CHECKS.childrenLabel, { of, count: check.children }),
        expected: t(CHECKS.atLeast, { count: check.children }),
        seen: missing ?? t(CHECKS.countSeen, { count: children.length }),
        proof: `ps -o pid,ppid,stat,comm --ppid ${pid}`,
      });
    }
    return findings;
  },
};
