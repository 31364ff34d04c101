// What ip(8) of iproute2 prints of network interfaces as JSON, as values. Runs nothing.
import { z } from 'zod';
import type { NetLink, OtherEnd } from '../model/network.ts';
import { ParseError } from '../text/errors.ts';

const told = z.array(
  z.object({
    ifname: z.string().optional(),
    ifindex: z.number().int().optional(),
    flags: z.array(z.string()).optional(),
    link_type: z.string().optional(),
    master: z.string().optional(),
    link: z.string().nullable().optional(),
    link_index: z.number().int().optional(),
    link_netnsid: z.number().int().optional(),
    linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
    addr_info: z
      .array(
        z.object({
          local: z.string().optional(),
          prefixlen: z.number().int().optional(),
          scope: z.string().optional(),
        }),
      )
      .optional(),
  }),
);
type Told = z.infer<typeof told>[number];

/** The interfaces that `ip -json -details address show` prints, in its order. Throws ParseError where it prints something else. */
export function parseLinks(text: string): readonly NetLink[] {
  const bad = () => new ParseError('ip -json -details address show', 'interfaces', text);
  let json: unknown;
  try {
    json = JSON.parse(repaired(text));
  } catch {
    throw bad();
  }
  const parsed = told.safeParse(json);
  if (!parsed.success) throw bad();
  // Older ones print an empty object for each interface that was not asked for.
  return parsed.data.flatMap((one) => {
    const { ifname, ifindex } = one;
    if (ifname === undefined && ifindex === undefined) return [];
    if (ifname === undefined || ifindex === undefined) throw bad();
    return [
      {
        ifindex,
        name: ifname,
        kind: one.linkinfo?.info_kind ?? (one.link_type === 'loopback' ? 'loopback' : null),
        up: one.flags?.includes('UP') === true,
        addresses: addressesOf(one),
        master: one.master ?? null,
        other: otherOf(one),
      },
    ];
  });
}

/** A name may hold what JSON has no escape for: `'`, which some versions write as `\'`, and a control character, which sanitising made `\x1b`. */
function repaired(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|["\\/bfnrt])|\\(.)/g, (whole, _good, other?: string) =>
    other === undefined ? whole : other === "'" ? "'" : `\\\\${other}`,
  );
}

function addressesOf({ addr_info = [] }: Told): readonly string[] {
  return addr_info
    .filter(({ local, scope }) => local !== undefined && scope !== 'link')
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
}

/** A tunnel that is bound to no interface has the link `null`; a namespace that has no number yet has -1. */
function otherOf({ link, link_index, link_netnsid }: Told): OtherEnd | null {
  if (typeof link === 'string') return { in: 'here', name: link };
  if (link_netnsid === undefined || link_index === undefined || link_index === 0) return null;
  return { in: 'there', ifindex: link_index, netnsid: link_netnsid < 0 ? null : link_netnsid };
}
