import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AppState, ShellRun } from '../../src/app/state.ts';
import { update } from '../../src/app/update.ts';
import type { Effective } from '../../src/model/types.ts';
import { LANGS, type Lang } from '../../src/text/lang.ts';
import { onlySgr } from '../../src/text/sanitize.ts';
import { width } from '../../src/text/width.ts';
import { draw } from '../../src/view/screen.ts';
import {
  BOX,
  homeState,
  inspectState,
  lessonState,
  NETWORKS,
  session,
  snapshot,
  story,
  taskState,
  UTS,
  withStep,
} from '../app/fake.ts';
import { flat } from './flat.ts';

const test = suite('screens');

const HOSTILE = '\x1b]52;c;aGk=\x07\u009b31m\u202etxt\u200b{red-fg}中文名字';

const helpState = (lang: Lang, columns: number, rows: number): AppState =>
  update(lessonState(lang, columns, rows), { type: 'key', key: '?' }).state;
const confirmState = (lang: Lang, columns: number, rows: number): AppState =>
  update(lessonState(lang, columns, rows), { type: 'key', key: 'q' }).state;

const findState = (lang: Lang, columns: number, rows: number): AppState =>
  ['/', 'w'].reduce(
    (state, key) => update(state, { type: 'key', key }).state,
    inspectState(lang, columns, rows),
  );

const run = (text: string, more: Partial<ShellRun> = {}): ShellRun => ({
  text,
  fg: null,
  bg: null,
  bold: false,
  underline: false,
  inverse: false,
  cursor: false,
  ...more,
});

/** A shell in the box, with the focus. */
const shellState = (lang: Lang, columns: number, rows: number): AppState =>
  [
    { type: 'shell-opened', place: { kind: 'actor', name: 'box' } } as const,
    {
      type: 'shell-screen',
      screen: {
        back: 0,
        lines: [
          [run('$ nsenter --target 9120 --uts sh', { fg: 6 })],
          [run('box# hostname 容器')],
          [run('bin', { fg: 12, bold: true }), run('  '), run('run.sh', { fg: 40, bg: 235 })],
          [run('(END)', { inverse: true })],
          [run('box# '), run(' ', { cursor: true })],
        ],
      },
    } as const,
  ].reduce((state, action) => update(state, action).state, lessonState(lang, columns, rows));

const SCREENS = { home: homeState, lesson: lessonState, inspect: inspectState, help: helpState } as const;
const networksState = (lang: Lang, columns: number, rows: number): AppState =>
  [
    ...['t', 't', 't'].map((key) => ({ type: 'key', key }) as const),
    { type: 'networks', networks: NETWORKS } as const,
    { type: 'key', key: 'j' } as const,
  ].reduce((state, action) => update(state, action).state, inspectState(lang, columns, rows));

const storyState = (lang: Lang, columns: number, rows: number): AppState =>
  [{ type: 'key', key: 'w' } as const, { type: 'story', facts: story() } as const].reduce(
    (state, action) => update(state, action).state,
    inspectState(lang, columns, rows),
  );

const GOLDEN = {
  ...SCREENS,
  confirm: confirmState,
  shell: shellState,
  find: findState,
  networks: networksState,
  task: taskState,
  story: storyState,
} as const;
const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

/** The text alone; and what a dark terminal of 256 colours and one under NO_COLOR are sent, an escape shown as its picture. */
const FORMS = {
  txt: flat,
  dark: (state: AppState) => styled({ ...state, colour: '256' }),
  'no-color': (state: AppState) => styled({ ...state, colour: 'mono' }),
} as const;

function styled(state: AppState): readonly string[] {
  return draw(state).parts.flatMap(({ id, lines }) => [
    `== ${id}`,
    ...lines.map((line) => line.replaceAll('\x1b', '␛')),
  ]);
}

