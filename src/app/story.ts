// Whose story the screen shows, and when it is wanted: on a wide inspect screen always, else while it lies over the panes. Pure.
import type { StoryFacts } from '../model/explain/facts.ts';
import type { ProcessRef } from '../model/types.ts';
import { hasStoryPane } from './layout.ts';
import type { AppState } from './state.ts';
import { sameRef, targetOf } from './target.ts';

/** The process whose story is to be read; null where none is shown. */
export function wantedStory(state: AppState): ProcessRef | null {
  if (state.screen !== 'inspect') return null;
  if (!hasStoryPane(state.size) && state.overlay?.kind !== 'story') return null;
  const target = targetOf(state);
  return target && { pid: target.ref.pid, starttime: target.ref.starttime };
}

/** What was read of the very process that is selected; null where that is still to come. */
export function shownStory(state: AppState): StoryFacts | null {
  const target = targetOf(state);
  const process = state.story?.process;
  return target && process && sameRef(process, target.ref) ? state.story : null;
}
