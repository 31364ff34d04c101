// The operations on networks and pins, in an order in which a lesson could run them; those on the host as root alone. For crash-child.ts.
import type { LabMode, Operation } from '../../src/lab/types.ts';

const sleeper = (name: string, inside?: string): Operation => ({
  op: 'actor',
  name,
  namespaces: inside === undefined ? ['net', 'mnt'] : ['net'],
  inside,
  command: ['sleep', 'infinity'],
});

/** RFC 5737 keeps 198.51.100.0/24 for documentation: no host is there. */
export const ON_HOST: readonly Operation[] = [
  {
    op: 'veth',
    name: 'cable',
    of: 'host',
    address: '198.51.100.1/30',
    peer: 'eth9',
    peerOf: 'left',
    peerAddress: '198.51.100.2/30',
  },
  { op: 'bridge', name: 'bridge', of: 'host', ports: ['cable'] },
  { op: 'pin', name: 'here', of: 'left', type: 'net' },
  { op: 'pin', name: 'other', of: 'left', type: 'uts' },
  { op: 'unpin', pin: 'other' },
];

export function netOperations(mode: LabMode): readonly Operation[] {
  return [
    sleeper('switch'),
    sleeper('left', 'switch'),
    sleeper('right', 'switch'),
    { op: 'veth', name: 'eth0', of: 'left', address: '10.11.0.1/24', peer: 'to-left', peerOf: 'switch' },
    {
      op: 'veth',
      name: 'to-right',
      of: 'switch',
      peer: 'eth0',
      peerOf: 'right',
      peerAddress: '10.11.0.2/24',
    },
    {
      op: 'bridge',
      name: 'br0',
      of: 'switch',
      ports: ['to-left', 'to-right'],
      address: '10.11.0.254/24',
    },
    { op: 'pin', name: 'kept', of: 'right', type: 'net', in: 'switch' },
    {
      op: 'run',
      in: 'switch',
      command: ['nsenter', '--net={pin:kept}', 'ip', 'link', 'show', 'dev', 'eth0'],
    },
    { op: 'signal', actor: 'right', signal: 'KILL', from: 'host' },
    ...(mode === 'root' ? ON_HOST : []),
    { op: 'unpin', pin: 'kept' },
    { op: 'pin', name: 'last', of: 'left', type: 'net', in: 'switch' },
  ];
}
