// What ip(8) tells of an interface, and the names that a lab gives on the host. Pure.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOST_LINK, hostLinkName, netShell, parseLink } from '../../src/lab/net.ts';
import { questionKey } from '../../src/lab/questions.ts';
import { ParseError } from '../../src/text/errors.ts';

const test = suite('lab/net');

/** iproute2 6.1, kernel 6.12; a pair whose other end is in another namespace. */
const PAIR =
  '[{"ifindex":2,"link_index":3,"ifname":"to-r","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"qdisc":"noqueue","master":"br0","operstate":"UP","group":"default","txqlen":1000,"link_type":"ether","address":"2a:20:fa:9c:57:78","broadcast":"ff:ff:ff:ff:ff:ff","link_netnsid":7,"promiscuity":0,"linkinfo":{"info_kind":"veth"},"addr_info":[{"family":"inet","local":"10.11.0.1","prefixlen":24,"scope":"global","label":"to-r"},{"family":"inet6","local":"fe80::2820:faff:fe9c:5778","prefixlen":64,"scope":"link"},{"family":"inet6","local":"fd00::1","prefixlen":64,"scope":"global"}]}]';

test('a veth pair: kind, addresses without the automatic one, bridge, number of the other namespace', () => {
  assert.equal(parseLink(PAIR), {
    link: {
      name: 'to-r',
      ifindex: 2,
      kind: 'veth',
      up: true,
      addresses: ['10.11.0.1/24', 'fd00::1/64'],
      master: 'br0',
      peerNetns: null,
    },
    peer: 7,
  });
});

test('both ends in one namespace; lo; an interface of no kind; empty objects of older versions', () => {
  const here =
    '[{},{"ifindex":4,"link":"two","ifname":"one","flags":["BROADCAST"],"linkinfo":{"info_kind":"veth"},"addr_info":[]}]';
  assert.is(parseLink(here).peer, 'here');
  assert.is(parseLink(here).link.up, false);
  const lo =
    '[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"link_type":"loopback","addr_info":[{"local":"127.0.0.1","prefixlen":8,"scope":"host"}]}]';
  assert.equal(parseLink(lo).link.addresses, ['127.0.0.1/8']);
  assert.is(parseLink(lo).link.kind, 'loopback');
  assert.is(parseLink(lo).peer, null);
  const card =
    '[{"ifindex":3,"link":null,"ifname":"eth0","flags":["UP"],"link_type":"ether","addr_info":[]}]';
  assert.is(parseLink(card).link.kind, null);
  assert.is(parseLink(card).peer, null);
});

test('no input throws anything but ParseError', () => {
  const other = fc.oneof(
    fc.string(),
    fc.json(),
    fc.nat(PAIR.length).map((at) => PAIR.slice(0, at)),
  );
  fc.assert(
    fc.property(other, (text) => {
      try {
        parseLink(text);
      } catch (error) {
        assert.ok(error instanceof ParseError, String(error));
      }
    }),
  );
  assert.throws(() => parseLink('[]'), /expected one interface/);
});

test('names on the host tell the lab, and fit', () => {
  for (const count of [1, 12, 999]) {
    const name = hostLinkName('0123abcd', count);
    assert.ok(name.length < 16, name);
    assert.is(HOST_LINK.exec(name)?.[1], '0123abcd');
  }
  for (const other of ['eth0', 'ns-0123abcd', 'ns-0123abcg-1', 'xns-0123abcd-1', 'ns-0123abcd-1x', 'docker0'])
    assert.not.match(other, HOST_LINK);
});

test('the pid namespace is not entered: a pid after netns is one of the host', () => {
  assert.is(
    netShell({ pid: 7, user: true }, ['ip', 'link']),
    'nsenter --target 7 --user --preserve-credentials --net ip link',
  );
  assert.is(netShell({ pid: 7, user: false }, ['ip', 'link']), 'nsenter --target 7 --net ip link');
  assert.is(netShell(null, ['ip', 'link']), 'ip link');
});

test('a question with and without the other end is two questions', () => {
  const key = (peer: boolean) => questionKey({ ask: 'link', of: 'box', name: 'lo', peer });
  assert.is.not(key(true), key(false));
});

test.run();
