// runc's state.json as docker's shim leaves it, on v1 and v2, and what is not one.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRuncState } from '../../src/oci/runc-state.ts';
import { isParseError, onlyParseErrors } from '../text/hostile.ts';

const test = suite('oci/runc-state');
const PATH = '/run/docker/runtime-runc/moby/x/state.json';
const BUNDLE = '/run/containerd/io.containerd.runtime.v2.task/moby/x';

const STATE = {
  id: 'ee703c3f8b1a',
  init_process_pid: 5632,
  init_process_start: 116910,
  created: '2024-05-01T10:00:00Z',
  config: { no_pivot_root: false, labels: ['org.x=y', `bundle=${BUNDLE}`], mounts: null },
  rootless: false,
  cgroup_paths: {
    memory: '/sys/fs/cgroup/memory/docker/ee703c3f8b1a',
    pids: '/sys/fs/cgroup/pids/docker/ee703c3f8b1a',
  },
  namespace_paths: { NEWUTS: '/proc/5632/ns/uts', NEWPID: '/proc/5632/ns/pid' },
  external_descriptors: ['/dev/null'],
};

test('who the first process is, and where its groups and namespaces are', () => {
  assert.equal(parseRuncState(JSON.stringify(STATE), PATH), {
    id: 'ee703c3f8b1a',
    initPid: 5632,
    initStart: 116910,
    bundle: BUNDLE,
    cgroupPaths: STATE.cgroup_paths,
    namespacePaths: STATE.namespace_paths,
  });
});

test('v2 has one path without a name; labels and maps may be missing', () => {
  const v2 = {
    ...STATE,
    cgroup_paths: { '': '/sys/fs/cgroup/system.slice/x.scope' },
    namespace_paths: null,
    config: { labels: null },
  };
  assert.equal(parseRuncState(JSON.stringify(v2), PATH), {
    id: 'ee703c3f8b1a',
    initPid: 5632,
    initStart: 116910,
    cgroupPaths: { '': '/sys/fs/cgroup/system.slice/x.scope' },
    namespacePaths: {},
  });
  assert.is(parseRuncState('{"id":"a","init_process_pid":1,"init_process_start":2}', PATH).bundle, undefined);
});

test('keys of the prototype are keys like others', () => {
  const json = '{"id":"a","init_process_pid":1,"init_process_start":2,"cgroup_paths":{"__proto__":"/x"}}';
  assert.equal(Object.entries(parseRuncState(json, PATH).cgroupPaths), [['__proto__', '/x']]);
});

test('other forms are errors that name the file', () => {
  const bad = [
    '',
    JSON.stringify(STATE).slice(0, 100),
    '[]',
    '{}',
    JSON.stringify({ ...STATE, init_process_pid: '5632' }),
    JSON.stringify({ ...STATE, init_process_start: 1.5 }),
    JSON.stringify({ ...STATE, cgroup_paths: [] }),
    JSON.stringify({ ...STATE, cgroup_paths: { memory: 1 } }),
    JSON.stringify({ ...STATE, config: 'x' }),
    JSON.stringify({ ...STATE, config: { labels: [1] } }),
  ];
  for (const json of bad) isParseError(() => parseRuncState(json, PATH), PATH);
});

test('any text, and any JSON, yields a value or a ParseError', () => {
  onlyParseErrors(parseRuncState, fc.oneof(fc.constant(JSON.stringify(STATE)), fc.json()));
});

test.run();
