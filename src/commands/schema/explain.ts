// `nscope explain --json`: of a process or a container, of a namespace, and of a control group.
import { z } from 'zod';
import { controller, targetKind } from './cgroup-parts.ts';
import { holder } from './ns.ts';
import { answer, type CommandSchema, count, inode, nsType, path, pid, starttime, uid } from './parts.ts';

const target = z.strictObject({ kind: targetKind, pid: pid.nullable(), container: z.string().nullable() });
const comm = z.string().describe('Name of the process, sanitised.');
const id = count.describe('As the reader sees it.');
const ids = z.strictObject({ real: id, effective: id, saved: id, filesystem: id }).nullable();
const idMap = z
  .array(z.strictObject({ inside: count, outside: count, count }))
  .nullable()
  .describe('Ranges of user_namespaces(7).');
const capabilities = z.array(z.string()).describe('Names of capabilities(7), by number.');
const proof = z.string().describe('A file or command that shows the same.');
const meaning = z.string().describe('In the language asked for.');
const manPage = z.string();

const member = z.strictObject({
  pid,
  starttime: starttime.nullable(),
  comm: comm.nullable(),
  container: z.string().nullable().describe('Id of the container that it is in.'),
});

const confinement = z.strictObject({
  uids: ids,
  gids: ids,
  groups: z.array(id).nullable(),
  uidMap: idMap,
  gidMap: idMap,
  setgroups: z.enum(['allow', 'deny']).nullable(),
  capabilities: z
    .strictObject({
      inheritable: capabilities.nullable(),
      permitted: capabilities.nullable(),
      effective: capabilities.nullable(),
      bounding: capabilities.nullable(),
      ambient: capabilities.nullable(),
    })
    .nullable(),
  besideDockersDefault: z
    .strictObject({ added: capabilities, dropped: capabilities })
    .nullable()
    .describe("The bounding set beside docker's fourteen."),
  seccomp: z.int().min(0).max(2).nullable().describe('0 off, 1 strict, 2 filter.'),
  seccompFilters: count.nullable(),
  noNewPrivs: z.boolean().nullable(),
  label: z.string().nullable().describe('Of the security module, as attr/current has it; sanitised.'),
  oomScoreAdj: z.int().nullable(),
  root: path.nullable(),
  cwd: path.nullable(),
  mounts: z
    .array(
      z.strictObject({
        kind: z.enum(['root', 'masked', 'readonly', 'cgroup', 'socket', 'engine', 'bind']),
        mountPoint: path,
        root: path,
        fstype: z.string(),
        options: z.array(z.string()),
      }),
    )
    .nullable()
    .describe('Those that tell something.'),
  mountCount: count.nullable().describe('All of them.'),
});

const option = z.strictObject({
  flag: z.string().describe('Of docker run.'),
  field: z.string().describe('Of docker inspect.'),
  oci: z.string().describe('Of config.json.'),
  v1: z.string().describe("The kernel's file or line on cgroup v1."),
  v2: z.string().describe("The kernel's file or line on cgroup v2."),
  maps: z.string().describe('How the value is carried over; in the language asked for.'),
  asked: z.string().nullable().describe('null: not asked for, or the engine could not be asked.'),
  configured: z.string().nullable().describe('null: config.json has nothing for it, or could not be read.'),
  kernel: z.array(z.strictObject({ name: z.string(), value: z.string().nullable(), proof })),
  verdict: z
    .enum(['agree', 'updated', 'differ', 'unknown'])
    .describe('updated: the kernel has what is asked, the configuration is of before.'),
  note: z.string().nullable().describe('In the language asked for.'),
});

export const EXPLAIN: CommandSchema = {
  id: 'explain',
  command: 'nscope explain',
  schema: answer({
    target,
    process: z
      .strictObject({
        pid,
        insidePid: pid.nullable().describe('Its pid in its own pid namespace.'),
        starttime,
        state: z.string().describe('One letter of proc_pid_stat(5).'),
        uid: uid.nullable(),
        command: z.string().describe('Sanitised.'),
        part: z
          .enum([
            'init',
            'exec',
            'member',
            'dockerd',
            'containerd',
            'crio',
            'shim',
            'kernel',
            'host',
            'untold',
          ])
          .describe('init: the first process of its container.'),
        parents: z
          .array(z.strictObject({ pid, starttime, comm }))
          .describe('From its parent upwards to pid 1.'),
      })
      .nullable()
      .describe('null: a container without a process.'),
    container: z
      .strictObject({
        id: z.string(),
        name: z.string().nullable(),
        engine: z.string(),
        image: z.string().nullable(),
        state: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
          .nullable()
          .describe("The engine's State; null where it could not be asked."),
      })
      .nullable()
      .describe('null: the process is in none.'),
    namespaces: z.array(
      z.strictObject({
        type: nsType,
        inode: inode.nullable(),
        host: inode.nullable().describe("The host's."),
        relation: z.enum(['shared', 'own', 'unknown']),
        sharedWith: z.array(z.string()).describe('Containers that are in it too.'),
        meaning,
        manPage,
        proof,
      }),
    ),
    confinement: confinement.nullable(),
    controllers: z.array(controller),
    configPath: path.nullable().describe('Where its config.json was read.'),
    options: z.array(option).describe('Options of docker run that were asked for, and what became of them.'),
  }),
};

export const EXPLAIN_NAMESPACE: CommandSchema = {
  id: 'explainNamespace',
  command: 'nscope explain ns:TYPE:INODE',
  schema: answer({
    target,
    namespace: z.strictObject({
      type: nsType,
      inode,
      initial: z.boolean().describe("One of the host's first."),
      owner: inode.nullable().describe('The user namespace that owns it.'),
      parent: inode.nullable(),
      meaning,
      manPage,
      members: z.array(member),
      holders: z.array(holder),
    }),
  }),
};

export const EXPLAIN_CGROUP: CommandSchema = {
  id: 'explainCgroup',
  command: 'nscope explain cgroup:PATH',
  schema: answer({
    target,
    cgroup: z.strictObject({ path, processes: z.array(member) }),
    controllers: z.array(controller),
  }),
};
