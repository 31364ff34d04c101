// A lesson that this host can play but for some of its steps: those are played from the recording within the live lesson, or skipped.
import type { Lang } from '../text/lang.ts';
import type { Recording } from './recording-schema.ts';
import { recordedWorld, unfit, variantOfRecording } from './replay.ts';
import { playSession, type Timing } from './session.ts';
import type { Lesson, Session, Step, StepSource } from './types.ts';
import { resolveLesson, type Variant } from './variant.ts';
import { type LiveOptions, liveWorld, type Moment, type World } from './world.ts';

/** Where a step is played; `recorded` is its place in the recording. */
type Place =
  | { readonly at: 'live' }
  | { readonly at: 'recording'; readonly recorded: number }
  | { readonly at: 'skipped'; readonly why: string };

/**
 * A session on this kernel in the given variant. `lack` says what of a need this host has not, in the session's language; null where the
 * need is met. A step that lacks something is played from `recording` as it was recorded, and without one it is skipped.
 * `lineDelay` is the time between two lines of a recorded step in milliseconds.
 */
export async function startVariant(
  options: LiveOptions & {
    readonly lesson: Lesson;
    readonly lang: Lang;
    readonly variant: Variant;
    readonly lack: (need: string) => string | null;
    readonly recording: () => Promise<Recording | null>;
    readonly lineDelay?: number;
    /** Steps that were done in an earlier run. */
    readonly done?: ReadonlySet<string> | undefined;
    readonly timing?: Timing;
  },
): Promise<Session> {
  const { lang, variant, lack, timing, done } = options;
  const lesson = resolveLesson(options.lesson, variant);
  const live = liveWorld(options);
  const lacks = lesson.steps.map((step) =>
    (step.requires ?? []).map(lack).filter((why): why is string => why !== null),
  );
  if (lacks.every((one) => one.length === 0)) {
    return playSession({ lesson, lang, world: live, timing, done });
  }
  const found = await options.recording();
  const asRecorded = found && resolveLesson(options.lesson, variantOfRecording(found));
  const recording = found && asRecorded && unfit(asRecorded, found, lang) === null ? found : null;
  const steps: Step[] = [];
  const places: Place[] = [];
  for (const [index, step] of lesson.steps.entries()) {
    const missing = lacks[index] ?? [];
    const recorded = asRecorded?.steps.findIndex(({ id }) => id === step.id) ?? -1;
    const kept = recording ? asRecorded?.steps[recorded] : undefined;
    steps.push(missing.length > 0 && kept ? kept : step);
    places.push(
      missing.length === 0
        ? { at: 'live' }
        : kept
          ? { at: 'recording', recorded }
          : { at: 'skipped', why: missing.join('; ') },
    );
  }
  const world = mixedWorld(live, recording && recordedWorld(recording, lang, options.lineDelay ?? 0), places);
  return playSession({ lesson: { ...lesson, steps }, lang, world, timing, done });
}

/** Each call goes to the world of its step. The lab is the live one's; a recorded step opens and makes nothing. */
function mixedWorld(live: World, recorded: World | null, places: readonly Place[]): World {
  const of = (step: number): readonly [World, number] => {
    const place = places[step];
    return place?.at === 'recording' && recorded ? [recorded, place.recorded] : [live, step];
  };
  const momentOf = (moment: Moment): readonly [World, Moment] => {
    const [world, step] = of(moment.step);
    return [world, { ...moment, step }];
  };
  return {
    ...live,
    sourceOf(step): StepSource {
      const place = places[step];
      if (place?.at === 'skipped') return { kind: 'skipped', title: place.why };
      const [world, at] = of(step);
      return world.sourceOf(at);
    },
    mode(step) {
      const [world, at] = of(step);
      return world.mode(at);
    },
    plan(operation, step, place) {
      const [world, at] = of(step);
      return world.plan(operation, at, place);
    },
    async open(step) {
      const [world, at] = of(step);
      await world.open(at);
    },
    perform(operation, step, place, onOutput, signal) {
      const [world, at] = of(step);
      return world.perform(operation, at, place, onOutput, signal);
    },
    observe(moment) {
      const [world, at] = momentOf(moment);
      return world.observe(at);
    },
    ask(question, moment, signal) {
      const [world, at] = momentOf(moment);
      return world.ask(question, at, signal);
    },
    actors(moment) {
      const [world, at] = momentOf(moment);
      return world.actors(at);
    },
    shellIn(actor, step, term) {
      const [world, at] = of(step);
      return world.shellIn(actor, at, term);
    },
    async close() {
      await recorded?.close();
      return live.close();
    },
  };
}
