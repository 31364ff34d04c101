// Answers one typed check: pass, fail or unknown, with what was expected, what was seen and what shows it.
// Pure apart from the hostname function of the context; when to look, and how often, is the session's matter.
import { NS_FACTS, type NsType } from '../kernel/namespaces.ts';
import { type Reading, unread } from '../kernel/reading.ts';
import type { Actor, LabMode, OutputLine } from '../lab/types.ts';
import { namespaceAt, processAt } from '../model/find.ts';
import { hostNamespaces } from '../model/hostview.ts';
import type { Process, Snapshot } from '../model/types.ts';
import { type Lang, type Message, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { CHECKS } from './messages.ts';
import type { Check, CheckResult, Verdict } from './types.ts';

/** An actor as the session has known it: its namespaces are remembered, so that they can be asked for after its end. */
export interface KnownActor {
  readonly actor: Actor;
  /** Inodes that were read while it lived. */
  readonly namespaces: Readonly<Partial<Record<NsType, number>>>;
}

export interface CheckContext {
  readonly lang: Lang;
  readonly mode: LabMode;
  readonly now: Snapshot;
  /** Every actor that the session has had, living or not. */
  readonly actors: ReadonlyMap<string, KnownActor>;
  /** What the step's commands printed. */
  readonly output: readonly OutputLine[];
  /** Status of the step's last command; null where none has ended. */
  readonly exit: number | null;
  /** The host name that an actor, or `host`, has now. Asked only for actors that live. */
  readonly hostname: (of: string) => Promise<Reading<string>>;
  /** The host name from before the step; null where it was not read. */
  readonly hostnameBefore: (of: string) => Reading<string> | null;
  /** The lesson's words for a check; null where it has none. */
  readonly label: (id: string) => string | null;
}

/** One thing that a check says; a check passes where all of them do. */
interface Finding {
  readonly verdict: Verdict;
  readonly label: string;
  readonly expected: string;
  readonly seen: string;
  readonly proof: string;
}

type Speak = (message: Message, values?: Readonly<Record<string, string | number>>) => string;

/** Looks at one check. What the kernel refuses to show is `unknown`, never `fail`. Never throws for a well-formed check. */
export async function evaluateCheck(check: Check, context: CheckContext): Promise<CheckResult> {
  // A Latin name in a Chinese line wants spaces around it, a Chinese one (宿主机) none.
  const t: Speak = (message, values = {}) =>
    say(context.lang, message, values).replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
  const findings = await findingsOf(check, context, t);
  const join = (texts: readonly string[]): string => [...new Set(texts)].join(t(CHECKS.and));
  return {
    id: check.id,
    verdict: allOf(findings.map((finding) => finding.verdict)),
    label: context.label(check.id) ?? join(findings.map((finding) => finding.label)),
    expected: join(findings.map((finding) => finding.expected)),
    seen: join(findings.map((finding) => finding.seen)),
    // The last one tells most: `alive` is looked at before what is asked of the living.
    proof: findings.at(-1)?.proof ?? t(CHECKS.noProof),
  };
}

/** fail where one fails, else unknown where one is, else pass. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('unknown') || verdicts.length === 0 ? 'unknown' : 'pass';
}

async function findingsOf(check: Check, context: CheckContext, t: Speak): Promise<readonly Finding[]> {
  switch (check.check) {
    case 'namespace':
      return [namespaceFinding(check, context, t)];
    case 'hostname':
      return hostnameFindings(check, context, t);
    case 'released':
      return [releasedFinding(check, context, t)];
    case 'process':
      return processFindings(check, context, t);
    case 'output':
      return [outputFinding(check.matches, context, t)];
    case 'exit':
      return [exitFinding(check.is, context, t)];
  }
}

function nameOf(of: string, t: Speak): string {
  return of === 'host' ? t(CHECKS.host) : of;
}

function processOf(of: string, context: CheckContext): Process | null {
  const known = context.actors.get(of);
  return known ? processAt(context.now, known.actor) : null;
}

function isDead(process: Process | null): boolean {
  return process === null || process.state === 'Z' || process.state === 'X';
}

function link(of: string, type: NsType, context: CheckContext): Reading<number> {
  if (of === 'host') return hostNamespaces(context.now)[type];
  const known = context.actors.get(of);
  return processOf(of, context)?.ns[type] ?? unread('gone', `/proc/${known?.actor.pid ?? of}/ns/${type}`);
}

/** Why a reading has no value, in words. */
function whyNot(reading: Reading<unknown>, of: string, context: CheckContext, t: Speak): string | null {
  if (reading.ok) return null;
  if (reading.why === 'denied') return t(CHECKS.denied, { path: reading.path });
  if (reading.why === 'unsupported') return t(CHECKS.unsupported, { path: reading.path });
  const started = of === 'host' || context.actors.has(of);
  return t(started ? CHECKS.gone : CHECKS.noActor, { of: nameOf(of, t) });
}

/** A refusal leaves a check open; an actor that is not there makes it fail. */
function verdictOf(reading: Reading<unknown>): Verdict {
  return !reading.ok && reading.why === 'gone' ? 'fail' : 'unknown';
}

type Of<K extends Check['check']> = Extract<Check, { check: K }>;

function namespaceFinding(check: Of<'namespace'>, context: CheckContext, t: Speak): Finding {
  const { of, than, type } = check;
  const [a, b] = [link(of, type, context), link(than, type, context)];
  const names = { of: nameOf(of, t), than: nameOf(than, t), type };
  const label = t(check.is === 'differs' ? CHECKS.nsDiffers : CHECKS.nsSame, names);
  const expected = t(check.is === 'differs' ? CHECKS.differs : CHECKS.same);
  const paths = [of, than].map((one) => linkPath(one, type, context));
  const proof = `readlink ${paths.join(' ')}`;
  if (!a.ok || !b.ok) {
    const seen = [whyNot(a, of, context, t), whyNot(b, than, context, t)].filter((why) => why !== null);
    const verdicts = [a, b].filter((reading) => !reading.ok).map(verdictOf);
    return { verdict: allOf(verdicts), label, expected, seen: seen.join(t(CHECKS.and)), proof };
  }
  const holds = (a.value === b.value) === (check.is === 'same');
  const seen = t(CHECKS.twoLinks, { ...names, a: a.value, b: b.value });
  return { verdict: holds ? 'pass' : 'fail', label, expected, seen, proof };
}

function linkPath(of: string, type: NsType, context: CheckContext): string {
  return `/proc/${of === 'host' ? 'self' : (context.actors.get(of)?.actor.pid ?? of)}/ns/${type}`;
}

async function hostnameFindings(
  check: Of<'hostname'>,
  context: CheckContext,
  t: Speak,
): Promise<readonly Finding[]> {
  const now = await hostnameNow(check.of, context);
  const of = nameOf(check.of, t);
  const proof = hostnameProof(check.of, context);
  const seen = now.ok ? clean(now.value) : (whyNot(now, check.of, context, t) ?? '');
  const finding = (label: string, expected: string, holds: boolean | null): Finding => ({
    verdict: now.ok ? (holds === null ? 'unknown' : holds ? 'pass' : 'fail') : verdictOf(now),
    label,
    expected,
    seen,
    proof,
  });
  const name = now.ok ? now.value : null;
  const findings: Finding[] = [];
  if (check.is !== undefined) {
    findings.push(finding(t(CHECKS.nameIs, { of, name: check.is }), check.is, name === check.is));
  }
  for (const field of ['sameAs', 'differsFrom'] as const) {
    const other = check[field];
    if (other === undefined) continue;
    const reading = await hostnameNow(other, context);
    const than = reading.ok ? clean(reading.value) : (whyNot(reading, other, context, t) ?? '');
    const same = reading.ok ? reading.value === name : null;
    findings.push(
      field === 'sameAs'
        ? finding(t(CHECKS.nameSame, { of, than: nameOf(other, t) }), than, same)
        : finding(
            t(CHECKS.nameDiffers, { of, than: nameOf(other, t) }),
            t(CHECKS.notName, { name: than }),
            same === null ? null : !same,
          ),
    );
  }
  if (check.unchanged === true) {
    const then = context.hostnameBefore(check.of);
    const label = t(CHECKS.nameUnchanged, { of });
    if (then?.ok) findings.push(finding(label, clean(then.value), then.value === name));
    else findings.push({ ...finding(label, '?', null), seen: t(CHECKS.wasUnread, { name: seen }) });
  }
  return findings;
}

async function hostnameNow(of: string, context: CheckContext): Promise<Reading<string>> {
  if (of === 'host') return context.hostname('host');
  const known = context.actors.get(of);
  if (isDead(processOf(of, context))) return unread('gone', `/proc/${known?.actor.pid ?? of}/ns/uts`);
  return context.hostname(of);
}

function hostnameProof(of: string, context: CheckContext): string {
  if (of === 'host') return 'hostname';
  const user = context.mode === 'rootless' ? '-U --preserve-credentials ' : '';
  return `nsenter -t ${context.actors.get(of)?.actor.pid ?? of} ${user}-u hostname`;
}

function releasedFinding(check: Of<'released'>, context: CheckContext, t: Speak): Finding {
  const { of, type } = check;
  const inode = context.actors.get(of)?.namespaces[type];
  const label = t(CHECKS.released, { of: nameOf(of, t), type });
  if (inode === undefined) {
    const seen = t(context.actors.has(of) ? CHECKS.nsUnseen : CHECKS.noActor, { of });
    return {
      verdict: 'unknown',
      label,
      expected: t(CHECKS.releasedExpected, { type, inode: '?' }),
      seen,
      proof: `lsns -t ${type}`,
    };
  }
  const left = namespaceAt(context.now, type, inode);
  const holders = [
    ...(left && left.members.length > 0 ? [t(CHECKS.holderPids, { pids: left.members.join(', ') })] : []),
    ...(left?.pins ?? []).map(clean),
  ];
  return {
    verdict: left ? 'fail' : 'pass',
    label,
    expected: t(CHECKS.releasedExpected, { type, inode }),
    seen: left
      ? t(CHECKS.heldBy, { holders: holders.join(', ') || t(CHECKS.holderChild) })
      : t(CHECKS.releasedSeen),
    proof: `lsns -t ${type}`,
  };
}

function processFindings(check: Of<'process'>, context: CheckContext, t: Speak): readonly Finding[] {
  const known = context.actors.get(check.of);
  const process = processOf(check.of, context);
  const of = nameOf(check.of, t);
  const findings: Finding[] = [];
  // What must be gone must first have been there: an actor that was never started is neither alive nor ended.
  const missing = known ? null : t(CHECKS.noActor, { of });
  const pid = known?.actor.pid ?? check.of;
  if (check.alive !== undefined) {
    const dead = isDead(process);
    findings.push({
      verdict: missing === null ? (dead === check.alive ? 'fail' : 'pass') : check.alive ? 'fail' : 'unknown',
      label: t(check.alive ? CHECKS.aliveLabel : CHECKS.deadLabel, { of }),
      expected: t(check.alive ? CHECKS.alive : CHECKS.dead),
      seen:
        missing ??
        (process === null
          ? t(CHECKS.dead)
          : dead
            ? t(CHECKS.zombie)
            : t(CHECKS.aliveState, { pid, state: process.state })),
      proof: `ps -o pid,stat,comm -p ${pid}`,
    });
  }
  if (check.pidInside !== undefined) {
    const reading: Reading<readonly number[]> =
      process === null
        ? unread('gone', `/proc/${pid}/status`)
        : (process.nspid ?? { ok: true, value: [process.pid] });
    findings.push({
      verdict: reading.ok ? (reading.value.at(-1) === check.pidInside ? 'pass' : 'fail') : verdictOf(reading),
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
    const children = isDead(process)
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
}

function outputFinding(pattern: string, context: CheckContext, t: Speak): Finding {
  const lines = context.output.filter((line) => line.stream === 'stdout' || line.stream === 'stderr');
  const text = lines.map((line) => line.text).join('\n');
  const match = new RegExp(pattern, 'm').exec(text);
  const [first = '', ...rest] = (match?.[0] ?? lines.at(-1)?.text ?? '').trim().split('\n');
  const line = rest.length > 0 ? `${first} …` : first;
  const seen =
    lines.length === 0
      ? t(CHECKS.outputNone)
      : match
        ? t(CHECKS.outputMatched, { line })
        : t(CHECKS.outputNot, { count: lines.length, line });
  return {
    verdict: match ? 'pass' : 'fail',
    label: t(CHECKS.outputLabel, { pattern }),
    expected: t(CHECKS.outputExpected, { pattern }),
    seen,
    proof: t(CHECKS.outputProof),
  };
}

function exitFinding(codes: readonly number[], context: CheckContext, t: Speak): Finding {
  const { exit } = context;
  return {
    verdict: exit === null ? 'unknown' : codes.includes(exit) ? 'pass' : 'fail',
    label: t(CHECKS.exitLabel, { codes: codes.join(', ') }),
    expected: codes.join(', '),
    seen: exit === null ? t(CHECKS.exitNone) : String(exit),
    proof: 'echo $?',
  };
}

/** The namespaces of an actor that this snapshot shows, added to those known before. */
export function knownActor(
  actor: Actor,
  before: KnownActor | undefined,
  snapshot: Snapshot | null,
): KnownActor {
  const same = before?.actor.pid === actor.pid && before.actor.starttime === actor.starttime;
  const namespaces: Partial<Record<NsType, number>> = same ? { ...before.namespaces } : {};
  const process = snapshot ? processAt(snapshot, actor) : null;
  if (process) {
    for (const type of Object.keys(NS_FACTS) as NsType[]) {
      const reading = process.ns[type];
      if (reading.ok) namespaces[type] = reading.value;
    }
  }
  return { actor, namespaces };
}
