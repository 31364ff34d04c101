// Markdown as lines for a pane: every block and span, CJK, hostile sources, styles.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { markdownLines } from '../../src/text/markdown.ts';
import { onlySgr } from '../../src/text/sanitize.ts';
import { paintFor } from '../../src/text/sgr.ts';
import { width } from '../../src/text/width.ts';
import { cells, plain } from './cells.ts';
import { hostile } from './hostile.ts';

const test = suite('text/markdown');
const none = paintFor('none');
const lines = (markdown: string, columns = 30): string[] => markdownLines(markdown, columns, none);

test('headings, paragraphs, rules', () => {
  assert.equal(lines('# A name\n\nText of\ntwo lines.\n\n## Next\n\n---\n'), [
    'A name',
    '──────',
    '',
    'Text of two lines.',
    '',
    'Next',
    '',
    '─'.repeat(30),
  ]);
  assert.equal(lines(''), []);
  assert.equal(lines('\n\n<!-- step: one -->\n\n'), []);
});

test('spans: emphasis, code, links, breaks, escapes, entities', () => {
  assert.equal(lines('a *b* **c** `d  e` \\*f\\* &lt;g&gt; &#x41;&#66; &copy; &constructor;', 60), [
    'a b c d  e *f* <g> AB &copy; &constructor;',
  ]);
  assert.equal(lines('one  \ntwo'), ['one', 'two']);
  assert.equal(lines('see [unshare](https://x.org/u) and <https://y.org>', 60), [
    'see unshare (https://x.org/u) and https://y.org',
  ]);
  assert.equal(lines('[t](https://x.org/?a=1&amp;b=2) &amp;lt;', 60), ['t (https://x.org/?a=1&b=2) &lt;']);
  assert.equal(lines('![a picture](p.png) ~~gone~~', 60), ['a picture (p.png) ~~gone~~']);
});

test('lists, nested, ordered, loose, tasks', () => {
  assert.equal(lines('- a\n- b\n  1. c\n  2. d\n'), ['• a', '• b', '  1. c', '  2. d']);
  assert.equal(lines('9. nine\n10. ten words that go over the edge of it'), [
    '9.  nine',
    '10. ten words that go over the',
    '    edge of it',
  ]);
  assert.equal(lines('- a\n\n  more\n\n- b'), ['• a', '', '  more', '', '• b']);
  assert.equal(lines('- [ ] open\n- [x] done'), ['• [ ] open', '• [x] done']);
  assert.equal(lines('- a\n\n      $ code'), ['• a', '', '    $ code']);
});

test('code blocks keep their lines and spaces, long ones go on below', () => {
  assert.equal(lines('```sh\n$ ls  -l\n\n\tx\n```'), ['  $ ls  -l', '', '          x']);
  assert.equal(lines('```\nunshare --uts --fork --pid sleep 1000\n```', 20), [
    '  unshare --uts',
    '  --fork --pid sleep',
    '  1000',
  ]);
});

test('block quotes and tables', () => {
  assert.equal(lines('> a\n>\n> - b'), ['│ a', '│', '│ • b']);
  assert.equal(lines('| file | value |\n|---|--:|\n| memory.max | 64 |\n| `pids.max` | max |'), [
    'file        value',
    '──────────  ─────',
    'memory.max     64',
    'pids.max      max',
  ]);
  assert.equal(lines('| a | b |\n|-|-|\n| some words here | 很长的一段中文文字 |', 20), [
    'a          b',
    '─────────  ─────────',
    'some       很长的一',
    'words      段中文文',
    'here       字',
  ]);
});

test('a source line that ends between CJK characters is no space, beside Latin it is one', () => {
  assert.equal(lines('内核保存\n主机名', 40), ['内核保存主机名']);
  assert.equal(lines('**内核**\n`保存` UTS\n名字', 40), ['内核保存 UTS 名字']);
  assert.equal(lines('the\nkernel', 40), ['the kernel']);
});

test('comments vanish, other raw HTML is shown as it is written', () => {
  assert.equal(lines('a <!-- x --><b>b</b>'), ['a <b>b</b>']);
  assert.equal(lines('<script>\nalert(1)\n</script>'), ['<script>', 'alert(1)', '</script>']);
});

test('what a stranger wrote is made visible in every place', () => {
  const evil = '\x1b]0;t\x07\u202e';
  const seen = '\\x1b]0;t\\x07\\u{202e}';
  assert.equal(lines(`${evil} \`${evil}\``, 80), [`${seen} ${seen}`]);
  assert.equal(lines(`\`\`\`\n${evil}\n\`\`\``, 80), [`  ${seen}`]);
  assert.equal(lines(`&#27;[31m &#0; &#x202e;`, 80), ['\\x1b[31m \ufffd \\u{202e}']);
});

test('styles: a title, code, links, and emphasis around them', () => {
  const styled = markdownLines('# T\n\n**a `b` c** [d](e)', 40, paintFor('256'));
  assert.equal(styled, [
    '\x1b[1mT\x1b[22m',
    '\x1b[38;5;243m─\x1b[39m',
    '',
    '\x1b[1ma \x1b[38;5;30mb\x1b[39m c\x1b[22m \x1b[4m\x1b[38;5;32md\x1b[39m\x1b[24m \x1b[38;5;243m(e)\x1b[39m',
  ]);
});

const PIECES = [
  '# ',
  '\n\n',
  '\n',
  '- ',
  '1. ',
  '> ',
  '`',
  '```\n',
  '**',
  '*',
  '[a](b)',
  '| a | b |\n|-|-|\n',
  '<b>',
  '    ',
  'word ',
  '中文',
];
const source = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), hostile), { maxLength: 20 })
  .map((pieces) => pieces.join(''));

test('any source: safe lines that fit, no style left open, the same text with and without styles', () => {
  fc.assert(
    fc.property(source, fc.integer({ min: 60, max: 120 }), (markdown, columns) => {
      const styled = markdownLines(markdown, columns, paintFor('256'));
      for (const line of styled) {
        assert.ok(width(line) <= columns, JSON.stringify(line));
        assert.is(onlySgr(line), line);
        assert.is(cells(line).open, false);
      }
      assert.equal(styled.map(plain), markdownLines(markdown, columns, none));
    }),
    { numRuns: 400 },
  );
});

test.run();
