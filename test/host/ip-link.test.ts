// What ip(8) prints of a namespace's interfaces: where the other end is, and names that its JSON cannot hold.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseLinks } from '../../src/host/ip-link.ts';
import { ParseError } from '../../src/text/errors.ts';

const test = suite('host/ip-link');

const told = (...links: readonly object[]) => parseLinks(JSON.stringify(links));
const other = (more: object) =>
  told({ ifindex: 2, ifname: 'x', linkinfo: { info_kind: 'veth' }, ...more })[0]?.other;

test('the other end: here by name, there by number, none', () => {
  assert.equal(other({ link: 'y' }), { in: 'here', name: 'y' });
  assert.equal(other({ link_index: 3, link_netnsid: 0 }), { in: 'there', ifindex: 3, netnsid: 0 });
  // -1: the namespace has no number for the other one yet.
  assert.equal(other({ link_index: 3, link_netnsid: -1 }), { in: 'there', ifindex: 3, netnsid: null });
  assert.is(other({ link: null }), null);
  assert.is(other({}), null);
  assert.is(other({ link_index: 0, link_netnsid: 0 }), null);
});

test('names with quotes and what sanitising made of control characters are read, as valid escapes are', () => {
  const named = (name: string) => parseLinks(`[{"ifindex":1,"ifname":"${name}"}]`)[0]?.name;
  assert.is(named("it\\'s"), "it's");
  assert.is(named('a\\"b'), 'a"b');
  assert.is(named('e\\x1b[31m'), 'e\\x1b[31m');
  assert.is(named('u\\u{202e}t'), 'u\\u{202e}t');
  assert.is(named('b\\\\x1b'), 'b\\x1b');
  assert.is(named('\\u0041'), 'A');
});

test('one without a name or an index is refused, an empty object of older versions is left out', () => {
  assert.equal(told({}, { ifindex: 1, ifname: 'lo' }).length, 1);
  for (const bad of ['[{"ifindex":1}]', '[{"ifname":"x"}]', '{}', '', '[1]'])
    assert.throws(
      () => parseLinks(bad),
      (error: unknown) => error instanceof ParseError,
    );
});

test.run();
