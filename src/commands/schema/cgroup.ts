// `nscope cgroup --json`, its blocks with --watch, and its files with --files.
import { z } from 'zod';
import { cgroupTarget, controller, rate } from './cgroup-parts.ts';
import { answer, type CommandSchema, path } from './parts.ts';

export const CGROUP: CommandSchema = {
  id: 'cgroup',
  command: 'nscope cgroup',
  schema: answer({ target: cgroupTarget, controllers: z.array(controller) }),
};

export const CGROUP_WATCH: CommandSchema = {
  id: 'cgroupWatch',
  command: 'nscope cgroup --watch',
  schema: answer({
    time: z.iso.datetime().describe('UTC.'),
    target: cgroupTarget,
    controllers: z.array(controller),
    rates: z
      .record(z.string(), z.record(z.string(), rate))
      .describe('By controller and key, since the block before; empty in the first block.'),
  }),
};

const UNITS = ['bytes', 'count', 'us', 'ns', 'ratio', 'weight', 'text'] as const;

export const CGROUP_FILES: CommandSchema = {
  id: 'cgroupFiles',
  command: 'nscope cgroup --files',
  schema: answer({
    target: cgroupTarget,
    files: z.array(
      z.strictObject({
        file: z.string().describe('Name of the control file.'),
        controller: z
          .string()
          .nullable()
          .describe('null for a file that this version of nscope does not know.'),
        version: z.union([z.literal(1), z.literal(2)]).describe('cgroup version.'),
        group: path.describe('Of the group in its hierarchy.'),
        path,
        value: z
          .string()
          .nullable()
          .describe('Its text, sanitised line by line; null where it was not read.'),
        unit: z
          .enum(UNITS)
          .nullable()
          .describe('Of its numbers: us microseconds, ns nanoseconds, ratio percent times 100, text none.'),
        meaning: z.string().nullable().describe('In the language asked for.'),
        counterpart: z
          .string()
          .nullable()
          .describe('The file of the other cgroup version that says the same.'),
        docker: z.string().nullable().describe('Options of docker run that set it.'),
        oci: z.string().nullable().describe('Field of config.json that sets it, below linux.resources.'),
        writeOnly: z.boolean().describe('A file that acts when it is written; it is not opened.'),
      }),
    ),
  }),
};
