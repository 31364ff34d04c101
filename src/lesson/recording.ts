// Takes a recording of a lesson on a live lab, and reads one. Playing one is replay.ts's.
// The form of the file is recording-schema.ts's; what may be kept of a host is redact.ts's.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type Reading, mapReading } from '../kernel/reading.ts';
import { questionKey } from '../lab/questions.ts';
import type { Actor, Lab, OperationPlan, OperationResult } from '../lab/types.ts';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { FAULTS, RECORDINGS } from './messages.ts';
import {
  RECORDING_FORMAT,
  type RecordedMoment,
  type RecordedStep,
  type Recording,
  readJson,
  recordingSchema,
} from './recording-schema.ts';
import { type Hidden, hide, hideIn, reduceSnapshot } from './redact.ts';
import { type Timing, playSession } from './session.ts';
import type { Lesson } from './types.ts';
import type { Variant } from './variant.ts';
import { type Moment, type World, liveWorld } from './world.ts';

/** Bytes. The longest lesson's is a few hundred thousand. */
const MAX_BYTES = 32 * 1024 * 1024;

/** The folder of the recordings that come with the program. */
export function replaysDir(): string {
  return resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', 'fixtures', 'replays');
}

/** The recording of a lesson in a folder; null where there is none. Throws UserError where it cannot be read. */
export async function loadRecording(
  lesson: string,
  dir: string,
  lang: Lang = 'en',
): Promise<Recording | null> {
  const file = join(dir, `${lesson}.json`);
  let text: string;
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile() || stat.size > MAX_BYTES) {
        throw new UserError(
          say(lang, RECORDINGS.bad, { file, where: '1', detail: say(lang, FAULTS.notPlain) }),
          {
            hint: say(lang, FAULTS.notPlainTodo),
          },
        );
      }
      text = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') {
      throw new UserError(say(lang, RECORDINGS.bad, { file, where: '1', detail: say(lang, FAULTS.link) }), {
        hint: say(lang, FAULTS.linkTodo),
      });
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return parseRecording(text, file, lang);
}

/** Reads a recording's text. Throws UserError naming `file`, the place and what is wrong. */
export function parseRecording(text: string, file: string, lang: Lang = 'en'): Recording {
  const bad = (where: string, detail: string): UserError =>
    new UserError(say(lang, RECORDINGS.bad, { file, where, detail }), {
      hint: say(lang, RECORDINGS.badHint, { lesson: file.replace(/^.*\/|\.json$/g, '') }),
    });
  let raw: unknown;
  try {
    raw = readJson(text);
  } catch (error) {
    throw bad('JSON', error instanceof Error ? error.message : String(error));
  }
  const format = (raw as { format?: unknown } | null)?.format;
  if (format !== RECORDING_FORMAT) {
    throw new UserError(say(lang, RECORDINGS.format, { file, format: JSON.stringify(format) ?? '?' }), {
      hint: say(lang, RECORDINGS.formatHint),
    });
  }
  const parsed = recordingSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw bad(issue?.path.join('.') ?? '', issue?.message ?? '');
}

/**
 * Plays a lesson with its solutions on a live lab (in English: `retell` needs it) and keeps what happened. A prediction takes its
 * first choice; the truth is the kernel's. `hidden` are further texts to replace (the state directory); the host's name is
 * always. Throws UserError where a step does not pass, and what `signal` was aborted with. Closes the lab.
 */
