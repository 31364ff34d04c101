// What each operation makes and what it stands on, by name: one table, for those who check lessons before anything runs. Pure.
import type { Operation } from '../types.ts';

/** Names of things of a lab, and ids of a lesson's steps, checks and choices: they stand in file names and in the prose's markers. */
export const ID_PATTERN = /^[a-z][a-z0-9-]*$/;

/** The kinds of things that operations make and that later ones call by name. */
export const THING_KINDS = ['actor', 'rootfs', 'cgroup', 'directory', 'bundle', 'pin'] as const;
export type ThingKind = (typeof THING_KINDS)[number];

type OperationOf<K extends Operation['op']> = Extract<Operation, { op: K }>;

export interface NamesOf<O> {
  /** What the operation makes, under the name in its `name`. */
  readonly makes?: ThingKind;
  /** Fields that hold the name of something made before; `host` stands for the host where `host` says so. */
  readonly uses: readonly {
    readonly field: keyof O & string;
    readonly kind: ThingKind;
    readonly host?: true;
  }[];
  /**
   * Where the words in its `command` run: on the host, but only looking (`look`); in the actor named in `in` (`inside`); in the namespaces and
   * root file system that it names itself (`own`). An operation that has a command and does not say so is refused in lessons from elsewhere.
   */
  readonly runs?: 'look' | 'inside' | 'own';
  /** Fields besides `command` whose text, or texts, may hold placeholders. */
  readonly texts?: readonly (keyof O & string)[];
}

export const NAMES: { readonly [K in Operation['op']]: NamesOf<OperationOf<K>> } = {
  rootfs: { makes: 'rootfs', uses: [] },
  cgroup: { makes: 'cgroup', uses: [{ field: 'in', kind: 'cgroup' }] },
  limit: { uses: [{ field: 'cgroup', kind: 'cgroup' }] },
  'kill-group': { uses: [{ field: 'cgroup', kind: 'cgroup' }] },
  directory: { makes: 'directory', uses: [] },
  actor: {
    makes: 'actor',
    uses: [
      { field: 'rootfs', kind: 'rootfs' },
      { field: 'cgroup', kind: 'cgroup' },
      { field: 'inside', kind: 'actor' },
    ],
    runs: 'own',
  },
  run: { uses: [{ field: 'in', kind: 'actor' }], runs: 'inside' },
  mount: { uses: [{ field: 'in', kind: 'actor' }], texts: ['source', 'target', 'options'] },
  unmount: { uses: [{ field: 'in', kind: 'actor' }], texts: ['target'] },
  'pivot-root': { uses: [{ field: 'in', kind: 'actor' }], texts: ['newRoot'] },
  unshare: { uses: [{ field: 'rootfs', kind: 'rootfs' }], runs: 'own' },
  look: { uses: [], runs: 'look' },
  signal: { uses: [{ field: 'actor', kind: 'actor' }] },
  bundle: { makes: 'bundle', uses: [{ field: 'rootfs', kind: 'rootfs' }] },
  'bundle-edit': { uses: [{ field: 'bundle', kind: 'bundle' }] },
  dockerd: { makes: 'actor', uses: [{ field: 'again', kind: 'actor' }] },
  image: {
    uses: [
      { field: 'daemon', kind: 'actor' },
      { field: 'rootfs', kind: 'rootfs' },
    ],
  },
  container: { makes: 'actor', uses: [{ field: 'daemon', kind: 'actor' }] },
  docker: { uses: [{ field: 'daemon', kind: 'actor' }] },
  // Only the verbs that make a container have a name.
  runc: {
    makes: 'actor',
    uses: [
      { field: 'bundle', kind: 'bundle' },
      { field: 'container', kind: 'actor' },
    ],
  },
  veth: {
    uses: [
      { field: 'of', kind: 'actor', host: true },
      { field: 'peerOf', kind: 'actor', host: true },
    ],
  },
  bridge: { uses: [{ field: 'of', kind: 'actor', host: true }] },
  pin: {
    makes: 'pin',
    uses: [
      { field: 'of', kind: 'actor' },
      { field: 'in', kind: 'actor' },
    ],
  },
  unpin: { uses: [{ field: 'pin', kind: 'pin' }] },
  'id-map': { uses: [{ field: 'of', kind: 'actor' }] },
};
