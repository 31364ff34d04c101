// The control groups in answers: one controller with its limits, usage, events, pressure. The keys are those of the table of control files, so
// that a new row describes itself.
import { z } from 'zod';
import { CONTROL_FILES, type ControlFile, type FileField } from '../../kernel/cgroup/files.ts';
import { count, decimal, PARTS, path, pid, quantity } from './parts.ts';

/** Stands for a page size in the name of a file, as in the table. */
const SIZE = '<size>';

function namesOf(field: FileField | null): string | null {
  if (!field) return null;
  const word = field.field ?? field.sum ?? (field.index === undefined ? null : `word ${field.index + 1}`);
  return `${field.file}${word === null ? '' : ` ${word}`} (${field.unit})`;
}

/** `cgroup v1 FILE (unit), v2 FILE (unit): meaning` */
function tell({ v1, v2, meaning }: ControlFile): string {
  const places = [
    [1, namesOf(v1)],
    [2, namesOf(v2)],
  ].flatMap(([version, names]) => (names === null ? [] : [`v${version} ${names}`]));
  return `${places.join(', ')}. ${meaning.en}`;
}

type Shape = Record<string, z.ZodType>;

/** Values by key: an object of optional keys, or for a controller whose files are there for each page size a map of `KEY.SIZE`. */
function valuesOf(rows: readonly ControlFile[], value: z.ZodType, more: Shape = {}): z.ZodType {
  const sized = rows.filter(({ v1, v2 }) => (v1 ?? v2)?.file.includes(SIZE) === true);
  if (sized.length > 0) {
    const keys = sized.map(({ key }) => key).join('|');
    const pattern = new RegExp(`^(?:${keys})\\.\\d+[KMG]B$`);
    return z
      .record(z.string().regex(pattern), value)
      .describe(sized.map((row) => `${row.key}: ${tell(row)}`).join('\n'));
  }
  const shape = rows.map((row) => [row.key, value.optional().describe(tell(row))] as const);
  return z.strictObject({ ...Object.fromEntries(shape), ...more });
}

export const effective = z
  .strictObject({
    value: quantity,
    setBy: path.describe('The group, this one or an ancestor, whose limit is the least.'),
    per: decimal.optional().describe('cpu quota: microseconds of the period of that group.'),
    denied: z
      .array(path)
      .optional()
      .describe(
        'Groups whose own limit was refused: a lower one may be in force. Absent where there are none.',
      ),
  })
  .describe('The limit in force: the least over the group and its ancestors.');
PARTS.add(effective, { id: 'effective' });

const percent = z.number().min(0).max(100);
const pressureLine = z.strictObject({
  avg10: percent.describe('Percent of the last 10 seconds lost to waiting.'),
  avg60: percent.describe('Percent of the last 60 seconds.'),
  avg300: percent.describe('Percent of the last 300 seconds.'),
  total: decimal.describe('Microseconds since the group was made.'),
});
const pressure = z
  .strictObject({
    some: pressureLine.describe('At least one task waited.'),
    full: pressureLine
      .nullable()
      .describe('All tasks waited at once; null where the kernel has no such line.'),
  })
  .nullable()
  .describe(
    'Pressure stall information (Documentation/accounting/psi.rst); null where it could not be read.',
  );
PARTS.add(pressure, { id: 'pressure' });

const bandwidth = z
  .array(
    z.strictObject({
      path,
      quota: quantity.nullable().describe('Microseconds.'),
      period: decimal.nullable().describe('Microseconds.'),
      nrThrottled: decimal.nullable().describe("How often the group's own quota stopped it."),
      throttledTime: decimal
        .nullable()
        .describe('Microseconds for which it did, summed over the CPUs, on v1 too.'),
    }),
  )
  .describe(
    'The group and its ancestors, from the group upwards: throttling is counted where the quota is set alone.',
  );

/** What every controller has beside its values. `directory` is of a snapshot alone. */
function common(more: Shape) {
  return {
    version: z
      .union([z.literal(1), z.literal(2)])
      .nullable()
      .describe(
        'cgroup version; null: this host has no such controller mounted, and what follows is null or empty.',
      ),
    path: path.nullable().describe('Of the group in its hierarchy, as our cgroup namespace shows it.'),
    readAt: z
      .record(z.string(), path)
      .optional()
      .describe('Values that are of another group, by key: v1 keeps cpu time in the hierarchy of cpuacct.'),
    ...more,
  };
}

const PRESSURE_OF = ['cpu', 'memory', 'io'];

const WORKING_SET = {
  workingSet: decimal
    .nullable()
    .optional()
    .describe('Bytes: usage minus inactive_file (v1 total_inactive_file), as docker stats shows it.'),
};

function controllerOf(name: string, rows: readonly ControlFile[], more: Shape): z.ZodType {
  const of = (kind: ControlFile['kind']) => rows.filter((row) => row.kind === kind);
  const working = name === 'memory' && 'insidePath' in more;
  const bound = rows.filter((row) => row.bound === true || (name === 'cpu' && row.key === 'quota'));
  return z.strictObject({
    name: z.literal(name),
    ...common(more),
    limits: valuesOf(of('limit'), quantity.nullable()),
    usage: valuesOf(of('usage'), decimal.nullable(), working ? WORKING_SET : {}),
    events: valuesOf(of('event'), decimal.nullable()),
    effective: valuesOf(bound, effective),
    ...(PRESSURE_OF.includes(name) ? { pressure: pressure.optional() } : {}),
    ...(name === 'cpu' ? { bandwidth: bandwidth.optional() } : {}),
  });
}

/** Every controller of the table, and any other that a kernel has mounted, which has no values. */
function controllersOf(more: Shape): z.ZodType {
  const names = [...new Set(CONTROL_FILES.map(({ controller }) => controller))];
  const known = names.map((name) =>
    controllerOf(
      name,
      CONTROL_FILES.filter(({ controller }) => controller === name),
      more,
    ),
  );
  const none = z.strictObject({});
  const other = z.strictObject({
    name: z.string().regex(new RegExp(`^(?!(?:${names.join('|')})$)`)),
    ...common(more),
    limits: none,
    usage: none,
    events: none,
    effective: none,
  });
  return z.union([...known, other]);
}

/** As `nscope cgroup` has them. */
export const controller = controllersOf({
  insidePath: path.nullable().describe('The path as the process itself sees it (cgroup_namespaces(7)).'),
});
PARTS.add(controller, { id: 'controller' });

/** As a snapshot has them. */
export const snapshotController = controllersOf({
  directory: path.nullable().describe('The directory of its files; null where there is none here.'),
});
PARTS.add(snapshotController, { id: 'snapshotController' });

export const targetKind = z.enum(['host', 'process', 'container', 'namespace', 'cgroup']);

export const cgroupTarget = z
  .strictObject({
    kind: targetKind,
    pid: pid.nullable().describe('The process that stands for it; null where there is none.'),
    container: z.string().nullable().describe('Id of the container.'),
    path: path.nullable().describe('Of a target cgroup:PATH.'),
  })
  .describe('What the answer is about.');
PARTS.add(cgroupTarget, { id: 'cgroupTarget' });

export const rate = count.or(decimal).describe('Growth a second, in the unit of the value.');
