// /proc/PID/limits: a real text, damaged texts, what is printed parses back.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseLimits } from '../../../src/kernel/proc/limits.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/proc/limits');
const PATH = '/proc/1/limits';

const HEAD = 'Limit                     Soft Limit           Hard Limit           Units     \n';
const LIMITS = `${HEAD}Max cpu time              unlimited            unlimited            seconds   
Max open files            1024                 1048576              files     
Max nice priority         0                    0                    
Max realtime timeout      unlimited            unlimited            us        
`;

test('soft and hard limits by name', () => {
  assert.equal(parseLimits(LIMITS, PATH), {
    'Max cpu time': { soft: 'max', hard: 'max' },
    'Max open files': { soft: 1024n, hard: 1048576n },
    'Max nice priority': { soft: 0n, hard: 0n },
    'Max realtime timeout': { soft: 'max', hard: 'max' },
  });
  assert.equal(parseLimits(HEAD, PATH), {});
});

test('says where and what when a line has another form', () => {
  for (const line of ['Max open files', 'Max open files   many  1  files', '', 'Max open files  1\n'])
    isParseError(() => parseLimits(`${HEAD}${line}\n`, PATH), PATH);
});

test('what is printed parses back', () => {
  const number = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constant('max' as const));
  const word = (limit: bigint | 'max') => (limit === 'max' ? 'unlimited' : String(limit));
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z][a-z]{0,10}( [a-z]{1,5})?$/), number, number, (name, soft, hard) => {
      const line = `${name.padEnd(25)} ${word(soft).padEnd(20)} ${word(hard).padEnd(20)} bytes     \n`;
      assert.equal(parseLimits(HEAD + line, PATH), { [name]: { soft, hard } });
    }),
  );
});

test('any text yields a value or a ParseError', () => {
  onlyParseErrors(parseLimits, fc.constant(LIMITS));
});

test.run();
