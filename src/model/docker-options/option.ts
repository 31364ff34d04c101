// The form of a row of the table of docker's options, what it is told with, and what it tells. Holds no row.
import type { Reading } from '../../kernel/reading.ts';
import type { OciConfig } from '../../oci/config.ts';
import type { EngineInspect } from '../../oci/inspect.ts';
import type { Message } from '../../text/lang.ts';
import type { Confinement } from '../confinement.ts';
import type { LinkRow } from '../links.ts';
import type { Container, ControllerState, Process, Snapshot } from '../types.ts';

/** A control file of the container's group as it stands: its whole text, and where it is. */
export interface ControlText {
  readonly version: 1 | 2;
  readonly path: string;
  readonly text: Reading<string>;
}

/** Files of /proc/sys as they are within the namespaces of a process, by path. */
export type InsideValues = Readonly<Record<string, Reading<string>>>;

/** All that is known of one container, from the engine down to the kernel. */
export interface OptionFacts {
  readonly snapshot: Snapshot;
  readonly container: Container;
  /** The first process; null where it has ended. */
  readonly init: Process | null;
  /** null: nobody was asked, as of a container that no docker made. */
  readonly inspect: EngineInspect | null;
  /** null: it could not be read. */
  readonly config: OciConfig | null;
  readonly confinement: Confinement | null;
  readonly links: readonly LinkRow[];
  readonly controllers: readonly ControllerState[];
  /** By the file's name. */
  readonly files: Readonly<Record<string, ControlText>>;
  /** Of the first process' uts, net and ipc namespaces: `sysctlPaths` says which. */
  readonly inside: InsideValues;
  /** Last capability of the kernel; null where it could not be read. */
  readonly lastCapability: number | null;
}

/** One thing of the kernel's that an option has become. */
export interface KernelValue {
  /** `memory.max`, `CapBnd`, `ns/pid`. */
  readonly name: string;
  readonly value: Reading<string>;
  /** The command that shows it. */
  readonly proof: string;
}

/**
 * What became of an option. `agree`: asked, configuration and kernel are one. `updated`: the kernel has what is asked, the configuration is of
 * before (docker update). `differ`: the kernel, or the configuration, has another value. `unknown`: one of them could not be read, and the rest
 * agrees, or nothing of the kernel's tells it.
 */
export type Verdict = 'agree' | 'updated' | 'differ' | 'unknown';

/** A row of `nscope explain`. Values are as docker, config.json and the kernel have them. */
export interface ToldOption {
  readonly option: DockerOption;
  /** null: not asked for, or the engine could not be asked. */
  readonly asked: string | null;
  /** null: config.json has nothing for it, or could not be read. */
  readonly configured: string | null;
  readonly kernel: readonly KernelValue[];
  readonly verdict: Verdict;
  readonly note: Message | null;
}

/** Without the option itself: what its row's `tell` gives. */
export type Told = Omit<ToldOption, 'option'>;

export interface DockerOption {
  /** As docker-run(1) has it, for one that takes a NAME=VALUE with the name: `--security-opt seccomp`. */
  readonly flag: string;
  /** The field of `docker inspect`. */
  readonly field: string;
  /** The field of config.json. */
  readonly oci: string;
  /** What the kernel keeps it in, by version; the same where it is no control file. */
  readonly v1: string;
  readonly v2: string;
  /** How the value becomes the kernel's. */
  readonly maps: Message;
  /** null: neither asked for nor configured. */
  readonly tell: (facts: OptionFacts) => Told | null;
}

/** The three answers as a verdict: whether config.json carries what was asked, whether the kernel has it; null where that cannot be told. */
export function verdictOf(carried: boolean | null, kept: boolean | null): Verdict {
  if (kept === false) return 'differ';
  if (carried === false) return kept === true ? 'updated' : 'differ';
  return kept === true ? 'agree' : 'unknown';
}
