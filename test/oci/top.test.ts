// Docker's answer to "top" of a container, and what is not one.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTop } from '../../src/oci/top.ts';
import { isParseError, onlyParseErrors } from '../text/hostile.ts';

const test = suite('oci/top');
const SOURCE = '/run/docker.sock';
const text = (titles: unknown, rows: unknown) => JSON.stringify({ Titles: titles, Processes: rows });

test('the pids, wherever the column stands', () => {
  assert.equal(parseTop(text(['PID'], [['7'], ['12']]), SOURCE), [7, 12]);
  assert.equal(parseTop(text(['UID', 'PID', 'CMD'], [['root', '7', 'sh -c x']]), SOURCE), [7]);
  assert.equal(parseTop(text(['PID'], null), SOURCE), []);
});

test('another form is a ParseError', () => {
  for (const bad of [
    '',
    'null',
    text(['COMMAND'], []),
    text(['PID'], [['x']]),
    text(['PID'], [[]]),
    text(['PID'], [7]),
  ])
    isParseError(() => parseTop(bad, SOURCE), SOURCE);
  onlyParseErrors(parseTop, fc.constantFrom(text(['PID', 'CMD'], [['7', 'sh']]), text(['PID'], null)));
});

test.run();
