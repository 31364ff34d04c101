// `nscope snapshot`: the whole of what was seen, as src/model/types.ts has it.
import { z } from 'zod';
import { NS_TYPES } from '../../kernel/namespaces.ts';
import { snapshotController } from './cgroup-parts.ts';
import {
  answer,
  type CommandSchema,
  container,
  count,
  hostFacts,
  inode,
  nsType,
  path,
  pid,
  processRef,
  starttime,
  uid,
} from './parts.ts';

const links = Object.fromEntries(NS_TYPES.map((type) => [type, inode.nullable()]));

const membership = z.strictObject({
  hierarchy: count.describe('0 is the v2 tree.'),
  controllers: z.array(z.string()),
  path,
});

const processOf = z.strictObject({
  pid,
  starttime,
  ppid: count,
  comm: z.string().describe('Sanitised.'),
  state: z.string().length(1),
  kernelThread: z.boolean(),
  uid: uid.nullable(),
  nspid: z
    .array(pid)
    .nullable()
    .describe('NSpid, from our pid namespace inwards; null too for a process of our own.'),
  cmdline: z.array(z.string()).nullable().describe('Sanitised words; null too where no row needs it.'),
  ns: z.strictObject(links).describe('Inode of each namespace link; a zombie keeps pid and user alone.'),
  cgroups: z.array(membership).nullable(),
});

/** The holders of a snapshot are of a deep look, which `nscope snapshot` does not take. */
const namespace = z.strictObject({
  type: nsType,
  inode,
  initial: z.boolean().describe("One of the host's initial namespaces."),
  members: z.array(pid),
  owner: inode.nullable(),
  parent: inode.nullable(),
  pins: z.array(path).describe('Mount points that keep it alive, in our own mount namespace.'),
  holders: z.array(z.never()).describe('Empty: nscope ns --holders tells them.'),
});

const mount = z
  .strictObject({
    id: count,
    parent: count,
    dev: z.string().describe('major:minor'),
    root: path,
    mountPoint: path,
    options: z.array(z.string()),
    propagation: z.array(z.string()),
    fstype: z.string(),
    source: z.string(),
    superOptions: z.array(z.string()),
  })
  .describe('A line of proc_pid_mountinfo(5).');

const hierarchy = z.strictObject({
  version: z.union([z.literal(1), z.literal(2)]),
  controllers: z.array(z.string()),
  mountPoint: path,
  root: path.describe('What of the tree the mount shows.'),
  covered: z.array(path).optional().describe('Mount points of others inside of it.'),
});

export const SNAPSHOT: CommandSchema = {
  id: 'snapshot',
  command: 'nscope snapshot',
  schema: answer({
    snapshot: z.strictObject({
      takenAt: z.int().describe('Milliseconds since the epoch.'),
      source: z.strictObject({ kind: z.enum(['live', 'recorded']), title: z.string() }),
      host: hostFacts,
      nsDev: count.nullable().describe('st_dev of nsfs; null in a recording that does not hold it.'),
      self: count.describe('Pid of the reader; 0 in a recording.'),
      processes: z.array(processOf),
      namespaces: z.array(namespace),
      mounts: z
        .array(mount)
        .describe('Of our own mount namespace; redacted: those of cgroups, namespaces and proc.'),
      hierarchies: z.array(hierarchy),
      containers: z.array(container),
      groups: z.array(z.strictObject({ of: processRef, controllers: z.array(snapshotController) })),
    }),
  }),
};
