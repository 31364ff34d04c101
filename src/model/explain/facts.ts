// All that `nscope explain` knows of one process, and of the container that it is in: plain values that host/story.ts reads.
import type { Reading } from '../../kernel/reading.ts';
import type { EngineInspect } from '../../oci/inspect.ts';
import type { Confinement, ContainerConfig } from '../confinement.ts';
import { compareLinks } from '../links.ts';
import type { ControlText, InsideValues, OptionFacts } from '../docker-options/option.ts';
import { tellOptions, type ToldOption } from '../docker-options/index.ts';
import { processAt } from '../find.ts';
import type { Container, ControllerState, Process, Snapshot } from '../types.ts';

export interface StoryFacts {
  /** null: a container that has no process any more. */
  readonly process: Process | null;
  readonly container: Container | null;
  readonly confinement: Confinement | null;
  /** Of its uid, by passwd(5), sanitised; null where there is none. */
  readonly userName: string | null;
  /** Of the process' groups; of a container without a process of what is left of its groups. */
  readonly controllers: readonly ControllerState[];
  readonly lastCapability: Reading<number>;
  /** Seconds since the epoch at which the kernel booted (proc_stat(5), btime). */
  readonly bootTime: Reading<number>;
  /** null for a process of no container, and so the next two. */
  readonly config: Reading<ContainerConfig> | null;
  readonly inspect: Reading<EngineInspect> | null;
  /** Of the container's first process, whoever the story is about. */
  readonly first: {
    readonly confinement: Confinement | null;
    readonly controllers: readonly ControllerState[];
    readonly files: Readonly<Record<string, ControlText>>;
    readonly inside: InsideValues;
  } | null;
}

/** What became of docker's options; empty for a process of no container. */
export function optionsOf(snapshot: Snapshot, facts: StoryFacts): readonly ToldOption[] {
  const { container, first, inspect, config, lastCapability } = facts;
  if (!container || !first) return [];
  const init = container.init ? processAt(snapshot, container.init) : null;
  const options: OptionFacts = {
    snapshot,
    container,
    init,
    inspect: inspect?.ok ? inspect.value : null,
    config: config?.ok ? config.value.config : null,
    confinement: first.confinement,
    links: init ? compareLinks(snapshot, init) : [],
    controllers: first.controllers,
    files: first.files,
    inside: first.inside,
    lastCapability: lastCapability.ok ? lastCapability.value : null,
  };
  return tellOptions(options);
}
