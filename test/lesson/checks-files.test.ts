// The checks `file` and `mount`: passed, failed, left open where the kernel refused; what they expected, saw, and name as a proof.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Reading, unread, value } from '../../src/kernel/reading.ts';
import type { Answers, FileSeen, MountSeen, Question } from '../../src/lab/questions.ts';
import type { CheckContext } from '../../src/lesson/checks/check.ts';
import { evaluateCheck } from '../../src/lesson/checks/index.ts';
import type { Check, CheckResult } from '../../src/lesson/types.ts';
import { scene } from './scene.ts';

const test = suite('lesson/checks: files');

/** A context in which `answer` answers for the living actor `box`, and for the host. */
async function context(
  answer: (question: Question) => Reading<unknown>,
  lang: 'en' | 'zh-CN' = 'en',
): Promise<CheckContext> {
  const { context: made } = await scene({ box: ['mnt'] });
  return made({ lang, ask: async (question) => answer(question) as never });
}

const NOTE: FileSeen = {
  path: '/lab/note',
  exists: true,
  kind: 'file',
  mode: '644',
  uid: 0,
  gid: 0,
  dev: 7,
  ino: 42,
  device: null,
  target: null,
  text: 'hello\u001b there\nsecond\n',
};
const NONE: FileSeen = { path: '/lab/note', exists: false };

async function file(
  facts: object,
  answers: Readonly<Record<string, Reading<Answers['file']>>>,
): Promise<CheckResult> {
  const check = { check: 'file', id: 'f', of: 'box', path: '{dir:desk}/note', ...facts } as Check;
  return evaluateCheck(check, await context(({ of }) => answers[of] ?? unread('gone', '?')));
}

test('file: there or not', async () => {
  assert.equal(await file({ exists: true }, { box: value(NOTE) }), {
    id: 'f',
    verdict: 'pass',
    label: 'for box there is /lab/note',
    expected: 'it is there',
    seen: 'it is there',
    proof: 'ls -ldi /proc/9000/root/lab/note',
  });
  const gone = await file({ exists: true }, { box: value(NONE) });
  assert.equal([gone.verdict, gone.seen], ['fail', 'it is not there']);
  assert.is((await file({ exists: false }, { box: value(NONE) })).verdict, 'pass');
  assert.is((await file({ exists: false }, { box: value(NOTE) })).verdict, 'fail');
  const host = await file({ of: 'host', exists: true }, { host: value(NOTE) });
  assert.equal([host.verdict, host.proof], ['pass', 'ls -ldi /lab/note']);
});

test('file: a refusal is unknown, an end is a failure', async () => {
  const denied = await file({ exists: false }, { box: unread('denied', '/proc/9000/root/lab') });
  assert.equal([denied.verdict, denied.seen], ['unknown', 'the kernel refuses /proc/9000/root/lab']);
  assert.is((await file({ exists: false }, {})).verdict, 'fail');
  assert.is((await file({ of: 'fox', exists: false }, {})).seen, 'fox has not been started');
});

test('file: kind, text and device', async () => {
  assert.is((await file({ kind: 'file' }, { box: value(NOTE) })).verdict, 'pass');
  const kind = await file({ kind: 'directory' }, { box: value(NOTE) });
  assert.equal([kind.verdict, kind.expected, kind.seen], ['fail', 'directory', 'file']);
  const text = await file({ contains: 'second' }, { box: value(NOTE) });
  assert.is(text.verdict, 'pass');
  assert.not.match(text.seen, '\u001b');
  assert.is((await file({ contains: 'third' }, { box: value(NOTE) })).verdict, 'fail');
  assert.is((await file({ contains: 'x' }, { box: value(NONE) })).seen, 'it is not there');
  const whiteout: FileSeen = { ...NOTE, kind: 'character-device', device: '0:0', text: null };
  assert.is((await file({ device: '0:0' }, { box: value(whiteout) })).verdict, 'pass');
  assert.equal((await file({ device: '1:3' }, { box: value(whiteout) })).seen, '0:0');
  assert.equal((await file({ device: '1:3' }, { box: value(NOTE) })).verdict, 'fail');
});

