// The strokes that lead to the rows of a tree: solid for a parent by ppid, dashed for a logical one.

/** What stands right before a row: `├─ `, `└─ `, or dashed; nothing before a root (`last` null). */
export function edge(last: boolean | null, dashed: boolean): string {
  if (last === null) return '';
  return `${last ? '└' : '├'}${dashed ? '╌' : '─'} `;
}

/** What stands before the rows below a row. */
export function under(last: boolean | null): string {
  if (last === null) return '';
  return last ? '   ' : '│  ';
}
