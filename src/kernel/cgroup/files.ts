// The one table of control files: neutral name, v1 file, v2 file, units, meaning, who sets it; and taking a value out of a file's text.
// Adding a file is adding a row in files/. Nothing is read here, and no ancestor is walked.
import { ParseError } from '../../text/errors.ts';
import { CORE_FILES } from './files/core.ts';
import { CPU_FILES } from './files/cpu.ts';
import { CPUSET_FILES } from './files/cpuset.ts';
import { FREEZER_FILES } from './files/freezer.ts';
import { CFQ_FILES } from './files/io-cfq.ts';
import { IO_FILES } from './files/io.ts';
import { MEMORY_FILES } from './files/memory.ts';
import { OTHER_FILES } from './files/others.ts';
import { PIDS_FILES } from './files/pids.ts';
import type { ControlFile, FileField } from './files/row.ts';
import { parseFlatKeyed } from './flat-keyed.ts';
import { parseQuantity } from './quantity.ts';

export type { ControlFile, FileField };

/** Stands for a page size in the name of a file. */
const SIZE = '<size>';

/** v1 names of controllers whose neutral (v2) name is another. */
export const V1_CONTROLLER: Readonly<Record<string, string>> = { io: 'blkio' };

/** Rows in the order of the panes; those with `detail` are read when the whole group is asked for. */
export const CONTROL_FILES: readonly ControlFile[] = [
  ...MEMORY_FILES,
  ...CPU_FILES,
  ...PIDS_FILES,
  ...IO_FILES,
  ...CFQ_FILES,
  ...CPUSET_FILES,
  ...FREEZER_FILES,
  ...OTHER_FILES,
  ...CORE_FILES,
];

/** The row of a neutral name; undefined where the table has none. */
export function controlFile(controller: string, key: string): ControlFile | undefined {
  return CONTROL_FILES.find((row) => row.controller === controller && row.key === key);
}

/** `hugetlb.2MB.max` of `hugetlb.<size>.max`: the page size, or null where the name is another. `''` where the row has no size in it. */
export function sizeIn(pattern: string, file: string): string | null {
  const at = pattern.indexOf(SIZE);
  if (at < 0) return pattern === file ? '' : null;
  const [head, tail] = [pattern.slice(0, at), pattern.slice(at + SIZE.length)];
  if (!file.startsWith(head) || !file.endsWith(tail)) return null;
  const size = file.slice(head.length, file.length - tail.length);
  return /^\d+[KMG]B$/.test(size) ? size : null;
}

/**
 * The row that tells what a file is: the one for the whole file where there is one, else the first that takes a value out of it;
 * undefined for a file that the table does not know.
 */
export function rowOfFile(version: 1 | 2, file: string): ControlFile | undefined {
  const rows = CONTROL_FILES.filter((row) => {
    const field = version === 1 ? row.v1 : row.v2;
    return field !== null && sizeIn(field.file, file) !== null;
  });
  return rows.find(({ kind }) => kind === 'text' || kind === 'act') ?? rows[0];
}

/**
 * The value that `field` points at in the text of its file, in `field.unit`; `max` where there is no limit. Throws ParseError
 * where the text has another form or lacks the key: `path` is named in it.
 */
export function readField(field: FileField, text: string, path: string): bigint | 'max' {
  if (field.words !== undefined) return wordValue(field.words, text, path);
  if (field.list !== undefined) return text.trim() === '' ? field.list.empty : listSize(text, path);
  if (field.sum !== undefined) return sumOverDevices(field.sum, text, path);
  if (field.field !== undefined) {
    const found = parseFlatKeyed(text, path).get(field.field);
    if (found === undefined) throw new ParseError(path, `a line "${field.field} NUMBER"`, text);
    return found;
  }
  if (field.index !== undefined) {
    const word = text.trim().split(/\s+/)[field.index];
    if (word === undefined) throw new ParseError(path, `${field.index + 1} words`, text);
    return parseQuantity(word, path);
  }
  return parseQuantity(text, path);
}

function wordValue(words: Readonly<Record<string, bigint>>, text: string, path: string): bigint {
  const word = text.trim();
  const found = Object.hasOwn(words, word) ? words[word] : undefined;
  if (found === undefined) throw new ParseError(path, Object.keys(words).join(', '), text);
  return found;
}

/** Members of `0-3,7` (cpuset(7), "List format"). */
function listSize(text: string, path: string): bigint {
  return text
    .trim()
    .split(',')
    .reduce((sum, range) => {
      const [, first, last] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(range) ?? [];
      if (first === undefined || BigInt(last ?? first) < BigInt(first))
        throw new ParseError(path, 'a list like 0-3,7', text);
      return sum + BigInt(last ?? first) - BigInt(first) + 1n;
    }, 0n);
}

/** v2 `8:0 rbytes=1 wbytes=2 …`, v1 `8:0 Read 1`. Some kernels print a device without numbers: it adds nothing. */
function sumOverDevices(key: string, text: string, path: string): bigint {
  let sum = 0n;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('Total ')) continue;
    const words = line.trim().split(/\s+/);
    if (!/^\d+:\d+$/.test(words[0] ?? '')) throw new ParseError(path, 'MAJOR:MINOR KEY=NUMBER …', line);
    for (const [i, word] of words.entries()) {
      const number =
        word === key ? words[i + 1] : word.startsWith(`${key}=`) ? word.slice(key.length + 1) : null;
      if (number === null) continue;
      if (!/^\d{1,20}$/.test(number ?? '')) throw new ParseError(path, `a number for ${key}`, line);
      sum += BigInt(number ?? '');
    }
  }
  return sum;
}
