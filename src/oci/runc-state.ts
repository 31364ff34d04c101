// Parses runc's state.json (libcontainer, State and BaseState): who the first process is and where its groups and namespaces are.
// It is runc's own file, with no promise of form: what is not needed is not looked at.
import { asArray, asInteger, asObject, asString, asStringMap, parseJson } from './json.ts';

export interface RuncState {
  readonly id: string;
  readonly initPid: number;
  /** Field 22 of the first process' stat: compare before trusting the pid. */
  readonly initStart: number;
  /** From the label `bundle=…`; not sanitised, as the paths below. */
  readonly bundle?: string;
  /** By v1 controller; on v2 one path, under the empty name. */
  readonly cgroupPaths: Record<string, string>;
  /** By NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWCGROUP, NEWTIME. */
  readonly namespacePaths: Record<string, string>;
}

const BUNDLE = 'bundle=';

/** Throws ParseError where id, init_process_pid or init_process_start is missing. */
export function parseRuncState(json: string, path: string): RuncState {
  const state = asObject(parseJson(json, path), 'the state', path);
  const config =
    state['config'] === undefined || state['config'] === null
      ? {}
      : asObject(state['config'], 'config', path);
  const bundle = asArray(config['labels'], 'config.labels', path)
    .map((label) => asString(label, 'config.labels', path))
    .find((label) => label.startsWith(BUNDLE));
  return {
    id: asString(state['id'], 'id', path),
    initPid: asInteger(state['init_process_pid'], 'init_process_pid', path),
    initStart: asInteger(state['init_process_start'], 'init_process_start', path),
    ...(bundle === undefined ? {} : { bundle: bundle.slice(BUNDLE.length) }),
    cgroupPaths: asStringMap(state['cgroup_paths'], 'cgroup_paths', path),
    namespacePaths: asStringMap(state['namespace_paths'], 'namespace_paths', path),
  };
}
