// crun's status file as crun 1.8 writes it, and what is not one.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCrunStatus } from '../../src/oci/crun-status.ts';
import { isParseError, onlyParseErrors } from '../text/hostile.ts';

const test = suite('oci/crun-status');
const PATH = '/run/crun/box/status';

const STATUS = {
  pid: 27286,
  'process-start-time': 142905,
  'cgroup-path': '/lab/box',
  scope: '',
  rootfs: 'rootfs',
  'systemd-cgroup': false,
  bundle: '/srv/box',
  created: '2024-05-01T10:00:00.187201Z',
  owner: 'root',
  detached: true,
  external_descriptors: '["/dev/null","/dev/null","/dev/null"]',
};

test('who the first process is, and where its group is', () => {
  assert.equal(parseCrunStatus(JSON.stringify(STATUS, null, 4), PATH), {
    initPid: 27286,
    initStart: 142905,
    cgroupPath: '/lab/box',
    bundle: '/srv/box',
  });
});

test('without a cgroup manager the path is empty; an old crun wrote no start', () => {
  assert.equal(parseCrunStatus('{"pid":1,"cgroup-path":""}', PATH), { initPid: 1, initStart: null });
});

test('other forms are errors that name the file', () => {
  const bad = [
    '',
    JSON.stringify(STATUS).slice(0, 80),
    '[]',
    '{}',
    JSON.stringify({ ...STATUS, pid: '1' }),
    JSON.stringify({ ...STATUS, 'process-start-time': 1.5 }),
    JSON.stringify({ ...STATUS, 'cgroup-path': [] }),
  ];
  for (const json of bad) isParseError(() => parseCrunStatus(json, PATH), PATH);
});

test('any text, and any JSON, yields a value or a ParseError', () => {
  onlyParseErrors(parseCrunStatus, fc.oneof(fc.constant(JSON.stringify(STATUS)), fc.json()));
});

test.run();
