// The tree of networks: each network namespace with its interfaces, ports below their bridge, and of each pair where its other end is. Rows only.
import { containerOf, namespaceAt, processByPid } from '../model/find.ts';
import { hostNamespaces } from '../model/hostview.ts';
import { isPair, type Network, type NetTrouble, type SeenLink } from '../model/network.ts';
import { commandOf, containerLabel } from '../model/tree.ts';
import type { Namespace, Snapshot } from '../model/types.ts';
import { edge, under } from '../text/branches.ts';
import { type Message, say } from '../text/lang.ts';
import { count, plainRow } from './other-trees.ts';
import type { TreeRow } from './tree-row.ts';
import type { AppState, Selection } from './state.ts';
import { isReplay, labActors, shownNetworks } from './target.ts';

const WORDS = {
  host: { en: 'host', 'zh-CN': '宿主机' },
  reading: { en: 'reading its interfaces …', 'zh-CN': '正在读取网络接口 …' },
  pair: { en: '{name} ══ {peer} in {place}', 'zh-CN': '{name} ══ {peer}（{place}）' },
  pairHere: { en: '{name} ══ {peer}', 'zh-CN': '{name} ══ {peer}' },
  on: { en: '{name} on {peer} in {place}', 'zh-CN': '{name}，父接口 {peer}（{place}）' },
  onHere: { en: '{name} on {peer}', 'zh-CN': '{name}，父接口 {peer}' },
  up: { en: 'up', 'zh-CN': '已启用' },
  down: { en: 'down', 'zh-CN': '未启用' },
  physical: { en: 'physical', 'zh-CN': '物理网卡' },
} as const satisfies Readonly<Record<string, Message>>;

const TROUBLES: Readonly<Record<NetTrouble['why'], Message>> = {
  recorded: { en: 'the recording holds no interfaces', 'zh-CN': '录像中没有网络接口的信息' },
  missing: {
    en: 'ip(8) or nsenter(1) is missing: {said}',
    'zh-CN': '缺少 ip(8) 或 nsenter(1)：{said}',
  },
  denied: { en: 'denied: {said}', 'zh-CN': '权限不足：{said}' },
  unreachable: {
    en: 'neither a process nor a mount leads into it {said}',
    'zh-CN': '没有进程或挂载点可以进入该命名空间 {said}',
  },
  failed: { en: 'could not be read: {said}', 'zh-CN': '读取失败：{said}' },
};

/** Every network namespace of the snapshot, the host's first, then those with most processes. */
export function networkRows(state: AppState, snapshot: Snapshot): readonly TreeRow[] {
  const host = hostNamespaces(snapshot).net;
  const rank = ({ inode }: Namespace): number => (host.ok && host.value === inode ? 0 : 1);
  const namespaces = snapshot.namespaces
    .filter(({ type }) => type === 'net')
    .toSorted((a, b) => rank(a) - rank(b) || b.members.length - a.members.length || a.inode - b.inode);
  const networks = new Map((shownNetworks(state) ?? []).map((network) => [network.inode, network]));
  return namespaces.flatMap((namespace) => {
    const { inode } = namespace;
    const name = placeName(state, snapshot, inode);
    const label = [name, `net:[${inode}]`, count(namespace.members.length, state.lang)].join('  ');
    return [
      plainRow({ selection: { kind: 'namespace', type: 'net', inode }, lead: '', kind: 'namespace', label }),
      ...interfaceRows(state, snapshot, inode, networks.get(inode)),
    ];
  });
}

/** Whose namespace it is: the host's, a container's, an actor's; else its first process, or the mount that pins it. */
function placeName(state: AppState, snapshot: Snapshot, inode: number): string {
  const host = hostNamespaces(snapshot).net;
  if (host.ok && host.value === inode) return say(state.lang, WORDS.host);
  const namespace = namespaceAt(snapshot, 'net', inode);
  const members = namespace?.members ?? [];
  const actor = labActors(state).find(({ pid }) => members.includes(pid));
  if (actor) return `◆ ${actor.name}`;
  const containers = new Set(members.flatMap((pid) => containerOf(snapshot, pid) ?? []));
  if (containers.size > 0) return [...containers].map((one) => `● ${containerLabel(one)}`).join(' ');
  const [pid] = members;
  const first = pid === undefined ? null : processByPid(snapshot, pid);
  if (first) return `${commandOf(first).split(' ')[0] ?? ''} ${first.pid}`;
  return namespace?.pins[0] ?? `net:[${inode}]`;
}

function interfaceRows(
  state: AppState,
  snapshot: Snapshot,
  inode: number,
  network: Network | undefined,
): readonly TreeRow[] {
  const links = network?.links ?? [];
  const note = noteOf(state, network);
  // What is a port of something that is not in sight stands at the top, rather than nowhere.
  const top = links.filter((link) => !leadsUp(links, link));
  const rows: TreeRow[] = [];
  const walk = (level: readonly SeenLink[], indent: string, more: boolean): void => {
    for (const [at, link] of level.entries()) {
      const last = !more && at === level.length - 1;
      const selection: Selection = { kind: 'interface', inode, ifindex: link.ifindex };
      const label = labelOf(state, snapshot, inode, link);
      rows.push(plainRow({ selection, lead: indent + edge(last, false), kind: 'interface', label }));
      const ports = links.filter((port) => port.master === link.name && leadsUp(links, port));
      walk(ports, indent + under(last), false);
    }
  };
  walk(top, '', note !== null);
  if (note === null) return rows;
  const selection: Selection = { kind: 'interface', inode, ifindex: 0 };
  return [...rows, plainRow({ selection, lead: edge(true, false), kind: 'interface', label: note })];
}

/** True where the way from master to master begins in sight and has an end: two looks' halves could make a ring, which no row would lead to. */
function leadsUp(links: readonly SeenLink[], link: SeenLink): boolean {
  const seen = new Set([link]);
  let at = links.find(({ name }) => name === link.master);
  const found = at !== undefined;
  while (at && !seen.has(at)) {
    seen.add(at);
    const { master }: SeenLink = at;
    at = links.find(({ name }) => name === master);
  }
  return found && !at;
}

/** Why there are no interfaces, or names alone; null where all is told. */
function noteOf(state: AppState, network: Network | undefined): string | null {
  if (isReplay(state)) return `? ${say(state.lang, TROUBLES.recorded)}`;
  if (!network) return say(state.lang, WORDS.reading);
  if (!network.trouble) return null;
  const { why, said } = network.trouble;
  return `? ${say(state.lang, TROUBLES[why], { said }).trimEnd()}`;
}

function labelOf(state: AppState, snapshot: Snapshot, inode: number, link: SeenLink): string {
  const told = link.up !== null;
  return [
    headOf(state, snapshot, inode, link),
    ...(told
      ? [
          `${link.kind ?? say(state.lang, WORDS.physical)} ${say(state.lang, link.up ? WORDS.up : WORDS.down)}`,
        ]
      : []),
    ...(link.addresses.length > 0 ? [link.addresses.join(' ')] : []),
  ].join('  ');
}

function headOf(state: AppState, snapshot: Snapshot, inode: number, link: SeenLink): string {
  const { name, far } = link;
  if (far === null) return name;
  const peer = far.name ?? '?';
  const pair = isPair(link);
  if (far.inode === null || far.inode === inode)
    return say(state.lang, pair ? WORDS.pairHere : WORDS.onHere, { name, peer });
  const place = placeName(state, snapshot, far.inode);
  return say(state.lang, pair ? WORDS.pair : WORDS.on, { name, peer, place });
}
