// Who may know whom (CONTRIBUTING.md): reads the import lines of one source file and names those that break a rule. Reads no file.
import { posix } from 'node:path';

/** One import of a file. `type` ones are erased by the compiler and so bind nothing at run time. */
export interface Import {
  readonly line: number;
  /** The statement on one line. */
  readonly text: string;
  /** The specifier; undefined where it is computed. */
  readonly from: string | undefined;
  readonly type: boolean;
}

/** A wing: what it may import, and what it may import by `import type` alone. */
interface Wing {
  readonly knows: readonly string[];
  readonly typesOf?: readonly string[];
  /** Modules of Node that it may import; all if not given. */
  readonly node?: readonly string[];
}

const PURE_NODE = ['node:util', 'node:path'];

/** The house, from the ground up. A wing also knows itself. */
const WINGS: Readonly<Record<string, Wing>> = {
  text: { knows: [], node: PURE_NODE },
  kernel: { knows: ['text'], node: PURE_NODE },
  oci: { knows: ['text', 'kernel'], node: PURE_NODE },
  model: { knows: ['text', 'kernel', 'oci'], node: PURE_NODE },
  host: { knows: ['text', 'kernel', 'oci', 'model'] },
  lab: { knows: ['text', 'kernel', 'oci', 'model', 'host'] },
  lesson: { knows: ['text', 'kernel', 'oci', 'model', 'host', 'lab'] },
  app: { knows: ['text', 'kernel', 'oci', 'model'], typesOf: ['host', 'lab', 'lesson'], node: PURE_NODE },
  view: {
    knows: ['text', 'kernel', 'oci', 'model', 'app'],
    typesOf: ['host', 'lab', 'lesson'],
    node: PURE_NODE,
  },
  ui: { knows: ['text', 'kernel', 'oci', 'model', 'app', 'view'], typesOf: ['host', 'lab', 'lesson'] },
  commands: { knows: ['text', 'kernel', 'oci', 'model', 'host', 'lab', 'lesson', 'app', 'view', 'ui'] },
  'cli.ts': {
    knows: ['text', 'kernel', 'oci', 'model', 'host', 'lab', 'lesson', 'app', 'view', 'ui', 'commands'],
  },
};

/** Packages and Node modules that belong to one place: the paths (below src) that may import them. */
const HOMES: readonly { readonly of: RegExp; readonly may: RegExp; readonly say: string }[] = [
  { of: /^execa(?:\/|$)/, may: /^host\/exec\.ts$/, say: 'only host/exec.ts imports execa' },
  { of: /^blessed(?:-contrib)?(?:\/|$)/, may: /^ui\//, say: 'only ui/ imports blessed' },
  {
    of: /^marked(?:\/|$)/,
    may: /^(?:text\/markdown\.ts$|lesson\/)/,
    say: 'only text/markdown.ts and lesson/ import marked',
  },
  { of: /^koffi(?:\/|$)/, may: /^host\//, say: 'only host/ imports koffi' },
  {
    of: /^(?:@lydell\/node-pty|@xterm\/headless)(?:\/|$)/,
    may: /^ui\//,
    say: 'only ui/ imports node-pty and xterm',
  },
  {
    of: /^(?:node:)?(?:fs|fs\/promises|net|http|https)$/,
    may: /^(?:host\/|lab\/|lesson\/|commands\/|cli\.ts$|ui\/crash\.ts$)/,
    say: 'only host/, lab/, lesson/, commands/, cli.ts and the crash log of ui/ touch files and sockets',
  },
];

/** Every import of a source text: static (also over several lines), for side effects, `export … from`, dynamic, and require. */
export function importsOf(source: string): Import[] {
  // Comments become blanks of the same length, so that places stay what they are.
  const code = source.replace(/^[ \t]*(?:\/\/.*|\/\*[\s\S]*?\*\/)/gm, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
  const found: Import[] = [];
  const add = (match: RegExpExecArray, from: string | undefined, type: boolean): void => {
    const before = code.slice(0, match.index);
    const text = match[0].trim().replace(/\s+/g, ' ');
    found.push({ line: before.split('\n').length, text, from, type });
  };
  for (const match of code.matchAll(
    /^[ \t]*(?:import|export)\s+(type\s+(?!from\b))?[^'";=()]*?\bfrom\s*(['"])([^'"]+)\2/gm,
  )) {
    add(match, match[3], match[1] !== undefined);
  }
  for (const match of code.matchAll(/^[ \t]*import\s*(['"])([^'"]+)\1/gm)) add(match, match[2], false);
  for (const match of code.matchAll(
    /(\btypeof\s+)?(?<![.\w])(?:import|require)\s*\(\s*(?:(['"`])([^'"`$]+)\2\s*[,)])?/g,
  )) {
    add(match, match[3], match[1] !== undefined);
  }
  return found.sort((a, b) => a.line - b.line);
}

/** What is wrong with a file of src: `path` is its path below src, with `/`. One line each: place, offending line, rule. */
export function faultsOf(path: string, source: string): string[] {
  const faults: string[] = [];
  const wing = wingOf(path);
  const rules = WINGS[wing];
  if (rules === undefined) return [`src/${path}: no wing of the house is called ${wing}`];
  for (const one of importsOf(source)) {
    const why =
      one.from === undefined
        ? 'what is imported must be written out'
        : wrong(path, wing, rules, one, one.from);
    if (why !== undefined) faults.push(`src/${path}:${one.line}: ${one.text} — ${why}`);
  }
  for (const [index, line] of source.split('\n').entries()) {
    const code = line.replace(/^\s*(?:\/\/|\*|\/\*).*/, '');
    if (path !== 'cli.ts' && /\bprocess\s*\.\s*(?:exit|abort|reallyExit)\b/.test(code)) {
      faults.push(`src/${path}:${index + 1}: ${line.trim()} — only cli.ts ends the process`);
    }
  }
  const [first = '', second = ''] = source.split('\n', 2);
  const head = path === 'cli.ts' && first.startsWith('#!') ? second : first;
  if (!/^\/\/ \S.{9,}/.test(head)) {
    faults.push(`src/${path}:1: ${head} — the first line must be a comment that says what the file does`);
  }
  return faults;
}

function wingOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function wrong(path: string, wing: string, rules: Wing, one: Import, from: string): string | undefined {
  const home = HOMES.find(({ of }) => of.test(from));
  if (home !== undefined && !home.may.test(path)) return home.say;
  if (!from.startsWith('.')) {
    const node = rules.node !== undefined && from.startsWith('node:') && !rules.node.includes(from);
    return node ? `${wing} is pure: of Node it may import ${rules.node.join(' and ')} alone` : undefined;
  }
  const target = posix.normalize(posix.join(posix.dirname(path), from));
  if (target.startsWith('..')) return 'src imports nothing from outside src';
  const other = wingOf(target);
  if (other === wing || rules.knows.includes(other)) return undefined;
  if (rules.typesOf?.includes(other))
    return one.type ? undefined : `${wing} may know ${other} by import type alone`;
  return other === 'commands' ? 'nobody knows commands but cli.ts' : `${wing} may not know ${other}`;
}
