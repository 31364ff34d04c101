// What the answers of several commands have in common, as zod schemas: identities, quantities, coverage, the envelope. Strict: a key that is not
// described here is an error. No command loads this at run time; the published JSON Schema is made of it.
import { z } from 'zod';
import { NS_TYPES } from '../../kernel/namespaces.ts';

/** Schemas with a name of their own in the published file. */
export const PARTS = z.registry<{ readonly id: string }>();

/** A schema that others refer to by `id`. */
function named<T extends z.ZodType>(id: string, schema: T): T {
  PARTS.add(schema, { id });
  return schema;
}

export const count = z.int().min(0);
export const pid = z.int().min(1).describe('Process id, in the pid namespace of the reader.');
export const inode = z
  .int()
  .min(1)
  .describe('Inode number on nsfs; of a namespace half of the identity, with the device.');
export const uid = z.int().min(0).describe('User id, in the user namespace of the reader.');
export const starttime = count.describe(
  'Clock ticks since boot (field 22 of proc_pid_stat(5), 100 a second); with the pid the identity of a process.',
);
export const nsType = z.enum(NS_TYPES).describe('Namespace type, as namespaces(7) names its link.');
export const path = z.string().describe('As the kernel has it, not sanitised.');
export const decimal = z
  .string()
  .regex(/^-?\d+$/)
  .describe('A whole number as decimal digits: it may pass 2^53.');
export const quantity = z
  .union([decimal, z.literal('max')])
  .describe('Decimal digits, or "max" where there is no limit.');

export const processRef = named('processRef', z.strictObject({ pid, starttime }));

const reach = z.strictObject({
  read: count.describe('How many were read.'),
  denied: count.describe('How many the kernel refused.'),
});

const scanned = z.enum(['scanned', 'not scanned']);

export const coverage = named(
  'coverage',
  z
    .strictObject({
      processes: count.describe('Processes seen.'),
      denied: count.describe('Of these, whose namespace links were denied.'),
      procOptions: z
        .array(z.string())
        .describe('Options of the /proc mount that hide processes or files: hidepid, gid, subset.'),
      threads: scanned,
      fds: scanned,
      mountNamespaces: scanned.describe('The mounts of mount namespaces beside our own.'),
      deep: z
        .strictObject({
          threads: reach.describe('In processes.'),
          fds: reach.describe('In processes.'),
          mountNamespaces: reach
            .extend({
              outOfReach: count.describe('Held by an fd or a mount alone: no process shows their mounts.'),
            })
            .describe('Mount namespaces beside our own.'),
          sockets: z.literal('not scanned').describe('A socket holds its network namespace too.'),
          untoldMounts: z
            .strictObject({ proc: count, mqueue: count })
            .describe('Mounts of proc and mqueue whose pid or ipc namespace could not be told.'),
          unborn: count.describe('Processes and threads whose new pid namespace has no first process yet.'),
        })
        .nullable()
        .describe('Counts of a deep look (--holders); null without one.'),
      owners: z
        .enum(['ioctl', 'lsns', 'recorded', 'unavailable'])
        .describe('How owners and parents of namespaces were found.'),
      insideContainer: z
        .boolean()
        .describe('Our own pid namespace is not the initial one: the view is partial.'),
      unread: z
        .array(
          z.strictObject({
            path: z.string().describe('The file, link or call that refused; sanitised.'),
            reason: z
              .enum(['denied', 'gone', 'unsupported'])
              .describe(
                'denied: EACCES, EPERM. gone: it ended. unsupported: this kernel or group has no such file.',
              ),
          }),
        )
        .describe('What was wanted and could not be read: its value is null where it stands.'),
    })
    .describe('What was seen of the host, and what not.'),
);

export const nscope = named(
  'nscope',
  z
    .strictObject({
      format: z.literal(1).describe('Version of this format.'),
      version: z.string().describe('Version of the program.'),
    })
    .describe('Who wrote this.'),
);

/** The answer of a command that reads a host: the envelope, what was seen, and the command's own fields. */
export function answer<T extends z.ZodRawShape>(fields: T) {
  return z.strictObject({ nscope, coverage, ...fields });
}

/** The answer of a command that reads no host. */
export function plainAnswer<T extends z.ZodRawShape>(fields: T) {
  return z.strictObject({ nscope, ...fields });
}

export const leftover = named(
  'leftover',
  z
    .strictObject({
      kind: z.enum(['process', 'mount', 'cgroup', 'file', 'namespace pin', 'link', 'container']),
      lab: z.string().describe('Id of the lab that made it.'),
      what: z.string().describe('Pid, mount point, directory, file or link name; not sanitised.'),
      proof: z.string().describe('The command that shows it.'),
      live: z.boolean().describe('The program that made it still runs.'),
      reason: z
        .string()
        .optional()
        .describe('Why it is still there, or was left alone; in the language asked for.'),
    })
    .describe('Something of a lab that is still on the host.'),
);

export const engine = z
  .string()
  .describe('docker, podman, containerd, kubernetes, crio, lxc, nspawn, runc, crun.');
export const evidence = z
  .array(z.enum(['api', 'bundle', 'state', 'shim', 'cgroup']))
  .describe(
    "Who says that it is there: the engine's answer, the shim's bundle, the runtime's checked record, the watching process, the name of its group.",
  );
export const confidence = z
  .enum(['certain', 'likely', 'guess'])
  .describe('guess: a group whose name anybody could have chosen.');
export const engineUser = uid
  .nullable()
  .describe("Whose engine it is: 0 for the system's; null where it could not be known.");
export const pod = z
  .strictObject({
    uid: z.string().nullable(),
    namespace: z.string().nullable(),
    name: z.string().nullable(),
  })
  .nullable()
  .describe('The Kubernetes pod; null where it is in none.');
export const sandbox = z
  .boolean()
  .describe("The pod's first container, which holds its namespaces and does nothing else.");
export const parentContainer = z
  .string()
  .nullable()
  .describe('Id of the container that it runs in; null on the host itself.');
export const stale = processRef
  .nullable()
  .describe("What the runtime's record calls the first process, though that has ended.");

export const container = named(
  'container',
  z.strictObject({
    id: z.string(),
    engine,
    engineNamespace: z
      .string()
      .nullable()
      .describe("containerd's namespace (moby, k8s.io, default); null where no shim tells it."),
    name: z.string().nullable().describe("From the engine's API; null while nobody has said it."),
    image: z.string().nullable(),
    evidence,
    confidence,
    user: engineUser,
    parent: parentContainer,
    pod,
    sandbox,
    stale,
    init: processRef.nullable().describe('The first process; null where it has ended or cannot be known.'),
    shim: processRef.nullable(),
    pids: z.array(pid).describe('Every process in its cgroups, ascending.'),
    execSessions: z.array(pid).describe('Children of the shim that are not the first process.'),
    bundle: path.nullable(),
    cgroupPath: path.nullable(),
  }),
);

export const hostFacts = named(
  'hostFacts',
  z.strictObject({
    hostname: z.string().nullable(),
    kernel: z.string().nullable().describe('/proc/sys/kernel/osrelease'),
    clockTicks: count.describe('Ticks a second of starttime.'),
    uid: z.int().describe('Of the reader.'),
    engines: z.array(
      z.strictObject({
        socket: path,
        version: z.string().nullable().describe('null where the engine does not answer.'),
      }),
    ),
  }),
);

/** One command's answer as it is published: `id` names it in the file. */
export interface CommandSchema {
  readonly id: string;
  /** The command line that gives it. */
  readonly command: string;
  readonly schema: z.ZodType;
}
