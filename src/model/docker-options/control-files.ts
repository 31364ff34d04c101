// The control files behind an option of docker, out of the one table of control files: their names, the field of config.json, what they say now.
import { CONTROL_FILES, type ControlFile } from '../../kernel/cgroup/files.ts';
import { mapReading, unread } from '../../kernel/reading.ts';
import type { KernelValue, OptionFacts } from './option.ts';

/** The rows that name this option of docker run, in the table's order. */
export function rowsOf(flag: string): readonly ControlFile[] {
  return CONTROL_FILES.filter((row) => row.docker?.split(', ').includes(flag));
}

function unique(words: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(words.filter((word) => word !== undefined))];
}

/** Names of the files that hold it in one version, as the table has them; none where that version has no such file. */
export function fileNames(flag: string, version: 1 | 2): readonly string[] {
  return unique(rowsOf(flag).map((row) => (version === 1 ? row.v1 : row.v2)?.file));
}

/** What a row of the table of options has in its columns: config.json's fields and the files of both versions, `-` where there is none. */
export function namesOf(flag: string): { readonly oci: string; readonly v1: string; readonly v2: string } {
  const files = (version: 1 | 2) => fileNames(flag, version).join(', ') || '-';
  return {
    oci: unique(rowsOf(flag).map(({ oci }) => oci))
      .map((field) => `linux.resources.${field}`)
      .join(', '),
    v1: files(1),
    v2: files(2),
  };
}

export interface KernelFiles {
  /** null: the controller is nowhere mounted, or the container has no group any more. */
  readonly version: 1 | 2 | null;
  readonly values: readonly KernelValue[];
  /** The text of a file, trimmed; null where it is not there or was refused. */
  readonly text: (name: string) => string | null;
}

/** The files of this option in the container's group now. One that the kernel has not is told as such, by the first name that it could have. */
export function kernelFiles(facts: OptionFacts, flag: string): KernelFiles {
  const controller = facts.controllers.find(({ name }) => name === rowsOf(flag)[0]?.controller);
  const version = controller?.version ?? null;
  const text = (name: string): string | null => {
    const file = facts.files[name];
    return file?.version === version && file.text.ok ? file.text.value.trim() : null;
  };
  if (!controller || version === null) return { version: null, values: [], text };
  const names = fileNames(flag, version);
  const there = names.filter((name) => facts.files[name]?.version === version);
  const { directory } = controller;
  const shown = there.length > 0 ? there : names.slice(0, 1);
  return {
    version,
    text,
    values: shown.map((name) => {
      const file = facts.files[name];
      const path = file?.path ?? `${directory.ok ? directory.value : directory.path}/${name}`;
      const missing = directory.ok ? unread('unsupported', path) : directory;
      return {
        name,
        value: file ? mapReading(file.text, (found) => found.trim()) : missing,
        proof: `cat ${path}`,
      };
    }),
  };
}
