// The lines that belong to no pane: the header, the line of checks and notices, the footer with its key hints.
import { contextOf, keyHints } from '../app/keymap.ts';
import { currentStep } from '../app/target.ts';
import { treeRows } from '../app/rows.ts';
import { matchesOf } from '../app/search.ts';
import type { AppState, Notice, Prompt } from '../app/state.ts';

import { markdownLines } from '../text/markdown.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { cut, pad, width } from '../text/width.ts';
import { cgroupMode } from './host.ts';
import { verdictSign } from './goals.ts';
import { tell } from './pane-text.ts';

/** Wider than any terminal. */
const LABEL_COLUMNS = 1_000;

/** ` nscope › 6 UTS namespace › 3 of 6  Rename the box      root · cgroups hybrid · docker 20.10` */
export function headerLine(state: AppState, columns: number, paint: Paint): string {
  const left = ` ${paint('title', 'nscope')} › ${placeOf(state, paint)}`;
  const facts = factsOf(state);
  const room = columns - width(left) - 3;
  // Facts go one by one from the left where there is no room, whole or not at all.
  while (facts.length > 0 && width(facts.join(' · ')) > room) facts.shift();
  const right = facts.join(' · ');
  return cut(`${pad(left, columns - width(right) - 1)}${paint('dim', right)} `, columns);
}

function placeOf(state: AppState, paint: Paint): string {
  if (state.screen === 'home') return tell(state, 'home');
  if (state.screen === 'inspect') return tell(state, 'inspect');
  const session = state.session;
  const current = currentStep(state);
  if (!session) return '';
  const lesson = `${session.lesson.number} ${clean(session.lesson.title[state.lang])}`;
  const place = tell(state, 'stepOf', { at: session.index + 1, all: session.steps.length });
  return `${lesson} › ${place}  ${paint('strong', clean(current?.prose?.title ?? ''))}`;
}

function factsOf(state: AppState): string[] {
  const snapshot = state.snapshot;
  if (!snapshot) return state.paused ? [tell(state, 'paused')] : [];
  const mode = cgroupMode(snapshot.hierarchies);
  // In a lesson the form that is played, which may be a recording's.
  const variant = state.screen === 'lesson' ? state.session?.variant : undefined;
  const docker = snapshot.host.engines.find(
    (engine) => engine.socket.includes('docker') && engine.version.ok,
  );
  return [
    ...(docker?.version.ok ? [`docker ${clean(docker.version.value)}`] : []),
    ...(variant ? [`cgroups ${variant.cgroup}`] : mode === null ? [] : [`cgroups ${mode}`]),
    variant ? variant.mode : snapshot.host.uid === 0 ? 'root' : `uid ${snapshot.host.uid}`,
    ...(snapshot.source.kind === 'recorded' ? [recording(state, snapshot.source.title)] : []),
    ...(state.paused ? [tell(state, 'paused')] : []),
  ];
}

/** What is said wherever something comes from a recording. */
export function recording(state: AppState, title: string): string {
  return tell(state, 'recorded', { title: clean(title) });
}

/** What waits or went wrong, else the verdicts of the step. */
export function statusLine(state: AppState, columns: number, paint: Paint): string {
  const inner = columns - 2;
  if (state.busy !== null) return ` ${paint('warn', cut(tell(state, state.busy), inner))}`;
  if (state.prompt) return promptLine(state, state.prompt, inner, paint);
  if (state.notice) return ` ${paint('warn', cut(noticeText(state, state.notice), inner))}`;
  const session = state.screen === 'lesson' ? state.session : null;
  if (!session) return '';
  if (session.problem) {
    const { message, hint } = session.problem;
    return ` ${paint('bad', cut(`✗ ${clean(message)}${hint === null ? '' : ` ${clean(hint)}`}`, inner))}`;
  }
  if (session.ended) return ` ${paint('good', cut(tell(state, 'ended'), inner))}`;
  const at = currentStep(state)?.at;
  if (at?.phase === 'running') return ` ${paint('warn', tell(state, 'running'))}`;
  const verdicts = (at?.results ?? []).map(
    (result) => `${verdictSign(result, paint)} ${inline(result.label, paint)}`,
  );
  return cut(` ${verdicts.join('   ')}`, columns - 1);
}

/** What is being typed, with a cursor, and how many rows hold it. */
function promptLine(state: AppState, prompt: Prompt, columns: number, paint: Paint): string {
  const words = prompt.what === 'find' ? 'promptFind' : 'promptFilter';
  const rows = state.screen === 'home' ? [] : matchesOf(treeRows(state), prompt.text);
  const matches =
    prompt.text === '' || state.screen === 'home' ? '' : tell(state, 'promptMatches', { n: rows.length });
  const text = cut(tell(state, words, { text: `${prompt.text}▏` }), columns - width(matches) - 2);
  return ` ${paint('strong', text)}  ${paint('dim', matches)}`;
}

/** A label may hold Markdown; here it is one line. */
function inline(markdown: string, paint: Paint): string {
  return markdownLines(markdown, LABEL_COLUMNS, paint).join(' ');
}

function noticeText(state: AppState, notice: Notice): string {
  switch (notice.kind) {
    case 'choose-first':
      return tell(state, 'chooseFirst', { count: notice.count });
    case 'left-behind':
      return tell(state, 'leftBehind', { count: notice.count });
    case 'text':
      return notice.hint === null ? clean(notice.text) : `${clean(notice.text)} ${clean(notice.hint)}`;
    case 'already-run':
      return tell(state, 'alreadyRun');
    case 'still-running':
      return tell(state, 'stillRunning');
    case 'no-actor':
      return tell(state, 'noActor');
    case 'no-shell-recorded':
      return tell(state, 'noShellRecorded');
    case 'nobody-inside':
      return tell(state, 'nobodyInside');
    case 'shell-gone':
      return tell(state, 'shellGone', { name: clean(notice.name) });
    case 'no-hint':
      return tell(state, 'noHint');
    case 'not-a-task':
      return tell(state, 'notATask');
    case 'first-step':
      return tell(state, 'firstStep');
    case 'nothing-to-clean':
      return tell(state, 'nothingToClean');
    case 'no-match':
      return tell(state, 'noMatch', { text: notice.text });
    case 'nothing-selected':
      return tell(state, 'nothingSelected');
    case 'pin-two':
      return tell(state, 'pinTwo');
    case 'no-lesson':
      return tell(state, 'noLesson');
    case 'lesson-open':
      return tell(state, 'lessonOpen');
    case 'copied':
      return tell(state, 'copied', { text: notice.text });
  }
}

/** As many hints as fit; help and the way back stand at the right, whatever the width. */
export function footerLine(state: AppState, columns: number, paint: Paint): string {
  const hints = keyHints(contextOf(state), state).map(({ key, word }) => ({
    text: `${paint('strong', key)} ${word}`,
    last: key === '?' || key === 'q',
  }));
  const right = hints
    .filter((hint) => hint.last)
    .map((hint) => hint.text)
    .join('  ');
  let left = ' ';
  for (const hint of hints.filter((each) => !each.last)) {
    const more = left === ' ' ? ` ${hint.text}` : `${left}  ${hint.text}`;
    if (width(more) + 2 + width(right) + 1 > columns) break;
    left = more;
  }
  return `${pad(left, columns - width(right) - 1)}${right} `;
}
