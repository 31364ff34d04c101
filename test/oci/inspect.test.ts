// GET /containers/ID/json: docker's answer, the least one, hostile words, other forms.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseInspect } from '../../src/oci/inspect.ts';
import { isParseError, onlyParseErrors } from '../text/hostile.ts';

const test = suite('oci/inspect');
const SOURCE = 'GET /containers/x/json on /run/docker.sock';
const ID = 'ee703c3f8b1a0d5c'.repeat(4);

/** As Docker 20.10 answers, without what is not looked at. */
const DOCKER = `{"Id":"${ID}","Name":"/web",
  "State":{"Status":"exited","Running":false,"Paused":false,"OOMKilled":true,"Dead":false,"Pid":0,"ExitCode":137,"FinishedAt":"2026-01-01T00:00:00Z"},
  "Config":{"Hostname":"ee703c3f8b1a","Domainname":"","User":"1000","Env":["SECRET=1"]},
  "HostConfig":{"NetworkMode":"container:abc","CapAdd":["NET_ADMIN"],"CapDrop":null,"Privileged":false,
    "CgroupnsMode":"host","IpcMode":"private","Cgroup":"","OomScoreAdj":100,"PidMode":"host","ReadonlyRootfs":true,
    "SecurityOpt":["seccomp=unconfined"],"UTSMode":"","UsernsMode":"","ShmSize":67108864,"Runtime":"runc","Init":true,
    "CpuShares":512,"Memory":9223372036854771713,"NanoCpus":500000000,"CgroupParent":"/lab","BlkioWeight":300,
    "BlkioWeightDevice":[{"Path":"/dev/sda","Weight":200}],"BlkioDeviceReadBps":[{"Path":"/dev/sda","Rate":1048576}],
    "BlkioDeviceWriteBps":null,"CpuPeriod":0,"CpuQuota":0,"CpuRealtimePeriod":0,"CpuRealtimeRuntime":0,
    "CpusetCpus":"0","CpusetMems":"","Devices":[{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/fuse","CgroupPermissions":"rwm"}],
    "DeviceCgroupRules":["c 1:3 r"],"KernelMemory":0,"MemoryReservation":1048576,"MemorySwap":-1,"MemorySwappiness":null,
    "OomKillDisable":false,"PidsLimit":50,"Ulimits":[{"Name":"nofile","Hard":2048,"Soft":1024}],"Sysctls":{"net.core.somaxconn":"1024"},
    "MaskedPaths":["/proc/kcore"],"ReadonlyPaths":[],"GroupAdd":["27"],"Binds":["data:/data:ro"],
    "Mounts":[{"Type":"tmpfs","Target":"/m","ReadOnly":true,"TmpfsOptions":{"SizeBytes":4096}},{"Type":"bind","Source":"/a","Target":"/b"}],
    "Tmpfs":{"/scratch":"size=1m"}}}`;

test('docker’s answer', () => {
  const found = parseInspect(DOCKER, SOURCE);
  assert.equal(found.state, {
    status: 'exited',
    pid: 0,
    exitCode: 137,
    oomKilled: true,
    paused: false,
    dead: false,
    finishedAt: '2026-01-01T00:00:00Z',
  });
  assert.is(found.name, 'web');
  assert.equal(found.config, { hostname: 'ee703c3f8b1a', domainname: '', user: '1000' });
  assert.equal(found.hostConfig, {
    memory: 9223372036854771713n,
    memorySwap: -1n,
    memoryReservation: 1048576n,
    memorySwappiness: null,
    kernelMemory: 0n,
    kernelMemoryTCP: 0n,
    nanoCpus: 500000000n,
    cpuShares: 512n,
    cpuQuota: 0n,
    cpuPeriod: 0n,
    cpuRealtimeRuntime: 0n,
    cpuRealtimePeriod: 0n,
    cpusetCpus: '0',
    cpusetMems: '',
    pidsLimit: 50n,
    blkioWeight: 300n,
    blkioWeightDevice: [{ path: '/dev/sda', number: 200n }],
    blkioDeviceReadBps: [{ path: '/dev/sda', number: 1048576n }],
    blkioDeviceWriteBps: [],
    blkioDeviceReadIOps: [],
    blkioDeviceWriteIOps: [],
    oomKillDisable: false,
    oomScoreAdj: 100,
    capAdd: ['NET_ADMIN'],
    capDrop: [],
    privileged: false,
    securityOpt: ['seccomp=unconfined'],
    pidMode: 'host',
    ipcMode: 'private',
    networkMode: 'container:abc',
    utsMode: '',
    usernsMode: '',
    cgroupnsMode: 'host',
    cgroup: '',
    cgroupParent: '/lab',
    readonlyRootfs: true,
    ulimits: [{ name: 'nofile', soft: 1024n, hard: 2048n }],
    sysctls: { 'net.core.somaxconn': '1024' },
    devices: [{ pathOnHost: '/dev/fuse', pathInContainer: '/dev/fuse', cgroupPermissions: 'rwm' }],
    deviceCgroupRules: ['c 1:3 r'],
    maskedPaths: ['/proc/kcore'],
    readonlyPaths: [],
    groupAdd: ['27'],
    init: true,
    runtime: 'runc',
    shmSize: 67108864n,
    binds: ['data:/data:ro'],
    mounts: [
      { type: 'tmpfs', source: '', target: '/m', readOnly: true, size: 4096n },
      { type: 'bind', source: '/a', target: '/b', readOnly: false, size: null },
    ],
    tmpfs: { '/scratch': 'size=1m' },
  });
});

