// /proc/PID/cmdline: empty words, titles, hostile words.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCmdline } from '../../../src/kernel/proc/cmdline.ts';
import { clean } from '../../../src/text/sanitize.ts';
import { hostile } from '../../text/hostile.ts';

const test = suite('kernel/proc/cmdline');

test('a command line is words, sanitised, empty ones kept', () => {
  const cases: readonly [string, string[]][] = [
    ['', []],
    ['sleep\0infinity\0', ['sleep', 'infinity']],
    ['sh\0-c\0\0', ['sh', '-c', '']],
    ['a\0\0b\0', ['a', '', 'b']],
    ['nginx: master process /usr/sbin/nginx', ['nginx: master process /usr/sbin/nginx']],
    ['sshd: listener\0\0\0\0\0', ['sshd: listener']],
    ['\0', ['']],
    ['x\0\x1b]52;c;eA==\x07\0', ['x', '\\x1b]52;c;eA==\\x07']],
    ['a\nb\0', ['a\\nb']],
  ];
  for (const [text, expected] of cases) assert.equal(parseCmdline(text), expected, JSON.stringify(text));
  const word = hostile.map((text) => text.replaceAll('\0', ''));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      fc.pre(words.length < 3 || words.slice(1).some((each) => each !== ''));
      assert.equal(parseCmdline(words.map((each) => `${each}\0`).join('')), words.map(clean));
    }),
  );
});

test.run();
