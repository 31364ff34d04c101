// The form of each operation in lesson.yaml. What the fields mean together is for those who check lessons; what they do is the operation's file.
import { z } from 'zod';
import { NS_TYPES } from '../../kernel/namespaces.ts';
import { type Json, type Operation, RUNC_ACTS, RUNC_MAKES } from '../types.ts';
import { EDIT_PATH } from '../bundle.ts';
import { DAEMON_KEYS, DOCKER_VERBS, RUN_OPTION } from './docker-words.ts';
import { MOUNT_TYPES } from './mount-words.ts';
import { ID_PATTERN } from './names.ts';
import { runcFits } from './runc-verbs.ts';

const id = z.string().regex(ID_PATTERN);
const nsType = z.enum(NS_TYPES);
const words = z.array(z.string().min(1)).min(1);
const limits = z.record(z.string(), z.string());
const map = z.enum(['root', 'none']);
/** IFNAMSIZ of linux/if.h: 15 characters. */
const linkName = id.max(15);
const address = z.string().regex(/^[0-9a-f.:]+\/\d{1,3}$/);
const path = z.string().regex(/^(\/|\{(dir|rootfs):)/);
const exits = z.array(z.number().int().min(0).max(255)).min(1);

const signalName = z.string().regex(/^[A-Z][A-Z0-9+-]*$/);
const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);

export const operationForm = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('rootfs'), name: id }),
  z.strictObject({ op: z.literal('directory'), name: id }),
  z.strictObject({ op: z.literal('cgroup'), name: id, in: id.optional(), limits }),
  z.strictObject({ op: z.literal('limit'), cgroup: id, limits }),
  z.strictObject({ op: z.literal('kill-group'), cgroup: id }),
  z.strictObject({
    op: z.literal('actor'),
    name: id,
    namespaces: z.array(nsType),
    rootfs: id.optional(),
    mountProc: z.boolean().optional(),
    inside: id.optional(),
    propagation: z.enum(['private', 'slave', 'shared', 'unchanged']).optional(),
    cgroup: id.optional(),
    map: map.optional(),
    command: words,
  }),
  z.strictObject({ op: z.literal('run'), in: id, command: words, exits: exits.optional() }),
  z.strictObject({
    op: z.literal('mount'),
    in: id,
    type: z.enum(MOUNT_TYPES),
    source: path.optional(),
    target: path,
    options: z.array(z.string().regex(/^[^,\s]+$/)).optional(),
    exits: exits.optional(),
  }),
  z.strictObject({
    op: z.literal('unmount'),
    in: id,
    target: path,
    lazy: z.boolean().optional(),
    exits: exits.optional(),
  }),
  z.strictObject({
    op: z.literal('pivot-root'),
    in: id,
    newRoot: path,
    old: z.enum(['unmounted', 'kept']),
  }),
  z.strictObject({
    op: z.literal('unshare'),
    namespaces: z.array(nsType).min(1),
    fork: z.boolean(),
    rootfs: id.optional(),
    mountProc: z.boolean().optional(),
    map: map.optional(),
    command: words,
    exits: exits.optional(),
  }),
  z.strictObject({ op: z.literal('look'), command: words, exits: exits.optional() }),
  z.strictObject({
    op: z.literal('signal'),
    actor: id,
    signal: signalName,
    from: z.enum(['host', 'inside']),
  }),
  z.strictObject({
    op: z.literal('bundle'),
    name: id,
    rootfs: id,
    args: words,
    hostname: z.string().min(1).optional(),
    namespaces: z.array(nsType).min(1).optional(),
    limits: limits.optional(),
    capabilities: z.array(z.string().regex(/^CAP_[A-Z_]+$/)).optional(),
  }),
  z.strictObject({
    op: z.literal('bundle-edit'),
    bundle: id,
    set: z.record(z.string().regex(EDIT_PATH), json),
  }),
  z.strictObject({
    op: z.literal('dockerd'),
    name: id,
    again: id.optional(),
    config: z.partialRecord(z.enum(DAEMON_KEYS), json).optional(),
  }),
  z.strictObject({ op: z.literal('image'), daemon: id, name: id, rootfs: id }),
  z.strictObject({
    op: z.literal('container'),
    daemon: id,
    name: id,
    image: id,
    options: z.array(z.string().regex(RUN_OPTION)).optional(),
    command: words.optional(),
  }),
  z.strictObject({
    op: z.literal('docker'),
    daemon: id,
    command: words.refine(([verb = '']) => DOCKER_VERBS.includes(verb), {
      error: `one of ${DOCKER_VERBS.join(', ')} first`,
    }),
    exits: exits.optional(),
  }),
  z
    .strictObject({
      op: z.literal('runc'),
      verb: z.enum([...RUNC_MAKES, ...RUNC_ACTS]),
      name: id.optional(),
      bundle: id.optional(),
      detach: z.boolean().optional(),
      container: id.optional(),
      command: words.optional(),
      signal: signalName.optional(),
      limits: limits.optional(),
      force: z.boolean().optional(),
      exits: exits.optional(),
    })
    .refine(runcFits, { error: 'the fields are not those of this verb of runc', path: ['verb'] }),
  z.strictObject({
    op: z.literal('veth'),
    name: linkName,
    of: id,
    address: address.optional(),
    peer: linkName,
    peerOf: id,
    peerAddress: address.optional(),
  }),
  z.strictObject({
    op: z.literal('bridge'),
    name: linkName,
    of: id,
    ports: z.array(linkName).optional(),
    address: address.optional(),
  }),
  z.strictObject({ op: z.literal('pin'), name: id, of: id, type: nsType, in: id.optional() }),
  z.strictObject({ op: z.literal('unpin'), pin: id }),
  z.strictObject({ op: z.literal('id-map'), of: id, ids: z.enum(['own', 'range']) }),
]) satisfies z.ZodType<Operation>;
