// The loop of the terminal program: keys, mouse, sizes, snapshots and sessions become actions; states become panes; effects are performed.
// What an action means is app/update.ts'; how a state looks is view/'s.
import type { Action, Effect } from '../app/actions.ts';
import { type AppState, startState } from '../app/state.ts';
import { update } from '../app/update.ts';
import type { Leftover } from '../lab/types.ts';
import type { Session, SessionState } from '../lesson/types.ts';
import { UserError } from '../text/errors.ts';
import { type Message, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { draw } from '../view/screen.ts';
import { logCrash } from './crash.ts';
import { listenForEndings } from './ending.ts';
import { type BlessedKey, keyOf, mouseOf } from './keys.ts';
import type { TuiOptions } from './options.ts';
import { makePanes } from './pane.ts';
import { makeScreen } from './screen.ts';
import { comeBack, type RunningShell, runShell } from './shell.ts';

/** How long the closing of a lab may take before the program goes without it. */
const CLOSE_MS = 15_000;
const HOST_CLOSE_MS = 2_000;
/** A look for findings goes through every process' descriptors and every mount namespace: seldom. */
const FINDINGS_EVERY_MS = 10_000;
/** A second Ctrl-C or SIGTERM does not wait for the lab; one that comes sooner was meant with the first. */
const FORCE_AFTER_MS = 1_000;
/** Exit codes of Ctrl-C (the key too) and SIGTERM. */
const FORCING: readonly number[] = [130, 143];

const SHELL_LINE: Message = {
  en: 'nscope: a shell in {actor}; exit or Ctrl-D goes back to the lesson',
  'zh-CN': 'nscope：已进入 {actor} 的 shell；输入 exit 或按 Ctrl-D 返回课程',
};
const NOT_CLEANED: Message = {
  en: 'nscope: the lab was not cleaned up to its end; run: nscope cleanup',
  'zh-CN': 'nscope：实验环境未清理完毕；请运行：nscope cleanup',
};
const LEFT: Message = {
  en: 'nscope: could not remove {kind} {what}; run: nscope cleanup',
  'zh-CN': 'nscope：无法移除 {kind} {what}；请运行：nscope cleanup',
};

/**
 * Runs the terminal program until it is left. Resolves to the exit code: 0, 1 after a crash, 128 + N after signal N. When it
 * resolves, the terminal is as it was and the lab is closed, or a line on stderr says what is left.
 */
export function runTui(options: TuiOptions): Promise<number> {
  return new Promise((resolve) => start(options, resolve));
}

function start(options: TuiOptions, resolve: (code: number) => void): void {
  const screen = makeScreen();
  const panes = makePanes(screen);
  let session: Session | null = null;
  let unsubscribe = (): void => {};
  /** The session that is being opened or closed: the program does not end before it is. */
  let opening: Promise<Session> | null = null;
  let closing: Promise<readonly Leftover[]> | null = null;
  let shell: RunningShell | null = null;
  let ending: { readonly code: number; readonly at: number } | null = null;
  let over = false;
  let drawing: NodeJS.Immediate | null = null;
  let state: AppState = startState({
    ...options,
    size: { width: process.stdout.columns, height: process.stdout.rows },
    screen: typeof options.initial === 'object' && 'inspect' in options.initial ? 'inspect' : 'home',
    selection:
      typeof options.initial === 'object' && 'inspect' in options.initial ? options.initial.inspect : null,
  });

  const redraw = (): void => {
    if (drawing !== null || over) return;
    drawing = setImmediate(() => {
      drawing = null;
      paintNow();
    });
  };

  const paintNow = (): void => {
    if (over || shell) return;
    const drawn = draw(state);
    panes.show(drawn.parts);
    screen.render();
    // What the panes hold is known only now; it changes nothing that is on the screen.
    const measured = update(state, { type: 'measured', extents: drawn.extents });
    state = measured.state;
    for (const effect of measured.effects) perform(effect);
  };

  const dispatch = (action: Action): void => {
    if (over) return;
    const updated = update(state, action);
    const changed = updated.state !== state;
    state = updated.state;
    for (const effect of updated.effects) perform(effect);
    if (changed) redraw();
  };

  const tell = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    const hint = error instanceof UserError ? (error.hint ?? null) : null;
    dispatch({ type: 'notice', notice: { kind: 'text', text, hint } });
  };

  /** Work whose failure is told on the screen and ends nothing. */
  const attempt = (work: Promise<void>): void => {
    work.catch(tell);
  };

  const lookAtLeftovers = async (): Promise<void> => {
    dispatch({ type: 'leftovers', leftovers: await options.leftovers() });
  };

  /** Every few seconds, one look after the other, and not while the reading is stopped. What fails here fails in the scan too, which says it. */
  const lookForFindings = async (): Promise<void> => {
    const findings = state.paused ? null : await options.host.findings().catch(() => null);
    if (over || ending) return;
    if (findings) dispatch({ type: 'findings', findings });
    setTimeout(() => void lookForFindings(), FINDINGS_EVERY_MS).unref();
  };

  const perform = (effect: Effect): void => {
    switch (effect.effect) {
      case 'quit':
        finish(effect.code);
        return;
      case 'open-lesson':
        attempt(openLesson(effect.id));
        return;
      case 'close-lesson':
        attempt(closeLesson());
        return;
      case 'session':
        attempt(callSession(effect.call));
        return;
      case 'choose':
        session?.choose(effect.choice);
        return;
      case 'shell':
        attempt(openShell(effect.actor));
        return;
      case 'watch':
        options.host.watch(effect.refs);
        return;
      case 'pause':
        options.host.pause(effect.on);
        return;
      case 'refresh':
        attempt(options.host.refresh().then(() => {}));
        return;
      case 'cleanup':
        attempt(cleanUp());
        return;
      case 'copy':
        screen.program.write(clipboardSequence(effect.text));
        return;
    }
  };

  const openLesson = async (id: string): Promise<void> => {
    const lesson = options.lessons.find((one) => one.id === id);
    if (!lesson)
      throw new UserError(`there is no lesson ${clean(id)}`, { hint: 'nscope lesson list shows them' });
    opening = options.openSession(lesson);
    const opened = await opening.finally(() => {
      opening = null;
    });
    // The program is being left: closeAll closes what it waited for.
    if (ending || over) return;
    session = opened;
    let saved = savePoint(opened.state());
    attempt(save(opened.state()));
    unsubscribe = opened.subscribe((now) => {
      dispatch({ type: 'session', session: now });
      const point = savePoint(now);
      if (point !== saved) attempt(save(now));
      saved = point;
    });
    dispatch({ type: 'session-opened', session: opened.state() });
  };

  const save = async (now: SessionState): Promise<void> => {
    dispatch({ type: 'progress', progress: await options.saveProgress(now) });
  };

  const closeLesson = async (): Promise<void> => {
    unsubscribe();
    closing = session?.close() ?? Promise.resolve([]);
    session = null;
    const left = await closing.finally(() => {
      closing = null;
    });
    dispatch({ type: 'session-closed', leftovers: left });
    await lookAtLeftovers();
  };

  const callSession = async (call: Extract<Effect, { effect: 'session' }>['call']): Promise<void> => {
    await session?.[call]();
    // The panes are to show what the operations did, not what was before the next tick.
    if (session && (call === 'run' || call === 'solve')) await options.host.refresh();
  };

  const openShell = async (actor: string): Promise<void> => {
    const argv = session?.shellIn(actor) ?? null;
    if (!argv) {
      dispatch({ type: 'notice', notice: { kind: 'no-actor' } });
      return;
    }
    shell = runShell(screen, argv, say(state.lang, SHELL_LINE, { actor }));
    const error = await shell.ended;
    // Where the program ends, the terminal is already as it is to be left.
    if (ending || over) return;
    shell = null;
    comeBack(screen);
    redraw();
    if (error) tell(error);
    await options.host.refresh();
  };

  const cleanUp = async (): Promise<void> => {
    const lines = await options.cleanup();
    await lookAtLeftovers();
    const [first] = lines;
    if (first === undefined) dispatch({ type: 'idle' });
    else dispatch({ type: 'notice', notice: { kind: 'text', text: lines.join('; '), hint: null } });
  };

  /** Ends the program: the lab is closed first. A second Ctrl-C or SIGTERM, a moment later, does not wait for it. */
  const finish = (code: number): void => {
    if (over) return;
    if (ending) {
      // A terminal that is closed ends us in several ways at once (SIGHUP, EIO, the end of input): that is one ending, not a second wish.
      if (!FORCING.includes(code) || performance.now() - ending.at < FORCE_AFTER_MS) return;
      leave(code, [say(state.lang, NOT_CLEANED)]);
      return;
    }
    ending = { code, at: performance.now() };
    redraw();
    closeAll().then(
      (lines) => leave(code, lines),
      (error: unknown) => leave(code, [String(error), say(state.lang, NOT_CLEANED)]),
    );
  };

  const closeAll = async (): Promise<readonly string[]> => {
    unsubscribe();
    await shell?.end();
    const left = await within(closeSession(), CLOSE_MS);
    await within(options.host.close(), HOST_CLOSE_MS);
    if (left === 'late') return [say(state.lang, NOT_CLEANED)];
    return left.map((one: Leftover) => say(state.lang, LEFT, { kind: one.kind, what: clean(one.what) }));
  };

  const closeSession = async (): Promise<readonly Leftover[]> => {
    if (closing) return closing;
    const open = session ?? (await opening?.catch(() => null)) ?? null;
    return open ? open.close() : [];
  };

  /** Gives the terminal back and ends the loop. */
  const leave = (code: number, lines: readonly string[]): void => {
    if (over) return;
    over = true;
    if (drawing !== null) clearImmediate(drawing);
    screen.destroy();
    stopListening();
    stopHost();
    for (const line of lines) process.stderr.write(`${line}\n`);
    resolve(code);
  };

  const stopListening = listenForEndings({
    onSignal: (code, signal) => {
      // On a cooked terminal Ctrl-C is meant for the shell that has it.
      if (shell && signal === 'SIGINT') return;
      finish(code);
    },
    onTerminalGone: () => finish(129),
    onCrash: (error) => {
      const line = logCrash(options.logFile, error);
      if (over) {
        process.stderr.write(`${line}\n`);
        return;
      }
      void crash(line);
    },
  });

  /** The terminal first: nothing that is drawn can be trusted any more. */
  const crash = async (line: string): Promise<void> => {
    over = true;
    if (drawing !== null) clearImmediate(drawing);
    await shell?.end();
    screen.destroy();
    stopHost();
    process.stderr.write(`${line}\n`);
    const lines = await closeAll().catch(() => [say(state.lang, NOT_CLEANED)]);
    stopListening();
    for (const one of lines) process.stderr.write(`${one}\n`);
    resolve(1);
  };

  screen.on('keypress', (character: string | undefined, key: BlessedKey) => {
    const name = keyOf(character, key);
    if (name !== null && !shell) dispatch({ type: 'key', key: name });
  });
  screen.on('mouse', (event: { action: string; x: number; y: number }) => {
    const action = mouseOf(event);
    if (action && !shell) dispatch(action);
  });
  screen.on('resize', () => {
    dispatch({ type: 'resize', size: { width: process.stdout.columns, height: process.stdout.rows } });
  });
  const stopHost = options.host.subscribe((snapshot) => dispatch({ type: 'snapshot', snapshot }));
  options.onHostFailure?.((message) => tell(new Error(message)));

  paintNow();
  attempt(lookAtLeftovers());
  void lookForFindings();
  attempt(options.preflight().then((lines) => dispatch({ type: 'preflight', lines })));
  if (typeof options.initial === 'object' && 'lesson' in options.initial) {
    attempt(openLesson(options.initial.lesson));
  }
}

/** OSC 52 of xterm's control sequences: a terminal that has no clipboard for us leaves it out. */
function clipboardSequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}

/** Changes with whatever the progress is about: steps met and done, hints, the end. */
function savePoint({ steps, times, ended }: SessionState): string {
  const met = times.filter((time) => time.met !== null).length;
  const done = steps.filter((step) => step.phase === 'done').length;
  const hints = steps.reduce((sum, step) => sum + step.hintsShown, 0);
  return `${met} ${done} ${hints} ${ended}`;
}

/** The value, or `late`. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
