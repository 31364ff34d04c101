// A recorded host: HostFs over one text that holds paths, contents and links. Parses and prints that text; records nothing itself.
import { type Reading, unread, value, type Why } from '../kernel/reading.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';

/*
 * nscope-recording 1
 * title Debian 13, cgroup v2, docker 26.1
 * file /proc/1/stat          the lines of its content follow, each behind `|`; `\` alone after them: the last had no newline
 * |1 (systemd) S 0 …         within a line: `\\`, `\0`, `\xNN` for control characters but the tab
 * link /proc/1/ns/uts uts:[4026531838]
 * stat /proc/1 4 4026532 0 dir         dev, ino, uid, dir or file
 * dir /run/empty                       a directory that is listed though nothing in it was recorded
 * unread /proc/7/ns/uts denied
 */
const HEADER = 'nscope-recording 1';

export type Entry =
  | { readonly kind: 'file'; readonly content: string }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'dir' }
  | { readonly kind: 'unread'; readonly why: Why };

export interface Stat {
  readonly dev: number;
  readonly ino: number;
  readonly uid: number;
  readonly directory: boolean;
}

export interface Recording {
  readonly title: string;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly stats: ReadonlyMap<string, Stat>;
}

function escape(text: string): string {
  return text.replace(/[\\\u0000-\u0008\u000a-\u001f\u007f]/g, (character) => {
    if (character === '\\') return '\\\\';
    if (character === '\0') return '\\0';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function unescape(text: string): string {
  return text.replace(/\\(\\|0|x[0-9a-f]{2})/g, (_, code: string) => {
    if (code === '\\') return '\\';
    return code === '0' ? '\0' : String.fromCharCode(Number.parseInt(code.slice(1), 16));
  });
}

/** Paths hold no space in a recording: it is written `\x20`. */
function escapePath(path: string): string {
  return escape(path).replaceAll(' ', '\\x20');
}

/** The text of a recording; paths ascending, so that two recordings of one state are the same bytes. */
export function printRecording(recording: Recording): string {
  const lines = [HEADER, `title ${escape(recording.title)}`];
  const paths = [...new Set([...recording.entries.keys(), ...recording.stats.keys()])].sort();
  for (const path of paths) {
    const stat = recording.stats.get(path);
    if (stat)
      lines.push(
        `stat ${escapePath(path)} ${stat.dev} ${stat.ino} ${stat.uid} ${stat.directory ? 'dir' : 'file'}`,
      );
    const entry = recording.entries.get(path);
    if (entry?.kind === 'file') lines.push(`file ${escapePath(path)}`, ...contentLines(entry.content));
    if (entry?.kind === 'link') lines.push(`link ${escapePath(path)} ${escape(entry.target)}`);
    if (entry?.kind === 'dir') lines.push(`dir ${escapePath(path)}`);
    if (entry?.kind === 'unread') lines.push(`unread ${escapePath(path)} ${entry.why}`);
  }
  return `${lines.join('\n')}\n`;
}

function contentLines(content: string): readonly string[] {
  if (content === '') return [];
  const lines = content.split('\n').map((line) => `|${escape(line)}`);
  if (content.endsWith('\n')) return lines.slice(0, -1);
  return [...lines, '\\'];
}

/**
 * Reads the text of a recording.
 * @throws ParseError with the file's name and line where the text is not of that form, or is of a later format.
 */
export function parseRecording(text: string, file: string): Recording {
  const lines = text.split('\n');
  if (lines[0] !== HEADER)
    throw new ParseError(`${file}:1`, `\`${HEADER}\` (a host recorded by nscope)`, lines[0] ?? '');
  let title = '';
  const entries = new Map<string, Entry>();
  const stats = new Map<string, Stat>();
  let at = 1;
  const content = (): string => {
    let read = '';
    while (lines[at + 1]?.startsWith('|')) {
      at += 1;
      read += `${unescape((lines[at] ?? '').slice(1))}\n`;
    }
    if (lines[at + 1] === '\\') {
      at += 1;
      read = read.slice(0, -1);
    }
    return read;
  };
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [word = '', rawPath = ''] = line.split(' ');
    const path = unescape(rawPath);
    const rest = line.slice(word.length + rawPath.length + 2);
    if (word === 'title') title = unescape(line.slice('title '.length));
    else if (word === 'file') entries.set(path, { kind: 'file', content: content() });
    else if (word === 'link') entries.set(path, { kind: 'link', target: unescape(rest) });
    else if (word === 'dir') entries.set(path, { kind: 'dir' });
    else if (word === 'unread' && isWhy(rest)) entries.set(path, { kind: 'unread', why: rest });
    else if (word === 'stat') stats.set(path, parseStatLine(rest, `${file}:${at + 1}`));
    else throw new ParseError(`${file}:${at + 1}`, 'title, file, link, dir, stat or unread', line);
  }
  return { title, entries, stats };
}

function isWhy(word: string): word is Why {
  return word === 'denied' || word === 'gone' || word === 'unsupported';
}

function parseStatLine(rest: string, where: string): Stat {
  const match = /^(\d+) (\d+) (\d+) (dir|file)$/.exec(rest);
  if (!match) throw new ParseError(where, '`DEV INO UID dir|file`', rest);
  return {
    dev: Number(match[1]),
    ino: Number(match[2]),
    uid: Number(match[3]),
    directory: match[4] === 'dir',
  };
}

/** HostFs over a recording. A path that it does not hold is `gone`. */
export function recordedFs(recording: Recording): HostFs {
  const children = childNames(recording);
  const entry = (path: string): Entry | undefined => recording.entries.get(path);
  const absent = (path: string): Reading<never> => {
    const found = entry(path);
    return unread(found?.kind === 'unread' ? found.why : 'gone', path);
  };
  return {
    kind: 'recorded',
    title: recording.title,
    readText(path) {
      const found = entry(path);
      return found?.kind === 'file' ? value(found.content) : absent(path);
    },
    readLink(path) {
      const found = entry(path);
      return found?.kind === 'link' ? value(found.target) : absent(path);
    },
    list(path) {
      const names = children.get(path);
      return names ? value([...names]) : absent(path);
    },
    stat(path) {
      const found = recording.stats.get(path);
      if (found) return value(found);
      const names = children.get(path);
      const known = entry(path);
      if (names || known?.kind === 'file')
        return value({ dev: 0, ino: 0, uid: 0, directory: names !== undefined });
      return absent(path);
    },
  };
}

function childNames(recording: Recording): ReadonlyMap<string, ReadonlySet<string>> {
  const children = new Map<string, Set<string>>([['/', new Set()]]);
  const add = (path: string): void => {
    const cut = path.lastIndexOf('/');
    if (cut < 0 || path === '/') return;
    const parent = cut === 0 ? '/' : path.slice(0, cut);
    const names = children.get(parent);
    const name = path.slice(cut + 1);
    if (names) names.add(name);
    else {
      children.set(parent, new Set([name]));
      add(parent);
    }
  };
  for (const [path, found] of recording.entries) {
    add(path);
    if (found.kind === 'dir' && !children.has(path)) children.set(path, new Set());
  }
  for (const [path, found] of recording.stats) {
    if (path !== '/') add(path);
    if (found.directory && !children.has(path)) children.set(path, new Set());
  }
  return children;
}