for (const [name, make] of Object.entries(GOLDEN)) {
  for (const lang of LANGS) {
    for (const [columns, rows] of SIZES) {
      for (const [form, linesOf] of Object.entries(FORMS)) {
        const file = `${name}-${columns}x${rows}.${lang}.${form}`;
        test(`golden ${file}`, () => {
          const path = new URL(`../../fixtures/golden/${file}`, import.meta.url);
          const text = `${linesOf(make(lang, columns, rows)).join('\n')}\n`;
          if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
          assert.fixture(text, readFileSync(path, 'utf8'));
        });
      }
    }
  }
}

/** Every part has exactly its rows, and every row exactly its columns. */
function exact(state: AppState, what: string): void {
  for (const { id, rect, lines } of draw(state).parts) {
    assert.is(lines.length, rect.height, `${what}: rows of ${id}`);
    for (const line of lines) {
      assert.is(width(line), rect.width, `${what}: ${id}: ${JSON.stringify(line)}`);
      assert.is(onlySgr(line), line, `${what}: ${id} is not clean`);
    }
  }
}

test('every line is as wide as its part, at every size, in every colour mode, in both languages', () => {
  for (const make of [
    ...Object.values(SCREENS),
    confirmState,
    shellState,
    networksState,
    taskState,
    storyState,
  ]) {
    for (const lang of LANGS) {
      for (const [columns, rows] of [
        [80, 24],
        [81, 25],
        [99, 33],
        [100, 34],
        [133, 37],
        [160, 48],
        [200, 60],
        [220, 70],
      ] as const) {
        const state = make(lang, columns, rows);
        for (const tab of ['tree', 'links', 'cgroup'] as const) {
          for (const colour of columns === 80
            ? (['none', 'mono', '16', '256'] as const)
            : (['256'] as const)) {
            exact({ ...state, tab, colour }, `${state.screen} ${tab} ${lang} ${columns}×${rows} ${colour}`);
          }
        }
      }
    }
  }
});

test('a window below 80×24 says so, and what it needs', () => {
  for (const lang of LANGS) {
    const rows = flat(homeState(lang, 60, 15));
    const text = rows.join('\n');
    assert.match(text, '60×15');
    assert.match(text, '80×24');
    assert.match(text, /\bq\b/);
    exact(homeState(lang, 60, 15), 'small');
    exact(homeState(lang, 12, 3), 'tiny');
  }
});

test('what strangers wrote does not reach the screen raw', () => {
  const lesson = session({
    labId: '7f3a',
    index: 1,
    actors: [{ ...BOX, name: HOSTILE }],
    before: snapshot(),
    lesson: { ...UTS, part: HOSTILE, title: { en: HOSTILE, 'zh-CN': HOSTILE } },
    output: [{ stream: 'stdout', text: HOSTILE }],
    problem: { message: HOSTILE, hint: HOSTILE },
  });
  const tested = withStep(lesson, 1, {
    phase: 'failed',
    results: [{ id: 'x', verdict: 'fail', label: HOSTILE, expected: HOSTILE, seen: HOSTILE, proof: HOSTILE }],
    plans: [{ shell: HOSTILE, touches: HOSTILE, undo: HOSTILE, privileged: true }],
  });
  const hostile = { type: 'snapshot', snapshot: snapshot({ box: true, hostile: HOSTILE }) } as const;
  const left = { kind: 'file', lab: 'x', what: HOSTILE, proof: HOSTILE, live: false } as const;
  const home = [
    hostile,
    { type: 'leftovers', leftovers: [left] } as const,
    {
      type: 'preflight',
      lines: [{ need: 'root', ok: false, line: { en: HOSTILE, 'zh-CN': HOSTILE } }],
    } as const,
    { type: 'notice', notice: { kind: 'text', text: HOSTILE, hint: HOSTILE } } as const,
  ].reduce((state, action) => update(state, action).state, homeState());
  const inLesson = update(update(lessonState(), hostile).state, { type: 'session', session: tested }).state;
  const states: readonly AppState[] = [
    home,
    update(home, { type: 'key', key: 'c' }).state,
    update(inspectState(), hostile).state,
    update(storyState('en', 200, 60), { type: 'story', facts: story(HOSTILE.replaceAll(/\s/g, '')) }).state,
    inLesson,
    { ...inLesson, tab: 'tree' },
    { ...inLesson, tab: 'cgroup' },
    { ...inLesson, size: { width: 140, height: 45 } },
  ];
  let told = 0;
  for (const state of states) {
    for (const { lines } of draw(state).parts) {
      for (const line of lines) {
        assert.not.match(line, /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/);
        if (line.includes('\\x1b')) told += 1;
      }
    }
    exact(state, state.screen);
  }
  assert.ok(told > 8, 'the hostile text is on the screens, in a visible form');
});

