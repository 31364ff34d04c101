// Parses /proc/PID/mountinfo (proc_pid_mountinfo(5)). Reads no file and follows no mount.
import { ParseError } from '../../text/errors.ts';

/** One line of mountinfo, octal escapes undone; not sanitised. */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** major:minor */
  readonly dev: string;
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  /** shared:N, master:N, propagate_from:N, unbindable */
  readonly propagation: readonly string[];
  readonly fstype: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

const OPTIONAL_FIELDS = 6;

/**
 * The mounts of a mount namespace, in the file's order (a later mount may cover an earlier one). An empty source stays empty.
 * An empty text has none. Throws ParseError for a line of another form.
 */
export function parseMountinfo(text: string, path: string): Mount[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => parseLine(line, path));
}

function parseLine(line: string, path: string): Mount {
  // Single spaces: an empty source leaves two of them in a row.
  const words = line.split(' ');
  const dash = words.indexOf('-', OPTIONAL_FIELDS);
  const [id, parent, dev, root, mountPoint, options] = words;
  const [fstype, source, ...superOptions] = dash < 0 ? [] : words.slice(dash + 1);
  const numbers = [Number(id), Number(parent)];
  if (
    id === undefined ||
    parent === undefined ||
    dev === undefined ||
    root === undefined ||
    mountPoint === undefined ||
    options === undefined ||
    fstype === undefined ||
    source === undefined ||
    !/^\d+$/.test(id) ||
    !/^\d+$/.test(parent) ||
    !/^\d+:\d+$/.test(dev) ||
    !numbers.every(Number.isSafeInteger)
  ) {
    throw new ParseError(
      path,
      'ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS … - FSTYPE SOURCE SUPEROPTIONS',
      line,
    );
  }
  return {
    id: Number(id),
    parent: Number(parent),
    dev,
    root: unescapeOctal(root),
    mountPoint: unescapeOctal(mountPoint),
    options: listOf(options),
    propagation: words.slice(OPTIONAL_FIELDS, dash),
    fstype: unescapeOctal(fstype),
    source: unescapeOctal(source),
    // Some file systems print options with a bare space; the rest of the line is theirs.
    superOptions: listOf(superOptions.join(' ')),
  };
}

function listOf(options: string): string[] {
  return options === '' ? [] : options.split(',').map(unescapeOctal);
}

/** Undoes `\040 \011 \012 \134 \043` and the like (mangle() and seq_escape() of the kernel escape ASCII alone). */
function unescapeOctal(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\([01][0-7]{2})/g, (_whole, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 8)),
      )
    : text;
}
