// config.json of a bundle, docker's and the least one, and what is not one.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type OciConfig, parseConfig } from '../../src/oci/config.ts';
import { isParseError, onlyParseErrors } from '../text/hostile.ts';

const test = suite('oci/config');
const PATH = '/run/bundle/config.json';

const CONFIG = {
  ociVersion: '1.0.2-dev',
  process: { user: { uid: 0, gid: 0 }, args: ['sleep', '1000'], cwd: '/' },
  root: { path: 'rootfs' },
  hostname: 'ee703c3f8b1a',
  linux: {
    cgroupsPath: '/docker/ee703c3f8b1a',
    namespaces: [
      { type: 'mount' },
      { type: 'network', path: '/proc/1/ns/net' },
      { type: 'uts' },
      { type: 'pid', path: '' },
    ],
  },
};

/** What an empty configuration asks for. */
const NOTHING: OciConfig = {
  hostname: '',
  domainname: '',
  args: [],
  process: {
    user: { uid: 0, gid: 0, additionalGids: [], umask: null },
    cwd: '',
    terminal: false,
    capabilities: null,
    noNewPrivileges: false,
    apparmorProfile: '',
    selinuxLabel: '',
    rlimits: [],
    oomScoreAdj: null,
  },
  root: { path: null, readonly: false },
  mounts: [],
  namespaces: [],
  uidMappings: [],
  gidMappings: [],
  resources: {
    memory: {
      limit: null,
      reservation: null,
      swap: null,
      kernel: null,
      kernelTCP: null,
      swappiness: null,
      disableOOMKiller: null,
    },
    cpu: {
      shares: null,
      quota: null,
      period: null,
      burst: null,
      realtimeRuntime: null,
      realtimePeriod: null,
      cpus: null,
      mems: null,
      idle: null,
    },
    pids: { limit: null },
    blockIO: {
      weight: null,
      leafWeight: null,
      weightDevice: [],
      throttleReadBpsDevice: [],
      throttleWriteBpsDevice: [],
      throttleReadIOPSDevice: [],
      throttleWriteIOPSDevice: [],
    },
    hugepageLimits: [],
    devices: [],
    network: { classID: null },
    unified: {},
  },
  seccomp: null,
  maskedPaths: [],
  readonlyPaths: [],
  rootfsPropagation: '',
  sysctl: {},
  devices: [],
};

test('what the container was asked to be', () => {
  assert.equal(parseConfig(JSON.stringify(CONFIG), PATH), {
    ...NOTHING,
    hostname: 'ee703c3f8b1a',
    args: ['sleep', '1000'],
    process: { ...NOTHING.process, cwd: '/' },
    root: { path: 'rootfs', readonly: false },
    namespaces: [
      { type: 'mount' },
      { type: 'network', path: '/proc/1/ns/net' },
      { type: 'uts' },
      { type: 'pid' },
    ],
    cgroupsPath: '/docker/ee703c3f8b1a',
  });
});

test('the process: ids, capabilities, rlimits, labels', () => {
  const process = {
    terminal: true,
    user: { uid: 1000, gid: 100, additionalGids: [27], umask: 18 },
    cwd: '/srv',
    env: ['SECRET=1'],
    capabilities: { bounding: ['CAP_CHOWN'], effective: ['CAP_CHOWN'], permitted: null },
    rlimits: [{ type: 'RLIMIT_NOFILE', hard: 18446744073709551615n, soft: 1024 }],
    noNewPrivileges: true,
    apparmorProfile: 'docker-default',
    selinuxLabel: 'system_u:system_r:container_t:s0:c1,c2',
    oomScoreAdj: -500,
  };
  const json = JSON.stringify({ process }, (_, one: unknown) => (typeof one === 'bigint' ? `#${one}#` : one));
  const parsed = parseConfig(json.replace(/"#(\d+)#"/, '$1'), PATH);
  assert.equal(parsed, {
    ...NOTHING,
    process: {
      user: { uid: 1000, gid: 100, additionalGids: [27], umask: 18 },
      cwd: '/srv',
      terminal: true,
      capabilities: {
        inheritable: [],
        permitted: [],
        effective: ['CAP_CHOWN'],
        bounding: ['CAP_CHOWN'],
        ambient: [],
      },
      noNewPrivileges: true,
      apparmorProfile: 'docker-default',
      selinuxLabel: 'system_u:system_r:container_t:s0:c1,c2',
      rlimits: [{ type: 'RLIMIT_NOFILE', soft: 1024n, hard: 18446744073709551615n }],
      oomScoreAdj: -500,
    },
  });
});

