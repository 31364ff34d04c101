// The session of the lesson that is open: opened, listened to, saved, closed. One at a time; what its states mean is app/'s.
import type { Action, SessionCall } from '../app/actions.ts';
import type { Leftover } from '../lab/types.ts';
import type { Session, SessionState } from '../lesson/types.ts';
import { UserError } from '../text/errors.ts';
import { clean } from '../text/sanitize.ts';
import type { TuiOptions } from './options.ts';

export interface LessonSession {
  /** @throws UserError for a lesson that is not there, or that cannot be opened. */
  open(id: string): Promise<void>;
  /** Closes its lab; what could not be undone. */
  close(): Promise<readonly Leftover[]>;
  call(what: SessionCall): Promise<void>;
  choose(choice: string): void;
  /** The command of a shell inside an actor; null where there is none. */
  shellIn(actor: string): readonly string[] | null;
  /** Closes what is open, being opened or being closed, and sends nothing any more. */
  closeForGood(): Promise<readonly Leftover[]>;
}

/** `attempt` takes work whose failure is to be told. */
export function lessonSession(
  options: TuiOptions,
  send: (action: Action) => void,
  attempt: (work: Promise<void>) => void,
): LessonSession {
  let session: Session | null = null;
  let unsubscribe = (): void => {};
  /** The session that is being opened or closed: the program does not end before it is. */
  let opening: Promise<Session> | null = null;
  let closing: Promise<readonly Leftover[]> | null = null;
  let over = false;

  const save = async (now: SessionState): Promise<void> => {
    send({ type: 'progress', progress: await options.saveProgress(now) });
  };

  return {
    async open(id) {
      const lesson = options.lessons.find((one) => one.id === id);
      if (!lesson)
        throw new UserError(`there is no lesson ${clean(id)}`, { hint: 'nscope lesson list shows them' });
      opening = options.openSession(lesson);
      const opened = await opening.finally(() => {
        opening = null;
      });
      // The program is being left: closeForGood closes what it waited for.
      if (over) return;
      session = opened;
      let saved = savePoint(opened.state());
      attempt(save(opened.state()));
      unsubscribe = opened.subscribe((now) => {
        send({ type: 'session', session: now });
        const point = savePoint(now);
        if (point !== saved) attempt(save(now));
        saved = point;
      });
      send({ type: 'session-opened', session: opened.state() });
    },
    async close() {
      unsubscribe();
      closing = session?.close() ?? Promise.resolve([]);
      session = null;
      const left = await closing.finally(() => {
        closing = null;
      });
      send({ type: 'session-closed', leftovers: left });
      return left;
    },
    async call(what) {
      await session?.[what]();
    },
    choose(choice) {
      session?.choose(choice);
    },
    shellIn(actor) {
      return session?.shellIn(actor) ?? null;
    },
    async closeForGood() {
      over = true;
      unsubscribe();
      if (closing) return closing;
      const open = session ?? (await opening?.catch(() => null)) ?? null;
      return open ? open.close() : [];
    },
  };
}

/** Changes with whatever the progress is about: steps met and done, hints, the end. */
function savePoint({ steps, times, ended }: SessionState): string {
  const met = times.filter((time) => time.met !== null).length;
  const done = steps.filter((step) => step.phase === 'done').length;
  const hints = steps.reduce((sum, step) => sum + step.hintsShown, 0);
  return `${met} ${done} ${hints} ${ended}`;
}
