// The running program whatever shows it: actions become states, effects are performed, and every ending closes the lab before it resolves.
// What an action means is app/update.ts'; how a state looks is the front's.
import type { Action, Effect } from '../app/actions.ts';
import { type AppState, type Size, startState } from '../app/state.ts';
import { update } from '../app/update.ts';
import { UserError } from '../text/errors.ts';
import { type Message, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { logCrash } from './crash.ts';
import { listenForEndings } from './ending.ts';
import type { MakeFront } from './front.ts';
import { hostLooks } from './host-looks.ts';
import { lessonSession } from './lesson-session.ts';
import type { TuiOptions } from './options.ts';
import { shells } from './shells.ts';

/** How long the closing of a lab may take before the program goes without it. */
const CLOSE_MS = 15_000;
const HOST_CLOSE_MS = 2_000;
/** A second Ctrl-C or SIGTERM does not wait for the lab; one that comes sooner was meant with the first. */
const FORCE_AFTER_MS = 1_000;
/** Exit codes of Ctrl-C (the key too) and SIGTERM. */
const FORCING: readonly number[] = [130, 143];

const NOT_CLEANED: Message = {
  en: 'nscope: the lab was not cleaned up to its end; run: nscope cleanup',
  'zh-CN': 'nscope：实验环境未清理完毕；请运行：nscope cleanup',
};
const LEFT: Message = {
  en: 'nscope: could not remove {kind} {what}; run: nscope cleanup',
  'zh-CN': 'nscope：无法移除 {kind} {what}；请运行：nscope cleanup',
};

/**
 * Runs the program until it is left. `size` is the terminal's at the start. Resolves to the exit code: 0, 1 after a crash, 128 + N after
 * signal N. When it resolves, the terminal is as it was and the lab is closed, or a line on stderr says what is left.
 */
export function runProgram(options: TuiOptions, size: Size, makeFront: MakeFront): Promise<number> {
  return new Promise((resolve) => start(options, size, makeFront, resolve));
}

function start(options: TuiOptions, size: Size, makeFront: MakeFront, resolve: (code: number) => void): void {
  let ending: { readonly code: number; readonly at: number } | null = null;
  let over = false;
  let drawing: NodeJS.Immediate | null = null;
  let state: AppState = startState({
    ...options,
    size,
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
    if (over || shell.hasTerminal()) return;
    shell.fit();
    // What the panes hold is known only now; it changes nothing that is on the screen.
    const measured = update(state, { type: 'measured', extents: front.show(state) });
    state = measured.state;
    for (const effect of measured.effects) perform(effect);
  };

  const dispatch = (action: Action): void => {
    // While a shell has the terminal, what is typed is the shell's.
    if (over || (shell.hasTerminal() && (action.type === 'key' || action.type === 'mouse'))) return;
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

  // What fails here fails in the scan too, which says it.
  const looks = hostLooks(options.host, () => state, dispatch);

  const perform = (effect: Effect): void => {
    switch (effect.effect) {
      case 'quit':
        finish(effect.code);
        return;
      case 'open-lesson':
        attempt(lesson.open(effect.id));
        return;
      case 'close-lesson':
        attempt(closeLesson());
        return;
      case 'session':
        attempt(callSession(effect.call));
        return;
      case 'choose':
        lesson.choose(effect.choice);
        return;
      case 'shell':
        attempt(shell.open(effect.place));
        return;
      case 'shell-scroll':
        shell.scroll(effect.lines);
        return;
      case 'end-shell':
        attempt(shell.end());
        return;
      case 'watch':
        options.host.watch(effect.refs);
        return;
      case 'networks':
        looks.networks.want(effect.on);
        return;
      case 'story':
        looks.story.want(effect.of !== null);
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
        front.copy(effect.text);
        return;
    }
  };

  const closeLesson = async (): Promise<void> => {
    await shell.end();
    await lesson.close();
    await lookAtLeftovers();
  };

  const callSession = async (call: Extract<Effect, { effect: 'session' }>['call']): Promise<void> => {
    await lesson.call(call);
    // The panes are to show what the operations did, not what was before the next tick.
    if (call === 'run' || call === 'solve') await options.host.refresh();
  };

  /** What was typed in a shell is to be seen at once, and what a task waits for too; not while the reading is stopped. */
  const lookAgain = (): void => {
    redraw();
    if (state.paused || ending) return;
    const at = state.session?.steps[state.session.index];
    attempt(at?.phase === 'working' ? lesson.call('check') : options.host.refresh().then(() => {}));
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
    looks.stop();
    redraw();
    closeAll().then(
      (lines) => leave(code, lines),
      (error: unknown) => leave(code, [String(error), say(state.lang, NOT_CLEANED)]),
    );
  };

  const closeAll = async (): Promise<readonly string[]> => {
    await shell.end();
    const lab = lesson.closeForGood();
    const left = await within(lab, CLOSE_MS);
    await within(options.host.close(), HOST_CLOSE_MS);
    if (left === 'late') return [say(state.lang, NOT_CLEANED)];
    return left.map((one) => say(state.lang, LEFT, { kind: one.kind, what: clean(one.what) }));
  };

  /** Gives the terminal back and ends the loop. */
  const leave = (code: number, lines: readonly string[]): void => {
    if (over) return;
    over = true;
    if (drawing !== null) clearImmediate(drawing);
    front.leave();
    stopListening();
    stopHost();
    for (const line of lines) process.stderr.write(`${line}\n`);
    resolve(code);
  };

  const stopListening = listenForEndings({
    onSignal: (code, signal) => {
      // On a cooked terminal Ctrl-C is meant for the shell that has it.
      if (shell.hasTerminal() && signal === 'SIGINT') return;
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
    await shell.end();
    front.leave();
    stopHost();
    process.stderr.write(`${line}\n`);
    const lines = await closeAll().catch(() => [say(state.lang, NOT_CLEANED)]);
    stopListening();
    for (const one of lines) process.stderr.write(`${one}\n`);
    resolve(1);
  };

  const lesson = lessonSession(options, dispatch, attempt);
  const shell = shells({
    front: () => front,
    state: () => state,
    send: dispatch,
    maker: options.shells,
    inActor: (name, term) => lesson.shellIn(name, term),
    ending: () => over || ending !== null,
    onQuiet: lookAgain,
  });
  const front = makeFront(dispatch, shell.keys);
  const stopHost = options.host.subscribe((snapshot) => dispatch({ type: 'snapshot', snapshot }));
  options.onHostFailure?.((message) => tell(new Error(message)));

  paintNow();
  attempt(lookAtLeftovers());
  looks.findings.want(true);
  attempt(options.preflight().then((lines) => dispatch({ type: 'preflight', lines })));
  if (typeof options.initial === 'object' && 'lesson' in options.initial) {
    attempt(lesson.open(options.initial.lesson));
  }
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
