// Parses config.json of an OCI bundle (runtime-spec, config.md and config-linux.md): what the container was asked to be.
// Whether the kernel made it so is another question.
import { clean } from '../text/sanitize.ts';
import { asArray, asObject, asOptionalString, asString, type JsonObject, parseJson } from './json.ts';

export interface OciConfig {
  /** Sanitised; empty where none is set. */
  readonly hostname: string;
  /** Sanitised words; empty where the container has no process of its own yet. */
  readonly args: string[];
  /** `type` as the specification spells it: pid, network, mount, ipc, uts, user, cgroup, time. `path`: join this one. */
  readonly namespaces: readonly { readonly type: string; readonly path?: string }[];
  /** Not sanitised; a path, or `SLICE:PREFIX:NAME` for the systemd driver. */
  readonly cgroupsPath?: string;
}

/** Throws ParseError where a part has another form; parts that are missing are empty. */
export function parseConfig(json: string, path: string): OciConfig {
  const config = asObject(parseJson(json, path), 'the configuration', path);
  const process = part(config['process'], 'process', path);
  const linux = part(config['linux'], 'linux', path);
  const cgroupsPath = asOptionalString(linux['cgroupsPath'], 'linux.cgroupsPath', path);
  return {
    hostname: clean(asOptionalString(config['hostname'], 'hostname', path) ?? ''),
    args: asArray(process['args'], 'process.args', path).map((word) =>
      clean(asString(word, 'process.args', path)),
    ),
    namespaces: asArray(linux['namespaces'], 'linux.namespaces', path).map((each) => {
      const namespace = asObject(each, 'linux.namespaces', path);
      const joined = asOptionalString(namespace['path'], 'linux.namespaces.path', path);
      const type = clean(asString(namespace['type'], 'linux.namespaces.type', path));
      return joined === undefined ? { type } : { type, path: joined };
    }),
    ...(cgroupsPath === undefined ? {} : { cgroupsPath }),
  };
}

function part(value: unknown, where: string, path: string): JsonObject {
  return value === undefined || value === null ? {} : asObject(value, where, path);
}
