// Absence is data: a value that the kernel gave, or the file that refused it and why. Never throws, reads nothing itself.

/**
 * Why there is no value: `denied` (EACCES, EPERM), `gone` (ENOENT, ESRCH: the process or group ended),
 * `unsupported` (the kernel, this hierarchy or this group has no such file, or answers EOPNOTSUPP).
 */
export type Why = 'denied' | 'gone' | 'unsupported';

export interface Unread {
  readonly ok: false;
  readonly why: Why;
  /** The file, link or call that said so. */
  readonly path: string;
}

export interface Value<T> {
  readonly ok: true;
  readonly value: T;
}

export type Reading<T> = Value<T> | Unread;

export function value<T>(of: T): Value<T> {
  return { ok: true, value: of };
}

export function unread(why: Why, path: string): Unread {
  return { ok: false, why, path };
}

/** The reading with its value put through `f`; an Unread passes as it is. */
export function mapReading<T, U>(reading: Reading<T>, f: (value: T) => U): Reading<U> {
  return reading.ok ? value(f(reading.value)) : reading;
}

/** The value, or `fallback` where there is none. Use it only where the absence has been shown elsewhere. */
export function valueOr<T, U>(reading: Reading<T>, fallback: U): T | U {
  return reading.ok ? reading.value : fallback;
}

/**
 * errno names to reasons. ENODEV is what a control file says whose group was removed after it was opened (fs/kernfs/file.c). An errno that is in none of the lists
 * is `unsupported`, the file's name says the rest.
 */
export function whyOf(code: string | undefined): Why {
  if (code === 'EACCES' || code === 'EPERM') return 'denied';
  if (code === 'ENOENT' || code === 'ESRCH' || code === 'ENOTDIR' || code === 'ENODEV') return 'gone';
  return 'unsupported';
}