test('resources, with numbers beyond 2^53 whole', () => {
  const json = `{"linux":{"resources":{
    "devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":5,"minor":-1,"access":"r"}],
    "memory":{"limit":9223372036854771713,"swap":-1,"reservation":1024,"kernel":1,"kernelTCP":2,"swappiness":0,"disableOOMKiller":false},
    "cpu":{"shares":512,"quota":50000,"period":100000,"burst":1,"cpus":"0-1","mems":"","idle":1,"realtimeRuntime":3,"realtimePeriod":4},
    "pids":{"limit":-1},
    "blockIO":{"weight":300,"leafWeight":7,"weightDevice":[{"major":8,"minor":0,"weight":200}],"throttleReadBpsDevice":[{"major":8,"minor":16,"rate":9007199254740993}]},
    "hugepageLimits":[{"pageSize":"2MB","limit":18446744073709551615}],
    "network":{"classID":1048577},
    "unified":{"memory.high":"1G"}}}}`;
  const { resources } = parseConfig(json, PATH);
  const nothing = NOTHING.resources;
  assert.equal(resources, {
    memory: {
      limit: 9223372036854771713n,
      swap: -1n,
      reservation: 1024n,
      kernel: 1n,
      kernelTCP: 2n,
      swappiness: 0n,
      disableOOMKiller: false,
    },
    cpu: {
      shares: 512n,
      quota: 50000n,
      period: 100000n,
      burst: 1n,
      realtimeRuntime: 3n,
      realtimePeriod: 4n,
      cpus: '0-1',
      mems: null,
      idle: 1n,
    },
    pids: { limit: -1n },
    blockIO: {
      ...nothing.blockIO,
      weight: 300n,
      leafWeight: 7n,
      weightDevice: [{ major: 8n, minor: 0n, number: 200n }],
      throttleReadBpsDevice: [{ major: 8n, minor: 16n, number: 9007199254740993n }],
    },
    hugepageLimits: [{ pageSize: '2MB', limit: 18446744073709551615n }],
    devices: [
      { allow: false, type: '', major: null, minor: null, access: 'rwm' },
      { allow: true, type: 'c', major: 5n, minor: null, access: 'r' },
    ],
    network: { classID: 1048577n },
    unified: { 'memory.high': '1G' },
  });
});

test('mounts, maps, seccomp, paths, sysctl and devices', () => {
  const json = JSON.stringify({
    root: { path: 'rootfs', readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid'] },
      { destination: '/data', source: '/srv/x' },
    ],
    linux: {
      uidMappings: [{ containerID: 0, hostID: 100000, size: 65536 }],
      gidMappings: [{ containerID: 0, hostID: 100000, size: 65536 }],
      seccomp: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['a'] }, { names: ['b'] }] },
      maskedPaths: ['/proc/kcore'],
      readonlyPaths: ['/proc/sys'],
      rootfsPropagation: 'rslave',
      sysctl: { 'net.ipv4.ip_forward': '1' },
      devices: [
        { path: '/dev/fuse', type: 'c', major: 10, minor: 229, fileMode: 438 },
        { path: '/p', type: 'p' },
      ],
    },
  });
  assert.equal(parseConfig(json, PATH), {
    ...NOTHING,
    root: { path: 'rootfs', readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid'] },
      { destination: '/data', type: '', source: '/srv/x', options: [] },
    ],
    uidMappings: [{ containerID: 0, hostID: 100000, size: 65536 }],
    gidMappings: [{ containerID: 0, hostID: 100000, size: 65536 }],
    seccomp: { defaultAction: 'SCMP_ACT_ERRNO', rules: 2 },
    maskedPaths: ['/proc/kcore'],
    readonlyPaths: ['/proc/sys'],
    rootfsPropagation: 'rslave',
    sysctl: { 'net.ipv4.ip_forward': '1' },
    devices: [
      { path: '/dev/fuse', type: 'c', major: 10, minor: 229 },
      { path: '/p', type: 'p', major: null, minor: null },
    ],
  });
});

