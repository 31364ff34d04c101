// The form of a recorded lesson, format 1: JSON, in no language but for the lab's own lines, which are English and are told anew.
import { z } from 'zod';
import { NS_TYPES } from '../kernel/namespaces.ts';
import type { Reading } from '../kernel/reading.ts';
import type { OperationPlan, OutputLine } from '../lab/types.ts';
import type { Snapshot } from '../model/types.ts';

/** The format of recordings that this program reads and writes. */
export const RECORDING_FORMAT = 1;

function readingOf<T>(of: z.ZodType<T>): z.ZodType<Reading<T>> {
  return z.union([
    z.strictObject({ ok: z.literal(true), value: of }),
    z.strictObject({
      ok: z.literal(false),
      why: z.enum(['denied', 'gone', 'unsupported']),
      path: z.string(),
    }),
  ]) as z.ZodType<Reading<T>>;
}

const int = z.number().int();
const text = z.string();
const ref = z.object({ pid: int, starttime: int });
const nsType = z.enum(NS_TYPES);
const quantity = z.union([z.bigint(), z.literal('max')]);

const process = ref.extend({
  ppid: int,
  comm: text,
  state: text,
  kernelThread: z.boolean(),
  uid: readingOf(int),
  nspid: readingOf(z.array(int)).nullable(),
  cmdline: readingOf(z.array(text)).nullable(),
  ns: z.record(nsType, readingOf(int)),
  cgroups: readingOf(z.array(z.object({ hierarchy: int, controllers: z.array(text), path: text }))),
});

const namespace = z.object({
  type: nsType,
  inode: int,
  initial: z.boolean(),
  members: z.array(int),
  owner: readingOf(int.nullable()),
  parent: readingOf(int.nullable()),
  pins: z.array(text),
  holders: z.array(z.never()).default([]),
});

const controller = z.object({
  name: text,
  version: z.union([z.literal(1), z.literal(2)]).nullable(),
  path: text,
  directory: readingOf(text),
  limits: z.record(text, readingOf(quantity)),
  usage: z.record(text, readingOf(z.bigint())),
  events: z.record(text, readingOf(z.bigint())),
  effective: z.record(text, z.object({ value: quantity, setBy: text })),
});

// Loose where the model may gain fields; mounts and containers are never kept, so their form is not said here.
const snapshot = z.looseObject({
  takenAt: z.number(),
  source: z.object({ kind: z.enum(['live', 'recorded']), title: text }),
  host: z.looseObject({
    hostname: readingOf(text),
    kernel: readingOf(text),
    clockTicks: int,
    uid: int,
    engines: z.array(z.never()),
  }),
  nsDev: int.nullable(),
  self: int,
  processes: z.array(process),
  namespaces: z.array(namespace),
  mounts: z.array(z.never()),
  hierarchies: z.array(
    z.object({
      version: z.union([z.literal(1), z.literal(2)]),
      controllers: z.array(text),
      mountPoint: text,
      root: text,
    }),
  ),
  containers: z.array(z.never()),
  groups: z.array(z.object({ of: ref, controllers: z.array(controller) })),
  coverage: z.looseObject({ processes: int, denied: int, unread: z.array(z.unknown()) }),
}) as unknown as z.ZodType<Snapshot>;

const outputLine: z.ZodType<OutputLine> = z.strictObject({
  stream: z.enum(['command', 'stdout', 'stderr', 'note']),
  text,
});

const plan: z.ZodType<OperationPlan> = z.strictObject({
  shell: text,
  touches: text,
  undo: text,
  privileged: z.boolean(),
  looksOnly: z.literal(true).optional(),
});

const result = z.strictObject({
  plan: plan.nullable(),
  output: z.array(outputLine),
  exit: int.nullable(),
  asExpected: z.boolean(),
});

const moment = z.strictObject({
  /** Index into `snapshots`: many steps share one. */
  snapshot: int.min(0).nullable(),
  actors: z.array(ref.extend({ name: text, namespaces: z.array(nsType) })),
  /** By questionKey: what was asked at this moment, in plain JSON. */
  answers: z.record(text, readingOf(z.unknown())),
});

const step = z.strictObject({
  id: text,
  operations: z.array(result),
  before: moment,
  after: moment,
  verdicts: z.array(z.strictObject({ id: text, verdict: z.enum(['pass', 'fail', 'unknown']) })),
  truth: text.nullable(),
});

/** A whole recording. Snapshots hold the lab's processes and this program alone. */
export const recordingSchema = z.strictObject({
  format: z.literal(RECORDING_FORMAT),
  lesson: text,
  /** What every pane shows: "recorded on Debian 13, cgroup v2". */
  title: z.strictObject({ en: text, 'zh-CN': text }),
  /** The program's version that took it, and the day (ISO 8601). */
  nscope: text,
  recordedOn: text,
  mode: z.enum(['root', 'rootless']),
  /** The form of the lesson that was played. */
  variant: z
    .strictObject({
      mode: z.enum(['root', 'rootless']),
      cgroup: z.enum(['v1', 'v2', 'hybrid', 'none']),
      controllers: z.record(text, z.union([z.literal(1), z.literal(2)])),
    })
    .optional(),
  labId: text,
  snapshots: z.array(snapshot).min(1),
  steps: z.array(step),
});

export type Recording = z.infer<typeof recordingSchema>;
export type RecordedStep = Recording['steps'][number];
export type RecordedMoment = RecordedStep['before'];

/** A line for each snapshot and step. JSON knows no big integers: `{"bigint":"123"}` stands for one. */
export function printRecording({ snapshots, steps, ...head }: Recording): string {
  const json = (of: unknown): string =>
    JSON.stringify(of, (_, value: unknown) =>
      typeof value === 'bigint' ? { bigint: String(value) } : value,
    );
  const list = (of: readonly unknown[]): string => `[\n${of.map(json).join(',\n')}\n]`;
  const lines = Object.entries(head).map(([key, value]) => `${json(key)}: ${json(value)},\n`);
  return `{\n${lines.join('')}"snapshots": ${list(snapshots)},\n"steps": ${list(steps)}\n}\n`;
}

/** The value that a recording's JSON text holds, not validated. Throws SyntaxError. */
export function readJson(json: string): unknown {
  return JSON.parse(json, (_, value: unknown) => {
    const big =
      typeof value === 'object' && value !== null ? (value as { bigint?: unknown }).bigint : undefined;
    return typeof big === 'string' && /^-?\d+$/.test(big) ? BigInt(big) : value;
  });
}
