// `nscope doctor`: what is wrong with this host, or with one target, each with its evidence, proof and next step. The rules: model/findings/.
import { confirmed } from '../host/diagnose.ts';
import { examine } from '../host/examine.ts';
import { type Examined, type Finding, type Subject, subjectName } from '../model/findings/finding.ts';
import { findingsOf } from '../model/findings/index.ts';
import { canTell } from '../model/findings/leaked-namespace.ts';
import { concerning, type Patient } from '../model/findings/narrow.ts';
import { resolveTarget } from '../model/target.ts';
import type { Snapshot, UnreadEntry } from '../model/types.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { Context } from './context.ts';
import { coverageRemarks } from './coverage.ts';
import { DOCTOR } from './doctor-messages.ts';
import { MESSAGES } from './messages.ts';
import { lookDeep } from './ns.ts';
import { deepRemarks } from './ns-holders.ts';

/**
 * Exit code 1 where there is a finding, else 0; 130 when it is interrupted. Notes (no swap, no PSI) are printed and do not count: they are facts
 * of a host that may be healthy. An unknown target is a UserError (2).
 */
export async function doctorCommand(context: Context, word: string | undefined): Promise<number> {
  const host = context.host();
  const snapshot = await lookDeep(context, host);
  if (snapshot === null) return 130;
  const ended = await examine(host, snapshot);
  const patient = word === undefined ? ({ kind: 'host' } as const) : patientOf(snapshot, ended, word);
  // A group that is asked for by its path may be empty.
  const examined =
    patient.kind === 'cgroup' ? await examine(host, snapshot, { paths: [patient.path] }) : ended;
  const first = findingsOf(snapshot, examined).filter(concerning(snapshot, patient));
  const findings = await confirmed(host, first);
  const counted = findings.filter(({ severity }) => severity !== 'note');
  const remarks = [...unseen(context, snapshot, examined)];
  if (context.json) printJson(context, snapshot, examined, findings, remarks);
  else {
    if (snapshot.source.kind === 'recorded')
      context.say(say(context.lang, MESSAGES.recorded, { title: snapshot.source.title }));
    context.print(findings.flatMap((finding) => [...linesOf(context, finding), '']));
    context.print([
      counted.length === 0
        ? context.paint('good', say(context.lang, DOCTOR.none))
        : context.paint('bad', say(context.lang, DOCTOR.found, { count: counted.length })),
    ]);
    for (const remark of [
      ...coverageRemarks(context.lang, snapshot),
      ...deepRemarks(context.lang, snapshot),
      ...remarks,
    ])
      context.say(remark);
  }
  return counted.length > 0 ? 1 : 0;
}

/** A container that has ended is none of the snapshot's; its engine may know its name. */
function patientOf(snapshot: Snapshot, { ended }: Examined, word: string): Patient {
  const dead = ended.find(({ id, name }) => name === word || (word.length >= 3 && id.startsWith(word)));
  const alive = snapshot.containers.some(({ id, name }) => name === word || id.startsWith(word));
  return dead && !alive ? { kind: 'ended', id: dead.id } : resolveTarget(snapshot, word);
}

function linesOf({ lang, paint }: Context, finding: Finding): readonly string[] {
  const { severity, id, evidence, proof, next, lesson } = finding;
  const mark =
    severity === 'note'
      ? paint('dim', `· ${say(lang, DOCTOR.note)}`)
      : severity === 'error'
        ? paint('bad', `✗ ${say(lang, DOCTOR.error)}`)
        : paint('warn', `! ${say(lang, DOCTOR.warning)}`);
  const row = (label: keyof typeof DOCTOR, text: string) =>
    `    ${paint('dim', say(lang, DOCTOR[label]))}  ${text}`;
  return [
    `${mark}  ${paint('title', id)}  ${subjectName(finding.subject)}`,
    `    ${finding.sentence[lang]}`,
    ...evidence.map(({ file, value }) => row('evidence', clean(value === '' ? file : `${file} = ${value}`))),
    row('proof', paint('code', clean(proof))),
    row('next', next[lang]),
    row('lesson', lesson),
  ];
}

function printJson(
  context: Context,
  snapshot: Snapshot,
  examined: Examined,
  findings: readonly Finding[],
  remarks: readonly string[],
): void {
  const plain = (finding: Finding) => ({
    id: finding.id,
    severity: finding.severity,
    subject: subjectJson(finding.subject),
    sentence: finding.sentence[context.lang],
    evidence: finding.evidence,
    proof: finding.proof,
    next: finding.next[context.lang],
    lesson: finding.lesson,
    pids: finding.pids,
  });
  const coverage = {
    ...snapshot.coverage,
    unread: [...snapshot.coverage.unread, ...unreadIn(examined)],
  };
  context.printJson(
    {
      findings: findings.filter(({ severity }) => severity !== 'note').map(plain),
      notes: findings.filter(({ severity }) => severity === 'note').map(plain),
      unseen: remarks,
    },
    coverage,
  );
}

function subjectJson(subject: Subject): Record<string, unknown> {
  return { ...subject, name: subjectName(subject) };
}

/** One line for each kind of finding that could not be looked for. */
function unseen({ lang }: Context, snapshot: Snapshot, examined: Examined): readonly string[] {
  const remarks: string[] = [];
  if (!canTell(snapshot)) remarks.push(say(lang, DOCTOR.noLeaks));
  const names = (isUnseen: (facts: Examined['containers'][number]) => boolean): string =>
    examined.containers
      .filter(isUnseen)
      .map(({ id }) => nameOf(snapshot, id))
      .join(', ');
  const rows = [
    [DOCTOR.unseenPrivileges, names(({ privileges }) => !privileges.ok)],
    [DOCTOR.unseenMounts, names(({ sockets }) => !sockets.ok)],
    [DOCTOR.unseenAsked, names(({ asked }) => !asked.ok)],
  ] as const;
  for (const [message, list] of rows) if (list !== '') remarks.push(say(lang, message, { names: list }));
  const refused = examined.groups.filter(({ values }) =>
    Object.values(values).some((reading) => !reading.ok && reading.why === 'denied'),
  );
  if (refused.length > 0) remarks.push(say(lang, DOCTOR.unseenGroups, { count: refused.length }));
  if (!examined.engineAnswered) remarks.push(say(lang, DOCTOR.noEngine));
  return remarks;
}

function nameOf(snapshot: Snapshot, id: string): string {
  const container = snapshot.containers.find((one) => one.id === id);
  return container ? subjectName({ kind: 'container', id, name: container.name ?? id.slice(0, 12) }) : id;
}

function unreadIn({ containers, groups, shims }: Examined): readonly UnreadEntry[] {
  const readings = [
    ...containers.flatMap(({ privileges, sockets, asked }) => [privileges, sockets, asked]),
    ...groups.flatMap(({ values }) => Object.values(values)).filter((one) => !one.ok && one.why === 'denied'),
    ...shims.map(({ listening }) => listening),
  ];
  return readings.flatMap((reading) => (reading.ok ? [] : [{ path: clean(reading.path), why: reading.why }]));
}
