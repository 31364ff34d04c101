// The form of a row of the table of control files, and a short way to write the rows of files that no pane shows. Holds no row.
import type { Unit } from '../../../text/units.ts';
import type { Message } from '../../../text/lang.ts';

/** Where a value stands in one version. With none of `field`, `index`, `words`, `list` and `sum` it is the whole file. */
export interface FileField {
  /** `<size>` in it stands for a page size (hugetlb). */
  readonly file: string;
  readonly unit: Unit;
  /** Key of a flat keyed file. */
  readonly field?: string;
  /** Word of a line, from 0. */
  readonly index?: number;
  /** Numbers that the words of the file stand for. */
  readonly words?: Readonly<Record<string, bigint>>;
  /** The file is a list as in cpuset(7), "List format"; its members are counted. `empty`: what an empty list says. */
  readonly list?: { readonly empty: bigint | 'max' };
  /** Key of a file with a line per device (`8:0 rbytes=1`, v1 `8:0 Read 1`); summed over the devices. */
  readonly sum?: string;
  /** The controller whose hierarchy holds the file, where it is another one. */
  readonly controller?: string;
  /** v2: a file of every group (but perhaps the root), whether or not the controller is enabled. */
  readonly core?: true;
}

export interface ControlFile {
  readonly controller: string;
  /** Neutral name, the same for both versions. */
  readonly key: string;
  /** `text`: a file that is not one number; `act`: a file that is written to make something happen, and never opened here. */
  readonly kind: 'limit' | 'usage' | 'event' | 'text' | 'act';
  /** The least value of a group and its ancestors holds. A cpu quota does so too, but per period. */
  readonly bound?: true;
  /** Only ever grows while the group lives, so that a rate says something. Every event does so too. */
  readonly counter?: true;
  /** Read when the whole group is asked for, not at every look of a pane. */
  readonly detail?: true;
  /** null: that version has no file that says the same. */
  readonly v1: FileField | null;
  readonly v2: FileField | null;
  /** The options of docker run (docker-run(1)) that set it, with `, ` between. */
  readonly docker?: string;
  /** The field of config.json (runtime-spec, config-linux.md) that sets it, below `linux.resources`. */
  readonly oci?: string;
  readonly meaning: Message;
}

/** A field that is a whole file. */
export function whole(file: string, unit: Unit = 'text'): FileField {
  return { file, unit };
}

/** A v2 file of every group, whether or not its controller is enabled. */
export function core(file: string, unit: Unit = 'text'): FileField {
  return { file, unit, core: true };
}

type Extra = Pick<ControlFile, 'bound' | 'counter' | 'docker' | 'oci'>;

/** Makes the rows of one controller that no pane shows. */
export function detailsOf(controller: string) {
  return (
    key: string,
    kind: ControlFile['kind'],
    v1: FileField | null,
    v2: FileField | null,
    meaning: readonly [en: string, zh: string],
    extra: Extra = {},
  ): ControlFile => ({
    controller,
    key,
    kind,
    ...extra,
    detail: true,
    v1,
    v2,
    meaning: { en: meaning[0], 'zh-CN': meaning[1] },
  });
}