test('footers fit 80 columns and keep help and the way back', () => {
  for (const make of Object.values({ ...SCREENS, confirmState })) {
    for (const lang of LANGS) {
      const state = make(lang, 80, 24);
      const footer = flat(state).at(-1) ?? '';
      assert.ok(width(footer) <= 80, footer);
      if (state.overlay) continue;
      assert.match(footer, /\? \S+ {2}q \S+$/, footer);
      assert.match(footer, state.screen === 'inspect' ? /Tab/ : /Enter/);
    }
  }
});

test('signs say what colour says: own, shared, changed, unread, actor, container, edges', () => {
  const rows = flat(lessonState('en', 120, 40)).join('\n');
  assert.match(rows, '▐4026532201▌');
  assert.match(rows, /mnt +4026531841 +=/);
  assert.match(rows, /└╌ shim ee703c\S* 5609 +parent is 1/);
  assert.match(rows, /└─ ● web {2}sleep 1000 5632/);
  assert.match(rows, /◆ box {2}sleep infinity 9120 +uts +▐new▌/);
  const init = update(inspectState('en', 120, 40), { type: 'key', key: 'g' }).state;
  const denied = { ...init, selection: { kind: 'process', ref: { pid: 1, starttime: 10 } } } as const;
  const text = flat(denied).join('\n');
  assert.match(text, /mnt +4026531841 +\?/);
  assert.match(text, '? /proc/1/ns/mnt: denied');
});

test('the limit in force names the ancestor that sets it, and the last line proves a value', () => {
  const text = flat(lessonState('en', 120, 40)).join('\n');
  assert.match(text, 'in force 64 MiB, set by /nscope-7f3a');
  assert.match(text, 'same value: readlink /proc/9120/ns/uts');
  assert.match(text, '/sys/fs/cgroup/memory/nscope-7f3a/box/memory.limit_in_bytes');
});

test('a group that refuses its own limit is named beside the one in force, also where that is none', () => {
  const seen = snapshot({ box: true });
  const withDenied = (limit: Effective): AppState => {
    const groups = seen.groups.map((group) => ({
      ...group,
      controllers: group.controllers.map((one) =>
        one.name === 'memory' ? { ...one, effective: { limit } } : one,
      ),
    }));
    return update(lessonState('en', 200, 60), { type: 'snapshot', snapshot: { ...seen, groups } }).state;
  };
  const least = { value: 64n * 1024n * 1024n, setBy: '/nscope-7f3a', denied: ['/slice'] };
  assert.match(
    flat(withDenied(least)).join('\n'),
    'in force 64 MiB, set by /nscope-7f3a, or less: denied in /slice',
  );
  const none = { value: 'max', setBy: '/nscope-7f3a', denied: ['/slice'] } as const;
  assert.match(flat(withDenied(none)).join('\n'), 'in force no limit, set by /nscope-7f3a, or less: denied');
});

test('a task shows goal, what is, and the verdict in one row, beside the prose, in 38 columns too', () => {
  const rows = flat(taskState('en', 80, 24));
  assert.match(rows.join('\n'), /goal +now/);
  assert.match(rows.join('\n'), /box has a uts of +4026532201 +✓/);
  assert.match(rows.join('\n'), /the host name of +lighthouse +✗/);
  assert.match(rows.join('\n'), 'expected not');
  assert.match(rows.join('\n'), /its limit is at +denied +\?/);
  // Its words say what is expected already.
  assert.not.match(rows.join('\n'), 'expected at most');
  assert.match(rows.join('\n'), 'Give the box another name.');
  const renewed = withStep(taskState().session ?? session(), 2, {
    results: [
      {
        id: 'name',
        verdict: 'pass',
        label: 'another name',
        expected: '',
        seen: 'box-1 '.repeat(40),
        proof: '',
      },
    ],
  });
  const now = flat(update(taskState(), { type: 'session', session: renewed }).state).join('\n');
  assert.match(now, /another name +box-1 box-1 +✓/);
  assert.is(now.match(/box-1 box-1/g)?.length, 3);
});

