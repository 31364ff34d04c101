// The three shapes that an answer of the reducer has.
import type { Effect, Updated } from './actions.ts';
import type { AppState, Notice } from './state.ts';

export function only(state: AppState): Updated {
  return { state, effects: [] };
}

export function doing(state: AppState, ...effects: readonly Effect[]): Updated {
  return { state, effects };
}

export function telling(state: AppState, notice: Notice): Updated {
  return only({ ...state, notice });
}
