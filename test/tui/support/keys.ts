// The names of keys and the bytes that an xterm sends for them (xterm's ctlseqs, "PC-Style Function Keys"). Sends nothing.

const CURSOR: Readonly<Record<string, string>> = {
  Up: 'A',
  Down: 'B',
  Right: 'C',
  Left: 'D',
  Home: 'H',
  End: 'F',
};

const KEYS: Readonly<Record<string, string>> = {
  Enter: '\r',
  Esc: '\u001B',
  Tab: '\t',
  ShiftTab: '\u001B[Z',
  Space: ' ',
  Backspace: '\u007F',
  Insert: '\u001B[2~',
  Delete: '\u001B[3~',
  PageUp: '\u001B[5~',
  PageDown: '\u001B[6~',
  F1: '\u001BOP',
  F2: '\u001BOQ',
  F3: '\u001BOR',
  F4: '\u001BOS',
  F5: '\u001B[15~',
  F6: '\u001B[17~',
  F7: '\u001B[18~',
  F8: '\u001B[19~',
  F9: '\u001B[20~',
  F10: '\u001B[21~',
  F11: '\u001B[23~',
  F12: '\u001B[24~',
};

/** The bytes of a key: a name of the tables, `Ctrl-x`, or one character. `application` is the cursor key mode (DECCKM). Throws for an unknown name. */
export function bytesOf(key: string, application: boolean): string {
  const cursor = CURSOR[key];
  if (cursor !== undefined) return `\u001B${application ? 'O' : '['}${cursor}`;
  const known = KEYS[key];
  if (known !== undefined) return known;
  const control = /^Ctrl-([a-z\]])$/.exec(key)?.[1];
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 31);
  if (/^.$/u.test(key)) return key;
  throw new Error(
    `no key is named ${key}: ${[...Object.keys(CURSOR), ...Object.keys(KEYS), 'Ctrl-a…z'].join(', ')}`,
  );
}
