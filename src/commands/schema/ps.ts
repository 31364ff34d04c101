// `nscope ps --json`.
import { z } from 'zod';
import { answer, type CommandSchema, count, nsType, path, pid, starttime, uid } from './parts.ts';

export const PS: CommandSchema = {
  id: 'ps',
  command: 'nscope ps',
  schema: answer({
    processes: z.array(
      z.strictObject({
        pid,
        insidePid: pid.nullable().describe('In the innermost pid namespace (NSpid of proc_pid_status(5)).'),
        ppid: count,
        starttime,
        state: z.string().length(1).describe('One letter of proc_pid_stat(5).'),
        uid: uid.nullable(),
        user: z.string().nullable(),
        container: z.string().nullable().describe('Name or short id; null for a process of the host.'),
        namespaces: z.array(nsType).describe("Types in which it is known not to share the host's."),
        namespacesUnknown: z.array(nsType).describe('Types of which that is not known: a link was refused.'),
        cgroup: path.nullable().describe('The path that tells most of it.'),
        comm: z.string().describe('Sanitised; at most 15 bytes of the kernel.'),
        command: z.string().describe('Command line, sanitised; in brackets comm where there is none.'),
      }),
    ),
  }),
};