test('parts that are missing are empty, words are sanitised', () => {
  assert.equal(parseConfig('{}', PATH), NOTHING);
  assert.equal(
    parseConfig('{"process":{"args":["a\\u001b[31m","b\\n"]},"hostname":"h\\u202e","linux":null}', PATH),
    { ...NOTHING, hostname: 'h\\u{202e}', args: ['a\\x1b[31m', 'b\\n'] },
  );
});

test('other forms are errors that name the file', () => {
  const bad = [
    '',
    '[]',
    '"x"',
    '{"process":1}',
    '{"process":{"args":"sleep"}}',
    '{"process":{"args":[1]}}',
    '{"hostname":1}',
    '{"linux":{"namespaces":[{}]}}',
    '{"linux":{"namespaces":{}}}',
    '{"linux":{"cgroupsPath":7}}',
    '{"process":{"capabilities":["CAP_CHOWN"]}}',
    '{"process":{"user":{"uid":"root"}}}',
    '{"process":{"rlimits":[{"type":"RLIMIT_NOFILE","soft":1}]}}',
    '{"process":{"rlimits":[{"type":"RLIMIT_NOFILE","soft":1.5,"hard":1}]}}',
    '{"root":{"readonly":"yes"}}',
    '{"mounts":[{"type":"proc"}]}',
    '{"linux":{"resources":{"memory":{"limit":"1g"}}}}',
    '{"linux":{"resources":{"memory":{"limit":0123456789012345678}}}}',
    '{"linux":{"resources":{"devices":[{"access":"rwm"}]}}}',
    '{"linux":{"uidMappings":[{"containerID":0}]}}',
    '{"linux":{"seccomp":[]}}',
    '{"linux":{"maskedPaths":[1]}}',
    '{"linux":{"sysctl":{"a":1}}}',
  ];
  for (const json of bad) isParseError(() => parseConfig(json, PATH), PATH);
});

test('what is printed parses back', () => {
  const word = fc.stringMatching(/^[a-z/-]{1,20}$/);
  const namespace = fc.record({ type: word, path: word }, { requiredKeys: ['type'], noNullPrototype: true });
  const number = fc.bigInt({ min: -1n, max: 2n ** 64n - 1n });
  const mount = fc.record(
    { destination: word, type: word, source: word, options: fc.array(word) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(
      word,
      fc.array(word),
      fc.array(namespace),
      word,
      fc.array(mount),
      number,
      fc.nat(),
      (hostname, args, namespaces, cgroupsPath, mounts, limit, oomScoreAdj) => {
        const document = {
          hostname,
          process: { args, oomScoreAdj },
          mounts,
          linux: { namespaces, cgroupsPath, resources: { memory: { limit: '@' } } },
        };
        assert.equal(parseConfig(JSON.stringify(document).replace('"@"', String(limit)), PATH), {
          ...NOTHING,
          hostname,
          args,
          process: { ...NOTHING.process, oomScoreAdj },
          mounts,
          namespaces,
          cgroupsPath,
          resources: { ...NOTHING.resources, memory: { ...NOTHING.resources.memory, limit } },
        });
      },
    ),
  );
});

test('any text, and any JSON, yields a value or a ParseError', () => {
  onlyParseErrors(parseConfig, fc.oneof(fc.constant(JSON.stringify(CONFIG)), fc.json()));
});

test.run();
