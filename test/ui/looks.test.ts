// Looks at the host that are repeated: one at a time, while they are wanted, the next at once where something else is wanted.
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repeatedLook } from '../../src/ui/looks.ts';
import { until } from '../support/process.ts';

const test = suite('ui/looks');

/** A look that waits until it is let go. */
function held() {
  const waiting: ((value: number | null) => void)[] = [];
  const told: number[] = [];
  let begun = 0;
  const look = (): Promise<number | null> => {
    begun += 1;
    return new Promise((resolve) => waiting.push(resolve));
  };
  return {
    look,
    told,
    tell: (value: number) => told.push(value),
    begun: () => begun,
    answer: (value: number | null) => waiting.shift()?.(value),
  };
}

test('one after the other while it is wanted, and no more after that', async () => {
  const { look, tell, told, begun, answer } = held();
  const repeated = repeatedLook(look, tell, 1);
  assert.is(begun(), 0);
  repeated.want(true);
  await sleep(20);
  assert.is(begun(), 1);
  answer(7);
  await until('a second look', () => begun() === 2);
  assert.equal(told, [7]);
  repeated.want(false);
  answer(8);
  await sleep(30);
  assert.is(begun(), 2);
  assert.equal(told, [7, 8]);
});

test('what is wanted anew while a look is under way, or in the pause, is looked at without waiting', async () => {
  const { look, tell, begun, answer } = held();
  const repeated = repeatedLook(look, tell, 60_000);
  repeated.want(true);
  repeated.want(true);
  assert.is(begun(), 1);
  answer(1);
  await until('the look that was wanted meanwhile', () => begun() === 2);
  answer(2);
  await sleep(20);
  assert.is(begun(), 2);
  repeated.want(true);
  assert.is(begun(), 3);
  repeated.want(false);
});

test('a look that fails or finds nothing to tell is followed by the next', async () => {
  const told: number[] = [];
  let begun = 0;
  const repeated = repeatedLook(
    () => {
      begun += 1;
      return begun === 1 ? Promise.reject(new Error('no')) : Promise.resolve(begun === 2 ? null : begun);
    },
    (value) => told.push(value),
    1,
  );
  repeated.want(true);
  await until('a third look', () => told.length > 0);
  repeated.want(false);
  assert.is(told[0], 3);
});

test.run();
