// Splitting prose files at their markers.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseProse, stepBody, stepTitle } from '../../src/lesson/prose.ts';

const test = suite('lesson/prose');

const GOOD = `# A title

The summary,
on two lines.

More of the front that is not the summary.

<!-- step: one -->
## The first

Some text.

<!-- choice: one.a -->
- \`a\` in words,
  on two lines

<!-- choice: one.b -->
- b

<!-- explain: one -->
Because.

<!-- hint: one -->
1. Think.

<!-- hint: one -->
2. Type.

<!-- check: one.x -->
- it is so
`;

test('takes a file apart', () => {
  const prose = parseProse(GOOD);
  assert.is(prose.title, 'A title');
  assert.is(prose.summary, 'The summary, on two lines.');
  assert.equal(prose.faults, []);
  assert.equal(
    prose.parts.map(({ marker, id, text }) => [marker, id, text]),
    [
      ['step', 'one', '## The first\n\nSome text.'],
      ['choice', 'one.a', '`a` in words,\non two lines'],
      ['choice', 'one.b', 'b'],
      ['explain', 'one', 'Because.'],
      ['hint', 'one', 'Think.'],
      ['hint', 'one', 'Type.'],
      ['check', 'one.x', 'it is so'],
    ],
  );
  assert.is(prose.parts[0]?.line, 8);
  assert.is(stepTitle('## The first\n\nSome text.'), 'The first');
  assert.is(stepBody('## The first\n\nSome text.'), 'Some text.');
});

test('reads CRLF and a byte order mark as if they were not there', () => {
  assert.equal(parseProse(`\uFEFF${GOOD.replaceAll('\n', '\r\n')}`), parseProse(GOOD));
});

test('a marker inside a code block is text, and other comments stay', () => {
  const text =
    '# T\n\nS.\n\n<!-- step: a -->\n## H\n\n```\n<!-- step: b -->\n```\n\n<!-- for translators -->\nx\n';
  const { parts, faults } = parseProse(text);
  assert.equal(faults, []);
  assert.is(parts.length, 1);
  assert.match(parts[0]?.text ?? '', '<!-- step: b -->');
  assert.match(parts[0]?.text ?? '', '<!-- for translators -->');
});

const FAULTS: readonly (readonly [string, string, string, number])[] = [
  ['Text first.\n', 'no-title', 'Text first.', 1],
  ['# T\n\n<!-- step: a -->\n## H\nx\n', 'no-summary', 'T', 1],
  ['# T\n\nS.\n\n<!-- step: a -->\nno heading\n', 'no-heading', 'a', 5],
  ['# T\n\nS.\n\n<!-- explain: a -->\n\n', 'empty', 'explain: a', 5],
  ['# T\n\nS.\n\n<!-- stp: a -->\n## H\nx\n', 'unknown-marker', 'stp', 5],
  ['# T\n\nS.\n\n<!-- choice: a -->\n- x\n', 'bad-id', 'choice: a', 5],
  ['# T\n\nS.\n\n<!-- step: A b -->\n## H\nx\n', 'bad-id', 'step: A b', 5],
  ['# T\n\nS.\n\n<!-- explain: a -->\nx\n\n<!-- explain: a -->\ny\n', 'twice', 'explain: a', 8],
];

for (const [text, fault, found, line] of FAULTS) {
  test(`says: ${fault} (${found})`, () => {
    assert.equal(parseProse(text).faults[0], { fault, found, line });
  });
}

test('what is written with markers comes back from them', () => {
  const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const line = fc.stringMatching(/^[A-Za-z一-龥][A-Za-z一-龥 .,`*]{0,30}[a-z]$/);
  const part = fc.record({ id, title: line, text: fc.array(line, { minLength: 1, maxLength: 4 }) });
  fc.assert(
    fc.property(
      line,
      line,
      fc.uniqueArray(part, { selector: (one) => one.id, maxLength: 6 }),
      (title, summary, parts) => {
        const written = [
          `# ${title}`,
          summary,
          ...parts.map((one) => `<!-- step: ${one.id} -->\n## ${one.title}\n\n${one.text.join('\n\n')}`),
        ].join('\n\n');
        const read = parseProse(`${written}\n`);
        assert.equal(read.faults, []);
        assert.is(read.title, title);
        assert.is(read.summary, summary);
        assert.equal(
          read.parts.map((one) => [one.id, stepTitle(one.text), stepBody(one.text)]),
          parts.map((one) => [one.id, one.title, one.text.join('\n\n')]),
        );
      },
    ),
  );
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('<!-- step: a -->', '```', '# T', '')), {
        maxLength: 20,
      }),
      (lines) => {
        const { faults } = parseProse(lines.join('\n'));
        assert.ok(Array.isArray(faults));
      },
    ),
  );
});

test.run();