test('file: the same as another of the host or of an actor', async () => {
  const same = { sameAs: '{rootfs:root}' };
  const passed = await file(same, { box: value(NOTE), host: value({ ...NOTE, path: '/lab/root' }) });
  assert.equal(
    [passed.verdict, passed.label, passed.seen],
    ['pass', 'for box /lab/note is the same file as /lab/root of the host', 'device 7, inode 42'],
  );
  for (const other of [{ ...NOTE, ino: 43 }, { ...NOTE, dev: 8 }, NONE])
    assert.is((await file(same, { box: value(NOTE), host: value(other) })).verdict, 'fail');
  assert.is(
    (await file(same, { box: value(NONE), host: value(NONE) })).verdict,
    'fail',
    'two absences are no file',
  );
  assert.is((await file(same, { box: value(NOTE), host: unread('denied', '/lab') })).verdict, 'unknown');
});

const MOUNT: MountSeen = {
  id: 5,
  parent: 1,
  root: '/',
  options: ['ro', 'relatime'],
  propagation: [],
  fstype: 'tmpfs',
  source: 'tmpfs',
};

async function mount(
  facts: object,
  mounts: readonly MountSeen[] | null,
  lang: 'en' | 'zh-CN' = 'en',
): Promise<CheckResult> {
  const check = { check: 'mount', id: 'm', of: 'box', target: '{dir:desk}', ...facts } as Check;
  const answer =
    mounts === null ? unread('denied', '/proc/9000/mountinfo') : value({ path: '/lab/desk', mounts });
  return evaluateCheck(check, await context(() => answer, lang));
}

test('mount: present or not', async () => {
  assert.equal(await mount({ present: true }, [MOUNT]), {
    id: 'm',
    verdict: 'pass',
    label: 'for box something is mounted at /lab/desk',
    expected: 'a line for /lab/desk',
    seen: 'tmpfs, ro,relatime, private',
    proof: "grep ' /lab/desk ' /proc/9000/mountinfo",
  });
  assert.equal((await mount({ present: true }, [])).seen, 'no line for /lab/desk');
  assert.is((await mount({ present: true }, [])).verdict, 'fail');
  assert.is((await mount({ present: false }, [])).verdict, 'pass');
  assert.is((await mount({ present: false }, [MOUNT])).verdict, 'fail');
  assert.is((await mount({ present: false }, null)).verdict, 'unknown');
  assert.is((await mount({ present: false }, [MOUNT], 'zh-CN')).label, 'box 的 /lab/desk 上没有挂载');
});

test('mount: the last of several counts', async () => {
  const proc = { ...MOUNT, fstype: 'proc', source: 'proc', options: ['rw'] };
  const facts = { fstype: 'proc', source: 'proc', option: 'rw' };
  assert.is((await mount(facts, [MOUNT, proc])).verdict, 'pass');
  for (const other of [{ fstype: 'tmpfs' }, { source: 'tmpfs' }, { option: 'ro' }])
    assert.is((await mount({ ...facts, ...other }, [MOUNT, proc])).verdict, 'fail');
});

test('mount: propagation', async () => {
  const kinds = [
    ['private', []],
    ['private', ['unbindable']],
    ['shared', ['shared:7']],
    ['slave', ['master:7']],
    ['shared', ['shared:9', 'master:7']],
  ] as const;
  for (const [is, propagation] of kinds)
    for (const asked of ['private', 'shared', 'slave'])
      assert.is(
        (await mount({ propagation: asked }, [{ ...MOUNT, propagation }])).verdict,
        asked === is ? 'pass' : 'fail',
      );
  assert.is((await mount({ propagation: 'private' }, [])).verdict, 'fail', 'no mount has none');
});

test.run();
