// `nscope ns --json`, with --holders and --tree.
import { z } from 'zod';
import {
  answer,
  type CommandSchema,
  count,
  inode,
  nsType,
  PARTS,
  path,
  pid,
  starttime,
  uid,
} from './parts.ts';

const release = z
  .string()
  .nullable()
  .describe('The shell line that would release it; null where there is none.');
const ofProcess = {
  pid,
  starttime,
  comm: z.string().nullable().describe('Name of the process; null where it has ended.'),
  release,
};

export const holder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('process'), ...ofProcess }),
  z.strictObject({
    kind: z.literal('thread'),
    tid: pid.describe('A thread that is in another namespace than its process.'),
    ...ofProcess,
  }),
  z.strictObject({ kind: z.literal('fd'), fd: count.describe('The file descriptor.'), ...ofProcess }),
  z.strictObject({
    kind: z.literal('forChildren'),
    link: z.enum(['pid_for_children', 'time_for_children']),
    tid: pid.nullable().describe('null: of the process itself.'),
    ...ofProcess,
  }),
  z.strictObject({
    kind: z.literal('mount'),
    filesystem: z
      .enum(['nsfs', 'proc'])
      .describe('A bind mount of the namespace, or a proc of its pid namespace.'),
    path,
    mountNamespace: inode
      .nullable()
      .describe('Where the mount is; null where the number of our own was denied.'),
    via: pid.nullable().describe('A process or thread in that mount namespace; null for our own.'),
    pin: z
      .strictObject({
        by: z.enum(['ip netns', 'docker', 'CNI', 'podman', 'CRI-O', 'snap', 'nscope lab']),
        name: z.string().describe('Not sanitised.'),
      })
      .nullable()
      .describe('Whose mount it is, by its path; null for a stranger.'),
    release,
  }),
  z.strictObject({
    kind: z.literal('child').describe('A namespace whose parent it is.'),
    type: nsType,
    inode,
    release,
  }),
  z.strictObject({
    kind: z.literal('owned').describe('A namespace that it owns.'),
    type: nsType,
    inode,
    release,
  }),
]);
PARTS.add(holder, { id: 'holder' });

interface Node {
  readonly type: z.infer<typeof nsType>;
  readonly inode: number;
  readonly children: readonly Node[];
}

const node: z.ZodType<Node> = z.strictObject({
  type: nsType,
  inode,
  get children() {
    return z.array(node);
  },
});
PARTS.add(node, { id: 'nsTreeNode' });

const namespace = z.strictObject({
  type: nsType,
  inode,
  nprocs: count.describe('Member processes, counted as lsns(8) does: without threads.'),
  pid: pid.nullable().describe('The first member: the lowest pid.'),
  ppid: count.nullable(),
  uid: uid.nullable().describe('Effective uid of the first member.'),
  user: z.string().nullable(),
  command: z.string().nullable().describe('Command line of the first member, sanitised.'),
  owner: inode
    .nullable()
    .describe('Inode of the owning user namespace (ioctl_ns(2)); null where it is out of sight.'),
  parent: inode
    .nullable()
    .describe(
      'Inode of the parent of a pid or user namespace; null for others and where it is out of sight.',
    ),
  container: z.string().nullable().describe('Name or short id; several with commas.'),
  holders: z
    .array(holder)
    .describe('All that keeps it alive; without --holders the bind mounts in our own mount namespace alone.'),
});

export const NS: CommandSchema = {
  id: 'ns',
  command: 'nscope ns',
  schema: answer({
    namespaces: z
      .array(namespace)
      .describe('By type in the order of the man page, then by inode; with --tree as the tree goes.'),
    tree: z.array(node).optional().describe('With --tree: the same as a forest.'),
  }),
};
