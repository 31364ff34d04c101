// Answers of a container engine's API (Docker Engine API, which podman speaks too): the container list and the version.
// It asks nothing; sockets are host/'s.
import { ParseError } from '../text/errors.ts';
import { clean } from '../text/sanitize.ts';
import { asArray, asInteger, asObject, asOptionalString, asString, parseJson } from './json.ts';

export interface EngineContainer {
  readonly id: string;
  /** Without the leading `/`; sanitised, as image and state. Links of other containers add names with a `/` inside. */
  readonly names: string[];
  readonly image: string;
  /** created, running, paused, restarting, removing, exited, dead; empty where the engine does not say. */
  readonly state: string;
  /** Podman's own list has it, docker's has not. */
  readonly pid?: number;
}

export interface EngineVersion {
  /** Sanitised, as all of them. */
  readonly version: string;
  readonly apiVersion: string;
  /** null where the engine does not say. */
  readonly minApiVersion: string | null;
  /** Names of the parts, in the engine's order: `Engine`, `containerd`, `runc`, or `Podman Engine`. */
  readonly components: readonly { readonly name: string; readonly version: string }[];
}

/** GET /containers/json. `source` names the socket or file in the ParseError that another form throws. */
export function parseContainers(json: string, source: string): EngineContainer[] {
  const list = parseJson(json, source);
  if (!Array.isArray(list)) throw new ParseError(source, 'an array of containers', json);
  return list.map((each: unknown, i) => {
    const entry = asObject(each, `container ${i}`, source);
    const id = asString(entry['Id'], 'Id', source);
    if (!/^[\w.-]+$/.test(id)) throw new ParseError(source, 'an Id of letters, digits, _ . and -', id);
    const pid =
      entry['Pid'] === undefined || entry['Pid'] === null ? 0 : asInteger(entry['Pid'], 'Pid', source);
    return {
      id,
      names: asArray(entry['Names'], 'Names', source).map((name) =>
        clean(asString(name, 'Names', source).replace(/^\//, '')),
      ),
      image: clean(asOptionalString(entry['Image'], 'Image', source) ?? ''),
      state: clean(asOptionalString(entry['State'], 'State', source) ?? ''),
      ...(pid > 0 ? { pid } : {}),
    };
  });
}

/** GET /version. Throws ParseError where Version or ApiVersion is missing. */
export function parseVersion(json: string, source = 'GET /version'): EngineVersion {
  const version = asObject(parseJson(json, source), 'the answer', source);
  const least = asOptionalString(version['MinAPIVersion'], 'MinAPIVersion', source);
  return {
    version: clean(asString(version['Version'], 'Version', source)),
    apiVersion: clean(asString(version['ApiVersion'], 'ApiVersion', source)),
    minApiVersion: least === undefined ? null : clean(least),
    components: asArray(version['Components'], 'Components', source).map((each) => {
      const part = asObject(each, 'Components', source);
      return {
        name: clean(asString(part['Name'], 'Components.Name', source)),
        version: clean(asOptionalString(part['Version'], 'Components.Version', source) ?? ''),
      };
    }),
  };
}

/** State.Pid of GET /containers/ID/json, in the engine's pid namespace; 0 where the container does not run. Throws ParseError. */
export function parseInspectPid(json: string, source: string): number {
  const state = asObject(asObject(parseJson(json, source), 'the answer', source)['State'], 'State', source);
  return asInteger(state['Pid'], 'State.Pid', source);
}
