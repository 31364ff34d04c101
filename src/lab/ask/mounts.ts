// What is mounted at one path in the mount namespace of an actor or of the host: mountinfo, which tells it as the process sees it.
import { mapReading, unread } from '../../kernel/reading.ts';
import { parseMountinfo } from '../../kernel/proc/mountinfo.ts';
import { plannedCommand } from '../operations/operation.ts';
import { isAlive } from '../process.ts';
import type { Answerer } from './index.ts';

export const mounts: Answerer<'mounts'> = ({ of, target }, lab) => {
  const [path = target] = plannedCommand(lab, [target]);
  const actor = lab.actors.get(of);
  const file = `/proc/${of === 'host' ? 'self' : (actor?.pid ?? of)}/mountinfo`;
  if (of !== 'host' && (actor === undefined || !isAlive(lab.fs, actor))) {
    return Promise.resolve(unread('gone', file));
  }
  const answer = mapReading(lab.fs.readText(file), (text) => ({
    path,
    mounts: parseMountinfo(text, file)
      .filter(({ mountPoint }) => mountPoint === path)
      .map(({ id, parent, root, options, propagation, fstype, source }) => ({
        id,
        parent,
        root,
        options,
        propagation,
        fstype,
        source,
      })),
  }));
  return Promise.resolve(answer);
};
