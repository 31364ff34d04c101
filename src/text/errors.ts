// The two errors that nscope throws: one for the person at the keyboard, one for a text that is not what a man page says.
// What the kernel refuses is not an error here: see kernel/reading.ts.

/** Exit codes of interface.md: 1 the answer is no, 2 usage or unknown target, 3 this host cannot do it. */
export type ExitCode = 1 | 2 | 3;

/** A mistake or a lack that the person can mend: one line of what is wrong, a hint of what to do, an exit code. */
export class UserError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 2;
  }
}

/** A text that does not have the form that its man page gives: says the file, what was expected, and quotes the start of the text. */
export class ParseError extends Error {
  readonly file: string;
  readonly offending: string;

  constructor(file: string, expected: string, offending: string) {
    const quoted = JSON.stringify(offending.length > 80 ? `${offending.slice(0, 80)}…` : offending);
    super(`${file}: expected ${expected}, found ${quoted}`);
    this.name = 'ParseError';
    this.file = file;
    this.offending = offending;
  }
}
