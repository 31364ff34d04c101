// `nscope snapshot`: this host as one file: the JSON snapshot, or the recorded texts that --from reads. Redacted unless it is asked not to be.
import { writeFileSync } from 'node:fs';
import { takeSnapshot } from '../host/host.ts';
import { recordHost, redactSnapshot } from '../host/record.ts';
import { valueOr } from '../kernel/reading.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { Context } from './context.ts';
import { MESSAGES } from './messages.ts';

export interface SnapshotOptions {
  readonly out?: string;
  readonly raw?: boolean;
  /** False by --no-redact. */
  readonly redact?: boolean;
}

/** Exit code 0; a file that cannot be written is a UserError (2), and nothing half written stays under its name. */
export async function snapshotCommand(context: Context, options: SnapshotOptions): Promise<number> {
  const host = context.host();
  const redact = options.redact !== false;
  const text = options.raw ? await rawText() : await jsonText();
  if (options.out === undefined) process.stdout.write(text);
  else write(options.out, text);
  if (!redact) context.say(say(context.lang, MESSAGES.notRedacted));
  return 0;

  async function rawText(): Promise<string> {
    const { host: facts } = await takeSnapshot(host);
    const engine = facts.engines
      .map(({ version }) => (version.ok ? `, docker ${version.value}` : ''))
      .join('');
    const title = `Linux ${valueOr(facts.kernel, '?')}${engine}`;
    return recordHost(host, { title, processes: 'all', redact: redact ? 'all' : 'nothing' });
  }

  async function jsonText(): Promise<string> {
    const first = await takeSnapshot(host, { cmdlines: 'all' });
    const snapshot = await takeSnapshot(host, { cmdlines: 'all', watch: first.processes });
    const { coverage, ...seen } = redact ? redactSnapshot(snapshot) : snapshot;
    return context.jsonText({ snapshot: seen }, coverage);
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UserError(`cannot write ${clean(file)}: ${code}`, {
      hint:
        code === 'EEXIST'
          ? 'give the name of a file that is not there yet'
          : 'give a file in a directory that can be written',
      cause: error,
    });
  }
}
