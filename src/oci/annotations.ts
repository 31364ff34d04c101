// What an engine wrote about a container into the annotations of its bundle's config.json: name, image, pod. The rest of that file is config.ts'.
import { clean } from '../text/sanitize.ts';
import { asObject, asStringMap, parseJson } from './json.ts';

/** All sanitised; null where no annotation says it. */
export interface Annotations {
  readonly name: string | null;
  readonly image: string | null;
  readonly podName: string | null;
  readonly podNamespace: string | null;
  readonly podUid: string | null;
  /** True, false, or null where no CRI runtime wrote it. */
  readonly sandbox: boolean | null;
}

// containerd's CRI plugin (internal/cri/annotations), CRI-O (pkg/annotations), nerdctl (pkg/labels).
const NAMES = {
  name: ['io.kubernetes.cri.container-name', 'io.kubernetes.container.name', 'nerdctl/name'],
  image: ['io.kubernetes.cri.image-name', 'io.kubernetes.cri-o.ImageName'],
  podName: ['io.kubernetes.cri.sandbox-name', 'io.kubernetes.pod.name'],
  podNamespace: ['io.kubernetes.cri.sandbox-namespace', 'io.kubernetes.pod.namespace'],
  podUid: ['io.kubernetes.cri.sandbox-uid', 'io.kubernetes.pod.uid'],
  type: ['io.kubernetes.cri.container-type', 'io.kubernetes.cri-o.ContainerType'],
} as const;

/** The names that are read. */
export const READ_ANNOTATIONS: readonly string[] = Object.values(NAMES).flat();

/** @throws ParseError where the text is no JSON object or its annotations are no map of strings; without annotations all is null. */
export function parseAnnotations(json: string, path: string): Annotations {
  const config = asObject(parseJson(json, path), 'the configuration', path);
  const found = asStringMap(config['annotations'], 'annotations', path);
  const first = (names: readonly string[]): string | null => {
    const name = names.find((one) => Object.hasOwn(found, one) && found[one] !== '');
    return name === undefined ? null : clean(found[name] ?? '');
  };
  const type = first(NAMES.type);
  return {
    name: first(NAMES.name),
    image: first(NAMES.image),
    podName: first(NAMES.podName),
    podNamespace: first(NAMES.podNamespace),
    podUid: first(NAMES.podUid),
    sandbox: type === null ? null : type === 'sandbox',
  };
}
