// Finds out what this host can do for the lessons by doing it once. Leaves nothing behind; keeps no answer.
import { mkdtempSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { askEngines, engineSockets, NO_ANSWERS } from '../host/engine-api.ts';
import { run } from '../host/exec.ts';
import type { HostFs } from '../host/fs.ts';
import { liveHost, takeSnapshot } from '../host/host.ts';
import { liveFs } from '../host/live-fs.ts';
import { UserError } from '../text/errors.ts';
import { LANGS, type Lang, type Message, say } from '../text/lang.ts';
import { PREFLIGHT } from './messages.ts';
import { complaint, isRoot, tryRoot, tryUserNamespace } from './mode.ts';
import { openLab } from './open.ts';
import { stateDir as findStateDir, stateDirError } from './state-dir.ts';
import type { LabMode } from './types.ts';
import { findProgram, staticBusybox } from './userland.ts';

/** What lessons can need. `namespaces`: root or a user namespace, one of both is enough. */
export const NEEDS = [
  'util-linux',
  'root',
  'user-namespaces',
  'namespaces',
  'network-namespaces',
  'cgroups',
  'busybox',
  'docker',
  'state-directory',
] as const;
export type Need = (typeof NEEDS)[number];

/** Plain data. */
export interface NeedResult {
  readonly need: Need;
  readonly ok: boolean;
  /** One line: how it is met, or what is missing and how to get it. */
  readonly message: Readonly<Record<Lang, string>>;
}

type Values = Readonly<Record<string, string>>;

function result(need: Need, ok: boolean, message: Message, values: Values = {}): NeedResult {
  const lines = LANGS.map((lang) => [lang, say(lang, message, values)] as const);
  return { need, ok, message: Object.fromEntries(lines) as Record<Lang, string> };
}

const TOOLS = ['unshare', 'nsenter', 'setpriv'];

async function tools(): Promise<NeedResult> {
  const missing = TOOLS.filter((tool) => findProgram(tool) === null);
  if (missing.length > 0)
    return result('util-linux', false, PREFLIGHT.toolsNot, { tools: missing.join(', ') });
  const { stdout } = await run('unshare', ['--version'], { timeoutMs: 5000 });
  return result('util-linux', true, PREFLIGHT.toolsOk, { version: stdout.replace(/^.*util-linux /, '') });
}

function busybox(): NeedResult {
  const path = staticBusybox();
  return path === null
    ? result('busybox', false, PREFLIGHT.busyboxNot)
    : result('busybox', true, PREFLIGHT.busyboxOk, { path });
}

/** A pair and a bridge in a namespace that ends with the command. The kernel loads modules for them where it has none yet. */
async function network(mode: LabMode | null): Promise<NeedResult> {
  const need = 'network-namespaces';
  if (findProgram('ip') === null) return result(need, false, PREFLIGHT.networkNoIp);
  const user = mode === 'root' ? [] : ['--user', '--map-root-user'];
  const make = 'ip link add one type veth peer name two && ip link add three type bridge';
  const reason = await complaint(['unshare', ...user, '--net', 'sh', '-c', make]);
  return reason === null
    ? result(need, true, PREFLIGHT.networkOk)
    : result(need, false, PREFLIGHT.networkNot, { reason });
}

/** Any docker daemon of this host will do, at whichever socket it was told to listen on. */
async function docker(fs: HostFs): Promise<NeedResult> {
  const seen = await takeSnapshot({ ...liveHost(), fs }, { engines: NO_ANSWERS });
  const sockets = engineSockets(fs, seen.processes, seen.self).filter(({ engine }) => engine === 'docker');
  const { engines } = await askEngines(sockets);
  for (const { socket, version } of engines) {
    if (version.ok) return result('docker', true, PREFLIGHT.dockerOk, { version: version.value, socket });
  }
  const denied = engines.find(({ version }) => !version.ok && version.why === 'denied');
  return denied
    ? result('docker', false, PREFLIGHT.dockerDenied, { socket: denied.socket })
    : result('docker', false, PREFLIGHT.dockerNot);
}

function stateDirectory(env: Readonly<Record<string, string | undefined>>): {
  path: string | null;
  result: NeedResult;
} {
  let path: string | null = null;
  const refusal = (lang: Lang): string | null => {
    try {
      path = findStateDir(env, lang);
      const probe = mkdtempSync(join(path, '.preflight-'));
      rmdirSync(probe);
      return null;
    } catch (error) {
      const refused = error instanceof UserError ? error : stateDirError(path ?? '', error, lang);
      path = null;
      return [refused.message, refused.hint].filter(Boolean).join('; ');
    }
  };
  const lines = LANGS.map((lang) => [lang, refusal(lang)] as const);
  if (path !== null) {
    return { path, result: result('state-directory', true, PREFLIGHT.stateOk, { path }) };
  }
  const message = Object.fromEntries(lines.map(([lang, line]) => [lang, line ?? ''])) as Record<Lang, string>;
  return { path: null, result: { need: 'state-directory', ok: false, message } };
}

function noCgroups(reason: Readonly<Record<Lang, string>>): NeedResult {
  const lines = LANGS.map(
    (lang) => [lang, say(lang, PREFLIGHT.cgroupNot, { reason: reason[lang] })] as const,
  );
  return { need: 'cgroups', ok: false, message: Object.fromEntries(lines) as Record<Lang, string> };
}

/** Makes a cgroup by way of a lab, so that it is in a ledger while it is there. */
async function cgroups(fs: HostFs, stateDir: string | null, mode: LabMode | null): Promise<NeedResult> {
  if (mode !== 'root' || stateDir === null) return noCgroups(PREFLIGHT.cgroupNeedsRoot);
  try {
    const lab = await openLab({ stateDir, fs, mode });
    try {
      const operation = { op: 'cgroup', name: 'preflight', limits: { 'pids.limit': '64' } } as const;
      const { shell } = lab.plan(operation);
      const paths = [...shell.matchAll(/^mkdir (\S+\/preflight)$/gm)].map(([, path = '']) => path);
      const { output } = await lab.perform(operation);
      const made = paths.filter((path) => fs.stat(path).ok);
      if (made.length === 0) {
        const why = output.find(({ stream }) => stream === 'note')?.text ?? shell;
        return noCgroups({ en: why, 'zh-CN': why });
      }
      return result('cgroups', true, PREFLIGHT.cgroupOk, { paths: paths.join(', ') });
    } finally {
      await lab.close();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return noCgroups({ en: error.message, 'zh-CN': error.message });
  }
}

/**
 * Tries each need once, in the order of NEEDS. A need that is not met is no error: which lessons it touches is theirs to say.
 *
 * @param options for tests; this host and this environment if not given.
 */
export async function preflight(
  options: { readonly fs?: HostFs; readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<readonly NeedResult[]> {
  const { fs = liveFs(), env = process.env } = options;
  const rootRefusal = isRoot() ? await tryRoot() : '';
  const userRefusal = await tryUserNamespace();
  const root = !isRoot()
    ? result('root', false, PREFLIGHT.rootNot)
    : rootRefusal === null
      ? result('root', true, PREFLIGHT.rootOk)
      : result('root', false, PREFLIGHT.rootWithoutCaps, { reason: rootRefusal });
  const users =
    userRefusal === null
      ? result('user-namespaces', true, PREFLIGHT.usernsOk)
      : result('user-namespaces', false, PREFLIGHT.usernsNot, { reason: userRefusal });
  const either = root.ok ? root : users;
  const state = stateDirectory(env);
  const mode = root.ok ? 'root' : users.ok ? 'rootless' : null;
  return [
    await tools(),
    root,
    users,
    { ...either, need: 'namespaces' },
    await network(mode),
    await cgroups(fs, state.path, mode),
    busybox(),
    await docker(fs),
    state.result,
  ];
}
