import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  commandOfKey,
  type Context,
  goOnWord,
  KEYMAP,
  keyHints,
  keyNames,
  keyRows,
  keyTable,
} from '../../src/app/keymap.ts';
import { LANGS } from '../../src/text/lang.ts';
import { homeState, lessonState, session, withStep } from './fake.ts';

const test = suite('keymap');

const CONTEXTS: readonly Context[] = ['home', 'lesson', 'inspect', 'help', 'confirm', 'small'];

test('one key means one thing on one screen', () => {
  for (const context of CONTEXTS) {
    const keys = KEYMAP.filter((entry) => entry.where.includes(context)).flatMap((entry) => entry.keys);
    assert.is(new Set(keys).size, keys.length, `${context}: ${keys.join(' ')}`);
    assert.ok(keys.length > 0, context);
  }
});

test('every entry has words in both languages', () => {
  for (const entry of KEYMAP) {
    for (const lang of LANGS) {
      assert.ok(entry.help[lang].length > 0, entry.command);
      if (entry.hint) assert.ok(entry.hint[lang].length > 0, entry.command);
    }
    assert.match(entry.help['zh-CN'], /\p{Script=Han}/u, entry.command);
  }
});

test('Ctrl-C works everywhere, q on every screen', () => {
  for (const context of CONTEXTS) assert.is(commandOfKey(context, 'C-c'), 'interrupt', context);
  for (const context of ['home', 'lesson', 'inspect', 'small'] as const) {
    assert.is(commandOfKey(context, 'q'), 'back', context);
  }
});

test('nothing that removes or quits hangs on Esc or on a letter of the confirmation but y', () => {
  for (const context of CONTEXTS) {
    const command = commandOfKey(context, 'escape');
    assert.ok(
      command === null || ['no', 'close', 'whole', 'cancel'].includes(command),
      `${context}: ${command}`,
    );
  }
  const yes = KEYMAP.find((entry) => entry.command === 'yes');
  assert.equal(yes?.keys, ['enter', 'y']);
});

test('an unknown key means nothing', () => {
  assert.is(commandOfKey('home', 'Z'), null);
  assert.is(commandOfKey('help', 'c'), null);
  assert.is(commandOfKey('small', 'enter'), null);
});

test('the hints of a lesson say what Enter does now', () => {
  const word = (phase: 'reading' | 'choosing' | 'ready' | 'working' | 'failed') =>
    goOnWord({ ...lessonState(), session: withStep(session(), 0, { phase }) }).en;
  assert.is(word('reading'), 'next');
  assert.is(word('choosing'), 'choose');
  assert.is(word('ready'), 'run');
  assert.is(word('working'), 'check');
  assert.is(word('failed'), 'run again');
  const choosing = { ...lessonState(), session: withStep(session({ index: 1 }), 1, { phase: 'choosing' }) };
  const hints = keyHints('lesson', choosing);
  assert.equal(hints.find((hint) => hint.word === 'answer')?.key, '1-2');
});

test('a hint of no use is left out: nothing to clean, no actor', () => {
  const keys = (state: ReturnType<typeof homeState>) => keyHints('home', state).map((hint) => hint.key);
  assert.not.ok(keys(homeState()).includes('c'));
  const left = { kind: 'file', lab: 'x', what: '/x', proof: 'ls /x', live: false } as const;
  assert.ok(keys({ ...homeState(), leftovers: [left] }).includes('c'));
  assert.not.ok(
    keyHints('lesson', { ...lessonState(), session: session() }).some((hint) => hint.key === 's'),
  );
  assert.ok(keyHints('lesson', lessonState()).some((hint) => hint.key === 's'));
});

test('help rows and the README table hold every entry', () => {
  for (const lang of LANGS) {
    const table = keyTable(lang);
    assert.is(table.trimEnd().split('\n').length, KEYMAP.length + 2);
    for (const entry of KEYMAP) assert.ok(table.includes(entry.help[lang]), entry.command);
    assert.is(keyRows(lang, null).length, KEYMAP.length);
  }
  const choose = KEYMAP.find((entry) => entry.command === 'choose');
  assert.is(choose && keyNames(choose), '1-9');
});

test.run();
