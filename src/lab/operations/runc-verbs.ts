// Which fields of the operation `runc` belong to which verb. Pure: for those who check lessons, and for the operation itself.
import { type RuncOperation, RUNC_MAKES, type RuncVerb } from '../types.ts';

type Field = Exclude<keyof RuncOperation, 'op' | 'verb' | 'exits'>;

/** `must` and `may` be given; all others may not. */
const FIELDS: Readonly<
  Record<RuncVerb, { readonly must: readonly Field[]; readonly may?: readonly Field[] }>
> = {
  create: { must: ['name', 'bundle'] },
  run: { must: ['name', 'bundle'], may: ['detach'] },
  start: { must: ['container'] },
  exec: { must: ['container', 'command'] },
  kill: { must: ['container', 'signal'] },
  pause: { must: ['container'] },
  resume: { must: ['container'] },
  update: { must: ['container', 'limits'] },
  state: { must: ['container'] },
  delete: { must: ['container'], may: ['force'] },
  list: { must: [] },
};

const ALL: readonly Field[] = [
  'name',
  'bundle',
  'detach',
  'container',
  'command',
  'signal',
  'limits',
  'force',
];

/** The first field that is missing or too much; null where the operation is whole. */
export function runcFault(operation: RuncOperation): Field | null {
  const { must, may = [] } = FIELDS[operation.verb];
  return (
    must.find((field) => operation[field] === undefined) ??
    ALL.find((field) => operation[field] !== undefined && !must.includes(field) && !may.includes(field)) ??
    null
  );
}

export function runcFits(operation: RuncOperation): boolean {
  return runcFault(operation) === null;
}

/** True for the verbs that make a container. */
export function makesContainer(verb: RuncVerb): boolean {
  return RUNC_MAKES.some((one) => one === verb);
}
