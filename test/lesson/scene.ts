// A lab in memory with actors that have been started, and what a check gets to look at there. Not a test.
import type { NsType } from '../../src/kernel/namespaces.ts';
import type { CheckContext, KnownActor } from '../../src/lesson/checks/check.ts';
import { knownActor } from '../../src/lesson/checks/index.ts';
import { FakeHost, FakeLab } from './fake.ts';

export interface Scene {
  readonly host: FakeHost;
  readonly lab: FakeLab;
  /** The context of this moment, with some of it changed. */
  readonly context: (change?: Partial<CheckContext>) => CheckContext;
}

/** Starts an actor for each name, with namespaces of its own of these types. */
export async function scene(actors: Readonly<Record<string, readonly NsType[]>>): Promise<Scene> {
  const host = new FakeHost();
  const lab = new FakeLab(host);
  const known = new Map<string, KnownActor>();
  for (const [name, namespaces] of Object.entries(actors)) {
    await lab.perform({ op: 'actor', name, namespaces, command: ['sleep', 'infinity'] });
    const actor = lab.started.get(name);
    if (!actor) throw new Error(`${name} was not started`);
    known.set(name, knownActor(actor, undefined, host.snapshot()));
  }
  return {
    host,
    lab,
    context: (change = {}) => ({
      lang: 'en',
      mode: 'root',
      now: host.snapshot(),
      actors: known,
      output: [],
      exit: null,
      ask: (question) => lab.ask(question),
      askedBefore: () => null,
      label: () => null,
      ...change,
    }),
  };
}
