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
import { missingPrograms } from './docker.ts';
import { PREFLIGHT } from './messages.ts';
import { complaint, isRoot, tryRoot, tryUserNamespace } from './mode.ts';
import { tryGroups, tryMemoryLimits, tryPageCache } from './preflight-groups.ts';
import { openLab } from './open.ts';
import { stateDir as findStateDir, stateDirError } from './state-dir.ts';
import type { LabMode } from './types.ts';
import { findRuntime } from './runtime.ts';
import { findProgram, staticBusybox } from './userland.ts';

/** What lessons can need. `namespaces`: root or a user namespace, one of both is enough. */
export const NEEDS = [
  'util-linux',
  'root',
  'user-namespaces',
  'namespaces',
  'network-namespaces',
  'cgroups',
  'memory-limits',
  'page-cache',
  'busybox',
  'runc',
  'docker',
  'private-docker',
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

function noRuntime(reason: Readonly<Record<Lang, string>>): NeedResult {
  const lines = LANGS.map((lang) => [lang, say(lang, PREFLIGHT.runcNot, { reason: reason[lang] })] as const);
  return { need: 'runc', ok: false, message: Object.fromEntries(lines) as Record<Lang, string> };
}

/** Runs a container of a bundle of its own to its end, by way of a lab. */
async function runtime(fs: HostFs, stateDir: string | null, mode: LabMode | null): Promise<NeedResult> {
  const name = findRuntime();
  if (name === null) return noRuntime(PREFLIGHT.runcNone);
  if (mode === null || stateDir === null) return noRuntime(PREFLIGHT.runcNoMode);
  try {
    const lab = await openLab({ stateDir, fs, mode });
    try {
      await lab.perform({ op: 'rootfs', name: 'preflight' });
      await lab.perform({
        op: 'bundle',
        name: 'preflight',
        rootfs: 'preflight',
        args: ['cat', '/proc/self/status'],
      });
      const ran = await lab.perform({ op: 'runc', verb: 'run', name: 'preflight', bundle: 'preflight' });
      const last = ran.output.at(-1)?.text ?? '';
      if (!ran.asExpected) return noRuntime({ en: last, 'zh-CN': last });
      const { stdout } = await run(name, ['--version'], { timeoutMs: 5000 });
      const [version = name] = stdout.split('\n');
      return result('runc', true, PREFLIGHT.runcOk, { version });
    } finally {
      await lab.close();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return noRuntime({ en: error.message, 'zh-CN': error.message });
  }
}

/** What a dockerd of the lab's own needs. It is not started here: that takes 5 s, and a lesson that starts one says what is wrong. */
function privateDocker(root: boolean): NeedResult {
  const missing = missingPrograms();
  if (missing.length > 0) {
    return result('private-docker', false, PREFLIGHT.ownDockerNot, { programs: missing.join(', ') });
  }
  return root
    ? result('private-docker', true, PREFLIGHT.ownDockerOk)
    : result('private-docker', false, PREFLIGHT.ownDockerRoot);
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
    { need: 'cgroups', ...(await tryGroups(fs, state.path, mode)) },
    { need: 'memory-limits', ...(await tryMemoryLimits(fs, state.path, mode)) },
    { need: 'page-cache', ...tryPageCache(fs, state.path) },
    busybox(),
    await runtime(fs, state.path, mode),
    await docker(fs),
    privateDocker(root.ok),
    state.result,
  ];
}
