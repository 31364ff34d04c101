// /proc/PID/net/dev: the names of interfaces, with the counters after them glued on or not.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseNetDev } from '../../../src/kernel/proc/net-dev.ts';

const test = suite('kernel/proc/net-dev');

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

test('the names in order, not the heads', () => {
  const text = `${HEAD}    lo:       0       0    0\neth0.5:12345678   9 0\n  veth1a2b: 0 0\n`;
  assert.equal(parseNetDev(text), ['lo', 'eth0.5', 'veth1a2b']);
  assert.equal(parseNetDev(HEAD), []);
  assert.equal(parseNetDev(''), []);
});

test.run();