test('the least answer: nothing was given', () => {
  const { hostConfig, state } = parseInspect(`{"Id":"${ID}","State":{"Pid":7}}`, SOURCE);
  assert.is(state.pid, 7);
  assert.is(state.exitCode, null);
  assert.is(hostConfig.memory, 0n);
  assert.is(hostConfig.pidsLimit, null);
  assert.is(hostConfig.maskedPaths, null);
  assert.equal(hostConfig.capAdd, []);
});

test('words are sanitised', () => {
  const evil = JSON.stringify({
    Id: 'a\x1b[2J',
    State: { Status: '\x9b' },
    HostConfig: { NetworkMode: 'a\nb', SecurityOpt: ['\u202e'] },
  });
  const { id, state, hostConfig } = parseInspect(evil, SOURCE);
  assert.equal(
    [id, state.status, hostConfig.networkMode, ...hostConfig.securityOpt],
    ['a\\x1b[2J', '\\u{9b}', 'a\\nb', '\\u{202e}'],
  );
});

test('other forms are errors that name the source', () => {
  const wrap = (hostConfig: string) => `{"Id":"x","State":{},"HostConfig":${hostConfig}}`;
  const bad = [
    '',
    '[]',
    '{"Id":"x"}',
    '{"State":{}}',
    '{"Id":"x","State":{"Pid":"7"}}',
    '{"Id":"x","State":{"OOMKilled":1}}',
    wrap('[]'),
    wrap('{"Memory":"1g"}'),
    wrap('{"Memory":1.5}'),
    wrap('{"CapAdd":"ALL"}'),
    wrap('{"Privileged":"yes"}'),
    wrap('{"Ulimits":[{"Name":"nofile"}]}'),
    wrap('{"Sysctls":{"a":1}}'),
    wrap('{"Mounts":[7]}'),
    wrap('{"Tmpfs":{"/x":1}}'),
  ];
  for (const json of bad) isParseError(() => parseInspect(json, SOURCE), SOURCE);
});

test('numbers that are printed parse back, whatever their size', () => {
  const number = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(number, number, (memory, nanoCpus) => {
      const json = `{"Id":"x","State":{},"HostConfig":{"Memory":${memory},"NanoCpus":${nanoCpus}}}`;
      const { hostConfig } = parseInspect(json, SOURCE);
      assert.is(hostConfig.memory, memory);
      assert.is(hostConfig.nanoCpus, nanoCpus);
    }),
  );
});

test('digits within strings stay strings', () => {
  const json = `{"Id":"12345678901234567890","Name":"\\"9007199254740993\\\\","State":{},"HostConfig":{"Memory":9007199254740993}}`;
  const found = parseInspect(json, SOURCE);
  assert.is(found.id, '12345678901234567890');
  assert.is(found.name, '"9007199254740993\\');
  assert.is(found.hostConfig.memory, 9007199254740993n);
});

test('any text, and any JSON, yields a value or a ParseError', () => {
  onlyParseErrors(parseInspect, fc.oneof(fc.constant(DOCKER), fc.json()));
});

test.run();
