// The line that is typed to find rows or to filter them, and the search itself. Which key is which command is keymap.ts'.
import { clean } from '../text/sanitize.ts';
import { focused, selectedAt, showing, treeChosen } from './moves.ts';
import { cursorRow, lessonRows } from './lesson-rows.ts';
import { selectedRow, treeRows } from './rows.ts';
import { nextMatch } from './search.ts';
import type { AppState, Prompt } from './state.ts';

export function prompted(state: AppState, what: Prompt['what']): AppState {
  const { selection, cursor, filter } = state;
  const text = what === 'filter' ? filter : '';
  const front = state.screen === 'home' ? state : focused(state, 'tree');
  return { ...front, prompt: { what, text, before: { selection, cursor, filter } } };
}

/** A key that is no command of the prompt is a character of its text. */
export function typed(state: AppState, key: string): AppState {
  const character = key === 'space' ? ' ' : key;
  if (!state.prompt || [...character].length !== 1 || clean(character) !== character) return state;
  return worded(state, state.prompt.text + character);
}

const LONGEST_PROMPT = 60;

function worded(state: AppState, words: string): AppState {
  const { prompt } = state;
  if (!prompt) return state;
  const text = [...words].slice(0, LONGEST_PROMPT).join('');
  const next = { ...state, prompt: { ...prompt, text } };
  if (prompt.what === 'filter') return treeChosen({ ...next, filter: text });
  const { selection, cursor } = prompt.before;
  return foundFrom({ ...next, selection, cursor }, text, 0, 1) ?? { ...next, selection, cursor };
}

export function prompting(state: AppState, command: 'accept' | 'cancel' | 'erase' | 'erase-all'): AppState {
  const { prompt } = state;
  if (!prompt) return state;
  switch (command) {
    case 'erase':
      return worded(state, [...prompt.text].slice(0, -1).join(''));
    case 'erase-all':
      return worded(state, '');
    case 'cancel':
      return treeChosen({ ...state, ...prompt.before, prompt: null });
    case 'accept': {
      const missed = prompt.what === 'find' && prompt.text !== '' && !hasMatch(state, prompt.text);
      return {
        ...state,
        prompt: null,
        sought: prompt.what === 'find' ? prompt.text : state.sought,
        notice: missed ? { kind: 'no-match', text: prompt.text } : null,
      };
    }
  }
}

function hasMatch(state: AppState, text: string): boolean {
  return foundFrom(state, text, 0, 1) !== null;
}

/** The state with the next match selected, `skip` rows from the one that is; null where nothing holds the text. */
export function foundFrom(state: AppState, text: string, skip: number, by: 1 | -1): AppState | null {
  if (text === '') return null;
  if (state.screen === 'home') return foundLesson(state, text, skip, by);
  const rows = treeRows(state);
  const at = nextMatch(rows, text, Math.max(0, selectedRow(rows, state)) + skip, by);
  return at === null ? null : selectedAt(focused(state, 'tree'), at);
}

function foundLesson(state: AppState, text: string, skip: number, by: 1 | -1): AppState | null {
  const lessons = lessonRows(state).flatMap((row) => (row.kind === 'lesson' ? [row.lesson] : []));
  const start =
    Math.max(
      0,
      lessons.findIndex((lesson) => lesson.id === state.cursor),
    ) + skip;
  for (let step = 0; step < lessons.length; step += 1) {
    const lesson = lessons[(start + by * step + lessons.length) % lessons.length];
    const words = lesson ? `${lesson.number} ${lesson.id} ${lesson.title[state.lang]}` : '';
    if (lesson && words.toLowerCase().includes(text.toLowerCase())) {
      const next = { ...state, cursor: lesson.id };
      return showing(next, 'lessons', cursorRow(lessonRows(next), next));
    }
  }
  return null;
}
