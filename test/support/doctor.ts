// Asks the built `nscope doctor --json`, as a person would, and hands its findings on.
import * as assert from 'uvu/assert';
import { runToEnd } from './process.ts';

export interface Told {
  readonly id: string;
  readonly severity: string;
  readonly subject: {
    readonly kind: string;
    readonly name: string;
    readonly id?: string;
    readonly path?: string;
  };
  readonly sentence: string;
  readonly evidence: readonly { readonly file: string; readonly value: string }[];
  readonly proof: string;
  readonly next: string;
  readonly lesson: string;
  readonly pids: readonly number[];
}

/** The exit code must agree with what is found: 1 where something is, 0 where not. */
export async function doctor(...args: readonly string[]): Promise<readonly Told[]> {
  const { code, stdout, stderr } = await runToEnd([
    process.execPath,
    'dist/cli.js',
    'doctor',
    ...args,
    '--json',
  ]);
  assert.ok(code === 0 || code === 1, `exit ${code}: ${stderr}`);
  const { findings } = JSON.parse(stdout) as { findings: readonly Told[] };
  assert.is(code, findings.length > 0 ? 1 : 0);
  for (const { sentence, evidence, proof, next, lesson } of findings) {
    assert.ok(sentence !== '' && evidence.length > 0 && proof !== '' && next !== '' && lesson !== '');
    assert.not.match(sentence, /\{\w+\}/);
  }
  return findings;
}

/** The one finding with this id; fails with what there is instead. */
export function only(findings: readonly Told[], id: string): Told {
  const found = findings.filter((one) => one.id === id);
  assert.is(found.length, 1, JSON.stringify(findings, null, 1));
  return found[0] as Told;
}
