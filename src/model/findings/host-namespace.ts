// Finding: a container shares a namespace with the host that its engine runs on. user is told only where the engine remaps users and was asked
// to spare this one: docker shares it by default.
import { type Message, say } from '../../text/lang.ts';
import { processAt } from '../find.ts';
import { hostNamespaces } from '../hostview.ts';
import type { Container, Process, Snapshot } from '../types.ts';
import { containerSubject, type Examined, type Finding } from './finding.ts';
import { FINDINGS } from './messages.ts';
import { shimOf } from './shims.ts';

const TYPES = ['pid', 'net', 'ipc', 'user'] as const;
type Told = (typeof TYPES)[number];

const MESSAGES: Readonly<Record<Told, Message>> = {
  pid: FINDINGS.hostPid,
  net: FINDINGS.hostNet,
  ipc: FINDINGS.hostIpc,
  user: FINDINGS.hostUser,
};
const LESSONS: Readonly<Record<Told, string>> = {
  pid: 'pid-namespace',
  net: 'network-namespace',
  ipc: 'ipc-namespace',
  user: 'user-namespace',
};

export function hostNamespace(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  return snapshot.containers.flatMap((container): Finding[] => {
    const init = container.init ? processAt(snapshot, container.init) : null;
    if (!init || init.state === 'Z') return [];
    const spared = examined.containers.find(({ id }) => id === container.id)?.usernsHost === true;
    const host = engineNamespaces(snapshot, container);
    const shared = TYPES.filter((type) => {
      const [theirs, own] = [host.ns[type], init.ns[type]];
      return theirs.ok && own.ok && theirs.value === own.value && (type !== 'user' || spared);
    });
    const [first] = shared;
    if (first === undefined) return [];
    const subject = containerSubject(container);
    const sentence = (lang: keyof Message) =>
      say(lang, FINDINGS.hostNamespace, {
        name: subject.name,
        types: shared.map((type) => MESSAGES[type][lang]).join(FINDINGS.hostNamespaceAnd[lang]),
      });
    const options = shared.map((type) => `--${type === 'user' ? 'userns' : type} host`).join(', ');
    const next = (lang: keyof Message) => say(lang, FINDINGS.hostNamespaceNext, { options });
    return [
      {
        id: 'host-namespace',
        severity: 'warning',
        subject,
        sentence: { en: sentence('en'), 'zh-CN': sentence('zh-CN') },
        evidence: shared.flatMap((type) => [
          { file: `/proc/${init.pid}/ns/${type}`, value: linkOf(init, type) },
          { file: `/proc/${host.pid}/ns/${type}`, value: linkOf(init, type) },
        ]),
        proof: `readlink ${shared.flatMap((type) => [`/proc/${init.pid}/ns/${type}`, `/proc/${host.pid}/ns/${type}`]).join(' ')}`,
        next: { en: next('en'), 'zh-CN': next('zh-CN') },
        lesson: LESSONS[first],
        pids: [...container.pids],
      },
    ];
  });
}

/** The host of a container is where its engine is: an engine may itself be in namespaces of its own (docker in docker, rootless). */
function engineNamespaces(snapshot: Snapshot, container: Container): { pid: number; ns: Process['ns'] } {
  const shim = shimOf(snapshot, container);
  return shim ? { pid: shim.pid, ns: shim.ns } : { pid: 1, ns: hostNamespaces(snapshot) };
}

function linkOf({ ns }: Process, type: Told): string {
  const link = ns[type];
  return link.ok ? `${type}:[${link.value}]` : link.why;
}
