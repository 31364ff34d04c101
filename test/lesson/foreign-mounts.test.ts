// A lesson from elsewhere may not mount the host's files where its commands run freely.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Operation } from '../../src/lab/types.ts';
import { foreignFaults } from '../../src/lesson/foreign.ts';
import type { LessonFile } from '../../src/lesson/schema.ts';

const test = suite('lesson: mounts of lessons from elsewhere');

function places(...operations: readonly Operation[]): readonly string[] {
  const step = { id: 'make', kind: 'run', focus: 'tree', pointAt: [], operations, checks: [] };
  const lesson = { steps: [step] } as unknown as LessonFile;
  return foreignFaults(lesson, 'en').map(({ at }) => (Array.isArray(at) ? at.slice(4).join('.') : ''));
}

const ROOM: Operation = { op: 'actor', name: 'room', namespaces: ['mnt'], command: ['sleep', '9'] };
const CLOSED: Operation = { ...ROOM, name: 'closed', namespaces: ['mnt', 'pid'], rootfs: 'root' };
const bind = (source: string, inside = 'room'): Operation => ({
  op: 'mount',
  in: inside,
  type: 'rbind',
  source,
  target: '{rootfs:root}/mnt',
});
const overlay = (option: string): Operation => ({
  op: 'mount',
  in: 'room',
  type: 'overlay',
  target: '{dir:merged}',
  options: [option],
});

test('what the lab has made may be mounted', () => {
  assert.equal(
    places(ROOM, CLOSED, bind('{dir:desk}'), overlay('lowerdir={dir:a}:{dir:b}'), bind('/bin', 'closed')),
    [],
  );
});

test('what is the host’s may not, nor what climbs to it', () => {
  assert.equal(places(ROOM, bind('/etc')), ['source']);
  assert.equal(places(ROOM, bind('{dir:desk}/../../..')), ['source']);
  assert.equal(places(ROOM, overlay('lowerdir=/etc')), ['options']);
  assert.equal(places(ROOM, overlay('lowerdir={dir:a}:/etc')), ['options']);
  assert.equal(places(bind('/etc', 'nobody')), ['source']);
});

test.run();
