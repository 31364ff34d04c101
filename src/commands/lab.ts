// `nscope cleanup` and `nscope audit`: what labs left, removed and proved removed. Never touches a lab whose program still runs.
import { liveFs } from '../host/live-fs.ts';
import { audit } from '../lab/audit.ts';
import { cleanup } from '../lab/cleanup.ts';
import { stateDir } from '../lab/state-dir.ts';
import type { Leftover } from '../lab/types.ts';
import { type Lang, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { type Context, refuseFrom } from './context.ts';
import { MESSAGES } from './messages.ts';

/** One line of what is left: its kind, its name, the command that shows it. */
export function leftoverLine(lang: Lang, left: Leftover): string {
  const reason = left.reason === undefined ? '' : `  ${clean(left.reason)}`;
  return `  ${left.kind}  ${clean(left.what)}  lab ${clean(left.lab)}${reason}  $ ${clean(left.proof)}`;
}

/** 0 where nothing is left; 1 where something could not be removed. Labs in use are neither. */
export async function cleanupCommand(context: Context): Promise<number> {
  refuseFrom(context, 'cleanup');
  const result = await cleanup({
    stateDir: stateDir(context.env, context.lang),
    fs: liveFs(),
    lang: context.lang,
  });
  const bad = result.left.filter((left) => !left.live);
  if (context.json) {
    context.printJson({ done: result.done, refused: result.refused, left: result.left });
    return bad.length + result.refused.length > 0 ? 1 : 0;
  }
  context.print(result.done.map(clean));
  if (result.refused.length > 0) {
    context.print([
      say(context.lang, MESSAGES.refused),
      ...result.refused.map((left) => leftoverLine(context.lang, left)),
    ]);
  }
  if (result.left.length > 0 || result.refused.length === 0)
    context.print(leftLines(context.lang, result.left));
  return bad.length + result.refused.length > 0 ? 1 : 0;
}

/** 0 where nothing is left, 1 with the list where something is: a running lab too, and it is said that it runs. */
export async function auditCommand(context: Context): Promise<number> {
  refuseFrom(context, 'audit');
  const left = await audit({
    stateDir: stateDir(context.env, context.lang),
    fs: liveFs(),
    lang: context.lang,
  });
  if (context.json) {
    context.printJson({ left });
    return left.length > 0 ? 1 : 0;
  }
  context.print(leftLines(context.lang, left));
  if (left.some(({ live }) => !live)) context.say(say(context.lang, MESSAGES.leftHint));
  return left.length > 0 ? 1 : 0;
}

/** What is left, and apart from it what belongs to labs of programs that run: that is in use, and goes when they end. */
function leftLines(lang: Lang, left: readonly Leftover[]): readonly string[] {
  const dead = left.filter(({ live }) => !live);
  const live = left.filter((one) => one.live);
  if (left.length === 0) return [say(lang, MESSAGES.nothingLeft)];
  return [
    ...(dead.length > 0 ? [say(lang, MESSAGES.left, { count: dead.length })] : []),
    ...dead.map((one) => leftoverLine(lang, one)),
    ...(live.length > 0
      ? [say(lang, MESSAGES.inUse, { labs: [...new Set(live.map(({ lab }) => clean(lab)))].join(', ') })]
      : []),
    ...live.map((one) => leftoverLine(lang, one)),
  ];
}
