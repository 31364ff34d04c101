// What the keys of the lesson screen do: Enter by the step's phase, choices, hints, the solution.
import type { SessionState } from '../lesson/types.ts';
import type { Updated } from './actions.ts';
import type { Command } from './keymap.ts';
import type { AppState } from './state.ts';
import { currentStep } from './target.ts';
import { doing, only, telling } from './updated.ts';

export function performInLesson(state: AppState, command: Command, key: string): Updated {
  const session = state.session;
  const current = currentStep(state);
  if (!session || !current) return only(state);
  const { step, at, prose } = current;
  switch (command) {
    case 'go-on':
      return wentOn(state, session);
    case 'choose': {
      const choice = step.choices[Number(key) - 1];
      if (!choice || (step.kind !== 'predict' && step.kind !== 'quiz')) return only(state);
      if (at.phase !== 'choosing' && at.phase !== 'ready') return telling(state, { kind: 'already-run' });
      return doing(state, { effect: 'choose', choice: choice.id });
    }
    case 'hint':
      if (at.phase !== 'working' || at.hintsShown >= (prose?.hints.length ?? 0))
        return telling(state, { kind: 'no-hint' });
      return doing(state, { effect: 'session', call: 'hint' });
    case 'solve':
      if (step.kind !== 'task') return telling(state, { kind: 'not-a-task' });
      if (at.phase === 'running') return telling(state, { kind: 'still-running' });
      return doing(state, { effect: 'session', call: 'solve' });
    case 'step-back':
      if (session.index === 0) return telling(state, { kind: 'first-step' });
      return doing(state, { effect: 'session', call: 'back' });
    default:
      return only(state);
  }
}

/** Enter: whatever this step wants next. Running is always of what stands on the screen. */
function wentOn(state: AppState, session: SessionState): Updated {
  const current = currentStep(state);
  // After the end an earlier step can be looked at again: from there the way is forward, not out.
  if (session.ended && session.index === session.steps.length - 1) return leave(state);
  if (!current) return only(state);
  switch (current.at.phase) {
    case 'choosing':
      return telling(state, { kind: 'choose-first', count: current.step.choices.length });
    case 'ready':
      return doing(state, { effect: 'session', call: 'run' });
    case 'running':
      return telling(state, { kind: 'still-running' });
    case 'working':
      // In a replay nobody can act: the recording plays what was done.
      return doing(state, { effect: 'session', call: session.source.kind === 'live' ? 'check' : 'solve' });
    case 'failed':
      return doing(state, { effect: 'session', call: current.step.kind === 'task' ? 'check' : 'run' });
    default:
      return doing(state, { effect: 'session', call: 'next' });
  }
}

export function leave(state: AppState): Updated {
  return doing({ ...state, overlay: null, busy: 'closing' }, { effect: 'close-lesson' });
}
