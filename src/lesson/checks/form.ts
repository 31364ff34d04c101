// The pieces of which the forms of checks are made in lesson.yaml.
import { z } from 'zod';
import { ID_PATTERN } from '../../lab/operations/names.ts';

/** Ids of checks and names of actors and other things of the lab. */
export const id = z.string().regex(ID_PATTERN);

/** An absolute path, or one of the lab's that stands for one (`{dir:desk}/note`). */
export const path = z.string().regex(/^(\/|\{(dir|rootfs):)/);

/** What every check has: its id, and `edge` where the learner need do it only once. */
export const common = {
  id,
  /** The learner did it once: in a task it stays passed; without it a check tells how things are now and may flip. */
  edge: z.boolean().optional(),
  /** In a task: it holds from the start and must stay so (the host's name is untouched). Without it a check must fail before the solution. */
  guard: z.boolean().optional(),
};
