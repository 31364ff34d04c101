// The text of a recording: whatever is recorded is read back the same, and a text that is none is refused with its line.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRecording, printRecording, type Recording, recordedFs } from '../../src/host/recorded-fs.ts';
import { ParseError } from '../../src/text/errors.ts';

const test = suite('host/recorded-fs');
const NASTY = [
  '',
  '\n',
  'a\n\nb',
  '|x\n',
  '\\',
  '\\\n',
  '\\0',
  'a\0b\0',
  '\x1b[31m',
  'file /x\n',
  '\r\n',
  'x\ty',
  '名字\n',
  '\\x41',
];
const path = fc
  .array(
    fc.string({ minLength: 1, maxLength: 8 }).map((part) => part.replaceAll('/', '_')),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => `/${parts.join('/')}`);
const content = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }), fc.string());
const entry = fc.oneof(
  content.map((text) => ({ kind: 'file' as const, content: text })),
  content.map((text) => ({ kind: 'link' as const, target: text })),
  fc.constant({ kind: 'dir' as const }),
  fc
    .constantFrom('denied' as const, 'gone' as const, 'unsupported' as const)
    .map((why) => ({ kind: 'unread' as const, why })),
);
const stat = fc.record(
  { dev: fc.nat(), ino: fc.nat(), uid: fc.nat(), directory: fc.boolean() },
  { noNullPrototype: true },
);

test('what is recorded is read back the same', () => {
  fc.assert(
    fc.property(
      content,
      fc.array(fc.tuple(path, entry)),
      fc.array(fc.tuple(path, stat)),
      (title, entries, stats) => {
        const recording: Recording = { title, entries: new Map(entries), stats: new Map(stats) };
        const back = parseRecording(printRecording(recording), 'x');
        assert.is(back.title, title);
        assert.equal([...back.entries].sort(), [...recording.entries].sort());
        assert.equal([...back.stats].sort(), [...recording.stats].sort());
      },
    ),
    { numRuns: 500 },
  );
});

test('any text is a recording or a ParseError', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc
          .array(
            fc.constantFrom(
              'file /a',
              '|x',
              '\\',
              'link /b c',
              'stat /a 1 2 3 dir',
              'stat /a x',
              'unread /c why',
              'dir /',
            ),
          )
          .map((lines) => `nscope-recording 1\n${lines.join('\n')}`),
      ),
      (text) => {
        try {
          parseRecording(text, 'x');
        } catch (error) {
          assert.instance(error, ParseError);
        }
      },
    ),
  );
});

test('a wrong line is named', () => {
  assert.throws(
    () => parseRecording('nscope-recording 1\ntitle t\nfiel /x\n', 'my.host'),
    /my\.host:3: expected title, file, link, dir, stat or unread, found "fiel \/x"/,
  );
  assert.throws(
    () => parseRecording('nscope-recording 2\n', 'my.host'),
    /my\.host:1: expected `nscope-recording 1`/,
  );
});

test('reads like a host: files, links, directories, refusals, absences', () => {
  const fs = recordedFs(
    parseRecording(
      'nscope-recording 1\ntitle t\nfile /proc/7/stat\n|a b\nlink /proc/7/ns/uts uts:[1]\nunread /proc/7/ns/net denied\nstat /proc/7 1 2 1000 dir\ndir /run/empty\n',
      'x',
    ),
  );
  assert.equal(fs.readText('/proc/7/stat'), { ok: true, value: 'a b\n' });
  assert.equal(fs.readLink('/proc/7/ns/uts'), { ok: true, value: 'uts:[1]' });
  assert.equal(fs.readLink('/proc/7/ns/net'), { ok: false, why: 'denied', path: '/proc/7/ns/net' });
  assert.equal(fs.readText('/proc/8/stat'), { ok: false, why: 'gone', path: '/proc/8/stat' });
  assert.equal(fs.list('/proc/7/ns'), { ok: true, value: ['uts', 'net'] });
  assert.equal(fs.list('/run/empty'), { ok: true, value: [] });
  assert.equal(fs.list('/'), { ok: true, value: ['proc', 'run'] });
  const dir = fs.stat('/proc/7');
  assert.is(dir.ok && dir.value.uid, 1000);
});

test.run();
