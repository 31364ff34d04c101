// The overview: what the home screen shows, as lines or JSON, for a pipe, a dumb terminal or a script.
import { examine } from '../host/examine.ts';
import { takeSnapshot } from '../host/host.ts';
import type { Lesson } from '../lesson/types.ts';
import { valueOr } from '../kernel/reading.ts';
import { findingsOf, needsSecondLook } from '../model/findings/index.ts';
import { say } from '../text/lang.ts';
import type { Context } from './context.ts';
import { coverageRemarks } from './coverage.ts';
import { leftoverLine } from './lab.ts';
import { MESSAGES } from './messages.ts';
import { leftoversOf, tryNeeds } from './sessions.ts';
import { UserError } from '../text/errors.ts';
import type { Leftover } from '../lab/types.ts';

/** Exit code 0. `reason`: why there is no terminal program, told on stderr; null where it was not wanted. */
export async function overview(
  context: Context,
  lessons: readonly Lesson[],
  reason: string | null,
): Promise<number> {
  const live = context.from === undefined;
  const host = context.host();
  const [snapshot, needs, left] = await Promise.all([
    takeSnapshot(host),
    live ? tryNeeds(context) : Promise.resolve([]),
    live ? leftoversOr(context) : Promise.resolve([]),
  ]);
  const missing = needs.filter(({ ok }) => !ok);
  // One plain look: without what wants a deep or a second one, which doctor takes.
  const findings = findingsOf(snapshot, await examine(host, snapshot)).filter(
    (finding) => finding.severity !== 'note' && !needsSecondLook(finding),
  );
  const own = snapshot.namespaces.filter(({ initial }) => !initial).length;
  if (context.json) {
    context.printJson(
      {
        host: snapshot.host,
        containers: snapshot.containers,
        namespacesBesideInitial: own,
        findings: findings.length,
        lessons: lessons.map(({ id, title }) => ({ id, title: title[context.lang] })),
        missing: missing.map(({ need, message }) => ({ need, message: message[context.lang] })),
        left,
      },
      snapshot.coverage,
    );
    return 0;
  }
  const { lang, paint } = context;
  if (reason !== null && reason !== '') context.say(`nscope: ${reason}`);
  if (!live) context.say(say(lang, MESSAGES.recorded, { title: snapshot.source.title }));
  context.print([
    paint('title', say(lang, MESSAGES.hostHead)),
    `  ${say(lang, MESSAGES.hostLine, {
      kernel: valueOr(snapshot.host.kernel, '?'),
      containers: snapshot.containers.length,
      own,
    })}`,
    ...(findings.length > 0
      ? [`  ${paint('warn', say(lang, MESSAGES.findingsLine, { count: findings.length }))}`]
      : []),
    ...coverageRemarks(lang, snapshot).map((remark) => `  ${remark}`),
    ...(missing.length > 0 ? [paint('title', say(lang, MESSAGES.missing))] : []),
    // Two needs can have one cause, and so one line.
    ...new Set(missing.map(({ message }) => `  ${message[lang]}`)),
    ...left.map((one) => leftoverLine(lang, one)),
    paint('title', say(lang, MESSAGES.lessonsHead)),
    ...lessons.map((lesson) => `  ${String(lesson.number).padStart(2)}  ${lesson.id}  ${lesson.title[lang]}`),
    '',
    say(lang, MESSAGES.nextStep),
  ]);
  return 0;
}

/** A state directory that cannot be used has no left-overs; preflight says what is wrong with it. */
async function leftoversOr(context: Context): Promise<readonly Leftover[]> {
  try {
    return await leftoversOf(context);
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
