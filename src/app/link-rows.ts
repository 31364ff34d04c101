// Which row of the links pane is selected: a namespace type. Pure.
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import type { AppState } from './state.ts';
import { currentStep } from './target.ts';

/** The type that the cursor of the links pane is on: the learner's choice, else what the step points at, else the first. */
export function linkType(state: AppState): NsType {
  if (state.link !== null) return state.link;
  const pointAt = state.screen === 'lesson' ? (currentStep(state)?.step.pointAt ?? []) : [];
  return NS_TYPES.find((type) => pointAt.includes(type)) ?? NS_TYPES[0];
}