export async function recordSession(options: {
  readonly lesson: Lesson;
  readonly lab: () => Promise<Lab>;
  readonly observe: (watch: readonly ProcessRef[]) => Promise<Snapshot>;
  readonly variant?: Variant | undefined;
  readonly title: Recording['title'];
  readonly version: string;
  readonly recordedOn: string;
  readonly hidden?: Hidden;
  readonly timing?: Timing;
  readonly signal?: AbortSignal;
}): Promise<Recording> {
  const { lesson, signal } = options;
  const world = liveWorld(options);
  const taken = lesson.steps.map(() => ({
    results: new Map<number, { plan: OperationPlan | null; result: OperationResult }>(),
    before: emptyTake(),
    after: emptyTake(),
  }));
  const takeOf = (moment: Moment): Take => taken[moment.step]?.[moment.when] ?? emptyTake();
  let names: readonly string[] = [];
  let labId = '';
  const watched: World = {
    ...world,
    async perform(operation, step, place, onOutput, signal) {
      const plan = world.plan(operation, step, place);
      const result = await world.perform(operation, step, place, onOutput, signal);
      labId = world.labId() ?? labId;
      taken[step]?.results.set(place, { plan, result });
      return result;
    },
    async observe(moment) {
      const snapshot = await world.observe(moment);
      if (snapshot.host.hostname.ok && !names.includes(snapshot.host.hostname.value)) {
        names = [...names, snapshot.host.hostname.value];
      }
      const take = takeOf(moment);
      take.snapshot = snapshot;
      take.actors = world.actors(moment);
      return snapshot;
    },
    async ask(question, moment, signal) {
      const answer = await world.ask(question, moment, signal);
      takeOf(moment).answers.set(questionKey(question), answer);
      return answer;
    },
  };
  const session = playSession({ lesson, lang: 'en', world: watched, timing: options.timing });
  const stop = (): void => void session.close();
  signal?.addEventListener('abort', stop);
  try {
    for (const [index, step] of lesson.steps.entries()) {
      const choice = step.choices[0]?.id;
      if (choice !== undefined) session.choose(choice);
      if (step.kind === 'run' || step.kind === 'predict') await session.run();
      if (step.kind === 'task') await session.solve();
      const { steps, problem } = session.state();
      const at = steps[index];
      if (at?.phase !== 'done' && at?.kind !== 'read') {
        throw new UserError(
          say('en', RECORDINGS.notEnded, {
            lesson: lesson.id,
            step: step.id,
            problem: problem?.message ?? '',
          }),
          { exitCode: 1, ...(problem?.hint ? { hint: problem.hint } : {}) },
        );
      }
      session.next();
    }
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener('abort', stop);
    await session.close();
  }
  const hidden: Hidden = [...names.map((text) => ({ text, by: 'host' })), ...(options.hidden ?? [])];
  const snapshots: Snapshot[] = [];
  const keep = (snapshot: Snapshot): number => {
    const same = snapshots.findIndex((one) =>
      isDeepStrictEqual({ ...one, takenAt: 0 }, { ...snapshot, takenAt: 0 }),
    );
    return same >= 0 ? same : snapshots.push(snapshot) - 1;
  };
  const actors = allActors(taken.flatMap(({ before, after }) => [before.actors, after.actors]));
  const moment = (take: Take): RecordedMoment => ({
    snapshot: take.snapshot ? keep(reduceSnapshot(take.snapshot, actors, labId, hidden)) : null,
    actors: take.actors.map((actor) => ({ ...actor, namespaces: [...actor.namespaces] })),
    answers: Object.fromEntries(
      [...take.answers].map(([key, of]) => [
        hide(key, hidden),
        mapReading(of, (answer) => hideIn(answer, hidden)),
      ]),
    ),
  });
  const steps = lesson.steps.map((step, index): RecordedStep => {
    const kept = taken[index];
    const at = session.state().steps[index];
    return {
      id: step.id,
      operations: [...(kept?.results ?? [])].map(([, { plan, result }]) => ({
        plan: hidePlan(plan, hidden),
        output: result.output.map((line) => ({ ...line, text: hide(line.text, hidden) })),
        exit: result.exit,
        asExpected: result.asExpected,
      })),
      before: moment(kept?.before ?? emptyTake()),
      after: moment(kept?.after ?? emptyTake()),
      verdicts: (at?.results ?? []).map(({ id, verdict }) => ({ id, verdict })),
      truth: at?.truth ?? null,
    };
  });
  return {
    format: RECORDING_FORMAT,
    lesson: lesson.id,
    title: options.title,
    nscope: options.version,
    recordedOn: options.recordedOn,
    mode: world.mode(0),
    ...(options.variant ? { variant: options.variant } : {}),
    labId,
    snapshots,
    steps,
  };
}

interface Take {
  snapshot: Snapshot | null;
  actors: readonly Actor[];
  readonly answers: Map<string, Reading<unknown>>;
}

function emptyTake(): Take {
  return { snapshot: null, actors: [], answers: new Map() };
}

function allActors(lists: readonly (readonly Actor[])[]): readonly Actor[] {
  return [...new Map(lists.flat().map((actor) => [`${actor.pid}:${actor.starttime}`, actor])).values()];
}

function hidePlan(plan: OperationPlan | null, hidden: Hidden): OperationPlan | null {
  if (!plan) return null;
  return {
    ...plan,
    shell: hide(plan.shell, hidden),
    touches: hide(plan.touches, hidden),
    undo: hide(plan.undo, hidden),
  };
}
