// `nscope tree --json`.
import { z } from 'zod';
import {
  answer,
  type CommandSchema,
  confidence,
  engine,
  engineUser,
  evidence,
  nsType,
  PARTS,
  parentContainer,
  pid,
  pod,
  sandbox,
  stale,
  starttime,
} from './parts.ts';

const KINDS = ['dockerd', 'containerd', 'daemon', 'shim', 'container', 'exec', 'process'] as const;

const about = z
  .strictObject({
    engine,
    evidence,
    confidence,
    daemon: z.string().describe('Whether the daemon in charge of it lives.'),
    user: engineUser,
    pod,
    sandbox,
    parent: parentContainer,
    sharesWith: z
      .array(z.strictObject({ container: z.string().describe('Its id.'), types: z.array(nsType) }))
      .describe("Containers that it shares namespaces with, beside the host's."),
    stale,
  })
  .describe('Of a container; absent for other nodes.');

interface Node {
  readonly kind: (typeof KINDS)[number];
  readonly pid: number | null;
  readonly starttime: number | null;
  readonly edge: 'ppid' | 'logical';
  readonly label: string;
  readonly container: string | null;
  readonly namespaces: readonly z.infer<typeof nsType>[];
  readonly leaked?: true | undefined;
  readonly about?: z.infer<typeof about> | undefined;
  readonly children: readonly Node[];
}

const node: z.ZodType<Node> = z.strictObject({
  kind: z.enum(KINDS),
  pid: pid.nullable().describe('null: a container that has no process any more.'),
  starttime: starttime.nullable(),
  edge: z
    .enum(['ppid', 'logical'])
    .describe(
      'ppid: the node above is the parent by ppid. logical: it is in charge of it, but ppid is another.',
    ),
  label: z.string().describe('Short and sanitised.'),
  container: z.string().nullable().describe('Id of the container that the node is, or is in.'),
  namespaces: z.array(nsType).describe("Types in which it is known not to share the host's."),
  leaked: z.literal(true).optional().describe('A shim whose containers are all gone; absent for others.'),
  about: about.optional(),
  get children() {
    return z.array(node);
  },
});
PARTS.add(node, { id: 'treeNode' });

export const TREE: CommandSchema = {
  id: 'tree',
  command: 'nscope tree',
  schema: answer({ tree: z.array(node).describe('Roots: daemons, and what nobody is in charge of.') }),
};