test('a table of goals that would take most of the pane stands in the text, and scrolls with it', () => {
  const state = taskState();
  const [first] = state.session?.steps[2]?.results ?? [];
  assert.ok(first);
  const many = Array.from({ length: 12 }, (_, at) => ({
    ...first,
    id: `r${at}`,
    label: `goal number ${at}`,
  }));
  const long = update(state, {
    type: 'session',
    session: withStep(state.session ?? session(), 2, { results: many }),
  }).state;
  const top = flat(long).join('\n');
  assert.match(top, 'Give the box another name.');
  assert.match(top, 'goal number 0');
  assert.not.match(top, 'goal number 11');
  const drawn = update({ ...long, focus: 'lesson' }, { type: 'measured', extents: draw(long).extents }).state;
  const bottom = update(drawn, { type: 'key', key: 'G' }).state;
  assert.match(flat(bottom).join('\n'), 'goal number 11');
});

test('in a replay every pane says so', () => {
  const replay = session({
    source: { kind: 'recording', title: 'Debian 13' },
    shown: snapshot({ box: true }),
  });
  const state = update(homeState('en', 120, 40), { type: 'session-opened', session: replay }).state;
  const said =
    flat(state)
      .join('\n')
      .match(/recorded on Debian 13/g) ?? [];
  assert.is(said.length, 5);
  const narrow = update(homeState('en', 80, 24), { type: 'session-opened', session: replay }).state;
  assert.is(
    (
      flat(narrow)
        .join('\n')
        .match(/recorded on D/g) ?? []
    ).length,
    3,
  );
});

test('in a live lesson, a step from the recording and one that is skipped say so in every pane', () => {
  for (const [source, said] of [
    [{ kind: 'recording', title: 'Debian 13' }, /recorded on Debian 13/g],
    [{ kind: 'skipped', title: 'no docker' }, /skipped here: no docker/g],
  ] as const) {
    const mixed = session({ base: { kind: 'live' }, source });
    const state = update(homeState('en', 120, 40), { type: 'session-opened', session: mixed }).state;
    assert.is((flat(state).join('\n').match(said) ?? []).length, 5);
  }
});

test('on a recorded host every lesson says that it plays its recording, whatever it needs', () => {
  const home = homeState('en', 120, 40);
  const recorded = { ...snapshot(), source: { kind: 'recorded', title: 'elsewhere' } } as const;
  const told = (state: AppState) => flat(state).filter((line) => line.includes('recorded here')).length;
  const before = told(home);
  assert.ok(before < home.lessons.length, 'a live host runs some of them');
  assert.is(told(update(home, { type: 'snapshot', snapshot: recorded }).state), home.lessons.length);
});

test('a lesson tells its variant, and which step was done before', () => {
  const variant = { mode: 'rootless', cgroup: 'v2', controllers: {} } as const;
  const own = session({ variant });
  const steps = own.steps.map((step) => ({ ...step, doneBefore: true as const }));
  const state = update(homeState('en', 120, 40), {
    type: 'session-opened',
    session: { ...own, steps },
  }).state;
  const text = flat(state).join('\n');
  assert.match(text.split('\n')[0] ?? '', 'cgroups v2 · rootless');
  assert.match(text, 'done before');
});

test('a first screen before anything was read shows that it waits', () => {
  const empty = { ...homeState(), snapshot: null, preflight: null, leftovers: null };
  const text = flat(empty).join('\n');
  assert.match(text, 'reading the host');
  assert.match(text, 'trying what this host can do');
  exact(empty, 'empty');
});

test('two drawings of one state are the same', () => {
  assert.equal(draw(lessonState()), draw(lessonState()));
});

test.run();
