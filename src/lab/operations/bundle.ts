// Makes an OCI bundle: a directory with a copy of a root file system of the lab's and config.json, the runtime's own template with a few
// fields set. Starts no container.
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../host/exec.ts';
import { asObject, type JsonObject, parseJson } from '../../oci/json.ts';
import { ParseError, UserError } from '../../text/errors.ts';
import { type Lang, say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import {
  bundleEdits,
  type Edit,
  edited,
  jqProgram,
  printConfig,
  resourceOf,
  SPEC_NAMESPACES,
} from '../bundle.ts';
import { environment } from '../environment.ts';
import { ERRORS } from '../messages.ts';
import { findRuntime, type RuntimeName } from '../runtime.ts';
import { errnoOf, stateDirError } from '../state-dir.ts';
import { lstatOf } from '../tree.ts';
import {
  type Acting,
  type Bundle,
  claimName,
  directoryOf,
  MADE,
  type MadeBy,
  named,
  note,
  type OperationKind,
  type OperationOf,
} from './operation.ts';
import { KINDS, RUNC_ERRORS, RUNC_NOTES, RUNC_PLANS } from './runc-messages.ts';
import { undoTree } from './undo-tree.ts';

/** Throws a UserError (exit 3) without a runtime. */
export function needRuntime(lang: Lang): RuntimeName {
  const runtime = findRuntime();
  if (runtime !== null) return runtime;
  throw new UserError(say(lang, RUNC_ERRORS.noRuntime), {
    hint: say(lang, RUNC_ERRORS.installRuntime),
    exitCode: 3,
  });
}

/** The edits that ask for limits. Throws a UserError for one that config.json cannot ask for. */
function limitEdits(lang: Lang, limits: Readonly<Record<string, string>>): readonly Edit[] {
  return Object.entries(limits).map(([name, value]) => {
    const edit = resourceOf(name, value);
    if (edit === null) throw new UserError(say(lang, RUNC_ERRORS.noResource, { name, value }));
    return edit;
  });
}

/** The shell line that edits config.json; jq(1) cannot write to what it reads. */
export function editShell(directory: string, edits: readonly Edit[]): string {
  const jq = shellWords(['jq', '--tab', jqProgram(edits), 'config.json']);
  return `(cd ${shellWords([directory])} && ${jq} > config.new && mv config.new config.json)`;
}

/** Throws a UserError where the file is no JSON object: a learner may have edited it. */
export function readConfig(path: string, lang: Lang): JsonObject {
  try {
    return asObject(parseJson(readFileSync(path, 'utf8'), path), 'config.json', path);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new UserError(say(lang, RUNC_ERRORS.badConfig, { path, line: error.message }), { exitCode: 1 });
  }
}

interface Scheme {
  readonly bundle: Bundle;
  readonly copy: readonly string[];
  readonly spec: readonly string[];
  readonly edits: readonly Edit[];
  /** Limits that cannot be in force. */
  readonly skipped: readonly string[];
}

function schemeOf(lab: Acting, operation: OperationOf<'bundle'>, runtime: RuntimeName): Scheme {
  const { mode, lang } = lab;
  const directory = directoryOf(lab, 'bundle', operation.name);
  const { limits = {} } = operation;
  const rootless = mode === 'rootless';
  const asked = limitEdits(lang, limits);
  const own = bundleEdits(operation, { lab: lab.id, mode });
  const given = operation.namespaces ?? SPEC_NAMESPACES[mode];
  return {
    bundle: {
      directory,
      namespaces: rootless && !given.includes('user') ? [...given, 'user'] : given,
    },
    copy: ['cp', '-a', directoryOf(lab, 'rootfs', operation.rootfs), join(directory, 'rootfs')],
    spec: [runtime, 'spec', ...(rootless ? ['--rootless'] : []), '--bundle', directory],
    edits: [...own, ...(rootless ? [] : asked)],
    skipped: rootless ? Object.keys(limits) : [],
  };
}

async function command(lab: Acting, argv: readonly string[]): Promise<string | null> {
  const [file = '', ...args] = argv;
  const { exitCode, stderr } = await run(file, args, { env: environment(lab.id), timeoutMs: 20_000 });
  return exitCode === 0 ? null : (stderr.split('\n')[0] ?? '') || String(exitCode);
}

export const bundle: OperationKind<OperationOf<'bundle'>, MadeBy<'bundle'>> = {
  plan(operation, lab) {
    const scheme = schemeOf(lab, operation, findRuntime() ?? 'runc');
    const { directory: path } = scheme.bundle;
    lab.planned.bundles.set(operation.name, scheme.bundle);
    return {
      shell: [
        ...scheme.skipped.map((name) => `# ${say(lab.lang, RUNC_NOTES.limitSkipped, { name })}`),
        shellWords(['mkdir', path]),
        shellWords(scheme.copy),
        shellWords(scheme.spec),
        editShell(path, scheme.edits),
      ].join('\n'),
      touches: say(lab.lang, RUNC_PLANS.bundleTouches, { path }),
      undo: say(lab.lang, RUNC_PLANS.bundleUndo),
      privileged: false,
    };
  },

  async perform(operation, lab, doing) {
    const { lang, ledger } = lab;
    const runtime = needRuntime(lang);
    claimName(lab, KINDS.bundle, operation.name, lab.bundles);
    named(lab, ERRORS.kindRootfs, operation.rootfs, lab.rootfs);
    const scheme = schemeOf(lab, operation, runtime);
    const { directory: path } = scheme.bundle;
    if (lstatOf(path) !== null) throw new UserError(say(lang, ERRORS.exists, { path }));
    const n = ledger.intend({ op: 'bundle', path });
    try {
      mkdirSync(path, { mode: 0o755 });
      const { dev, ino } = lstatOf(path) ?? { dev: 0, ino: 0 };
      ledger.done(n, { dev, ino });
      const copied = await command(lab, scheme.copy);
      if (copied !== null) throw new UserError(say(lang, RUNC_ERRORS.copyFailed, { line: copied }));
      const line = await command(lab, scheme.spec);
      if (line !== null) {
        throw new UserError(say(lang, RUNC_ERRORS.failed, { runtime, verb: 'spec', line }), { exitCode: 3 });
      }
      const config = join(path, 'config.json');
      writeFileSync(config, printConfig(edited(readConfig(config, lang), scheme.edits)));
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      throw stateDirError(path, error, lang);
    }
    for (const name of scheme.skipped) note(doing, say(lang, RUNC_NOTES.limitSkipped, { name }));
    lab.bundles.set(operation.name, scheme.bundle);
    note(doing, say(lang, RUNC_NOTES.bundleMade, { path }));
    return { ...MADE, output: [] };
  },

  undo: (made, identity, undoing) => undoTree(made, identity, undoing, 'bundle'),
};
