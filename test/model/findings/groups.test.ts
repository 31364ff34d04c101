// Findings about control groups, over the kernel's own words: who was killed by whose limit, throttled by whose quota, who is frozen by whom.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ID, look, OWN_NS, told, v1Lines } from './fake.ts';

const test = suite('model/findings groups');
const WEB = `docker/${ID}`;
const name = ID.slice(0, 12);
const web = { pid: 50, ns: OWN_NS, cgroup: `0::/${WEB}\n` };
const web1 = { pid: 50, ns: OWN_NS, cgroup: v1Lines(`/${WEB}`) };
const EVENTS = 'low 0\nhigh 0\n';

test('oom, v2: the kill of a child group is the child’s, though memory.events of every ancestor counts it', async () => {
  const { findings } = await look(
    2,
    [
      { pid: 50, cgroup: '0::/a/b\n' },
      { pid: 51, cgroup: '0::/a\n' },
    ],
    {
      'a/memory.max': '100663296\n',
      'a/memory.events': `${EVENTS}max 3\noom 1\noom_kill 2\noom_group_kill 0\n`,
      'a/memory.events.local': `${EVENTS}max 0\noom 0\noom_kill 0\noom_group_kill 0\n`,
      'a/b/memory.max': '67108864\n',
      'a/b/memory.events': `${EVENTS}max 3\noom 1\noom_kill 2\noom_group_kill 0\n`,
      'a/b/memory.events.local': `${EVENTS}max 3\noom 1\noom_kill 2\noom_group_kill 0\n`,
    },
  );
  assert.equal(told(findings), [
    'oom-killed error: the OOM killer killed 2 process(es) of /a/b: the memory limit of its own, 64 MiB, was reached',
  ]);
  const [finding] = findings;
  assert.is(
    finding?.proof,
    'grep -H . /sys/fs/cgroup/a/b/memory.events.local /sys/fs/cgroup/a/b/memory.events /sys/fs/cgroup/a/b/memory.max',
  );
  assert.equal(finding?.evidence[0], { file: '/sys/fs/cgroup/a/b/memory.events.local oom_kill', value: '2' });
  assert.is(finding?.lesson, 'memory-limit');
});

test('oom, v2: a container killed by its ancestor’s limit, with no oom of its own', async () => {
  const { findings } = await look(2, [web], {
    'docker/memory.max': '50331648\n',
    'docker/memory.events': `${EVENTS}max 9\noom 4\noom_kill 1\n`,
    'docker/memory.events.local': `${EVENTS}max 9\noom 4\noom_kill 0\n`,
    [`${WEB}/memory.max`]: 'max\n',
    [`${WEB}/memory.events`]: `${EVENTS}max 0\noom 0\noom_kill 1\n`,
    [`${WEB}/memory.events.local`]: `${EVENTS}max 0\noom 0\noom_kill 1\n`,
  });
  assert.equal(told(findings), [
    `oom-killed error: the OOM killer killed 1 process(es) of ${name}: the memory limit of an ancestor, 48 MiB of /docker, was reached`,
  ]);
});

test('oom, v2: no limit was reached anywhere, the host was out of memory', async () => {
  const events = `${EVENTS}max 0\noom 0\noom_kill 1\n`;
  const { findings } = await look(2, [web], {
    // An oom in a neighbour, which memory.events of the parent counts and memory.events.local does not.
    'docker/memory.events': `${EVENTS}max 5\noom 1\noom_kill 1\n`,
    'docker/memory.events.local': `${EVENTS}max 0\noom 0\noom_kill 0\n`,
    [`${WEB}/memory.events`]: events,
    [`${WEB}/memory.events.local`]: events,
  });
  assert.match(told(findings)[0] ?? '', /no limit of a group was reached, the host itself was out of memory/);
});

test('oom, v2 before 5.2: without memory.events.local what the groups below do not account for is the group’s own', async () => {
  const { findings } = await look(2, [{ pid: 50, cgroup: '0::/a/b\n' }], {
    'a/memory.max': '100663296\n',
    'a/memory.events': `${EVENTS}max 3\noom 1\noom_kill 2\n`,
    'a/b/memory.max': '67108864\n',
    'a/b/memory.events': `${EVENTS}max 3\noom 1\noom_kill 2\n`,
  });
  assert.equal(
    findings.filter(({ severity }) => severity !== 'note').map(({ subject }) => subject),
    [{ kind: 'cgroup', path: '/a/b' }],
  );
});

test('oom, v1: failcnt tells whose limit it was; one that was never passed is no sign', async () => {
  const oom = (kills: number) => `oom_kill_disable 0\nunder_oom 0\noom_kill ${kills}\n`;
  const files = (own: string, above: string) => ({
    'memory/docker/memory.limit_in_bytes': '50331648\n',
    'memory/docker/memory.failcnt': above,
    'memory/docker/memory.oom_control': oom(0),
    [`memory/${WEB}/memory.limit_in_bytes`]: '67108864\n',
    [`memory/${WEB}/memory.failcnt`]: own,
    [`memory/${WEB}/memory.oom_control`]: oom(1),
  });
  const sentence = async (own: string, above: string) =>
    (await look(1, [web1], files(own, above))).findings[0]?.sentence.en;
  assert.match((await sentence('4\n', '0\n')) ?? '', /limit of its own, 64 MiB/);
  assert.match((await sentence('0\n', '4\n')) ?? '', /limit of an ancestor, 48 MiB of \/docker/);
  assert.match((await sentence('4\n', '4\n')) ?? '', /more than one limit above was reached/);
  assert.match((await sentence('0\n', '0\n')) ?? '', /the host itself was out of memory/);
});

test('oom, v1: where memory and swap together have the same limit, both failcnt stay 0, and a peak tells', async () => {
  const { findings } = await look(1, [web1], {
    [`memory/${WEB}/memory.limit_in_bytes`]: '16777216\n',
    [`memory/${WEB}/memory.failcnt`]: '0\n',
    [`memory/${WEB}/memory.memsw.limit_in_bytes`]: '16777216\n',
    [`memory/${WEB}/memory.max_usage_in_bytes`]: '16773120\n',
    [`memory/${WEB}/memory.memsw.failcnt`]: '0\n',
    [`memory/${WEB}/memory.memsw.max_usage_in_bytes`]: '16777216\n',
    [`memory/${WEB}/memory.oom_control`]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n',
  });
  assert.match(told(findings).join(), /limit of its own, 16 MiB, was reached/);
  assert.ok(
    findings[0]?.evidence.some(({ file, value }) => /memsw\.max_usage/.test(file) && value === '16777216'),
  );
});

test('oom: a container that has ended is told by its engine; exit code 137 alone is an ordinary kill', async () => {
  const one = { socket: '/run/docker.sock', exitCode: 137, memory: 16_777_216n };
  const { findings } = await look(
    2,
    [],
    {},
    {
      examined: {
        ended: [
          { ...one, id: ID, name: 'hog', oomKilled: true },
          { ...one, id: 'b'.repeat(64), name: 'stopped', oomKilled: false },
        ],
      },
    },
  );
  assert.equal(told(findings), [
    'oom-killed error: the OOM killer killed a process of hog, which has ended with exit code 137; it was given a limit of 16 MiB',
  ]);
  assert.match(findings[0]?.proof ?? '', /^docker -H unix:\/\/\/run\/docker\.sock inspect /);
});

const CPU_STAT = (periods: number, stopped: number) =>
  `usage_usec 9\nnr_periods ${periods}\nnr_throttled ${stopped}\nthrottled_usec 5\n`;

test('throttled, v2: by an ancestor, which the container’s own cpu.stat does not count', async () => {
  const { findings } = await look(2, [web], {
    'docker/cpu.max': '5000 100000\n',
    'docker/cpu.stat': CPU_STAT(100, 60),
    [`${WEB}/cpu.max`]: 'max 100000\n',
    [`${WEB}/cpu.stat`]: CPU_STAT(0, 0),
  });
  assert.equal(told(findings), [
    `throttled warning: ${name} was stopped by the cpu quota of an ancestor, /docker, in 60 of 100 periods (60 %); its own counters do not tell`,
  ]);
  assert.equal(findings[0]?.evidence[0], {
    file: '/sys/fs/cgroup/docker/cpu.stat nr_throttled',
    value: '60',
  });
});

test('throttled, v1: its own quota; now and then is what a quota is for; a quota that was taken away is past', async () => {
  const stat = (stopped: number) => `nr_periods 100\nnr_throttled ${stopped}\nthrottled_time 7\n`;
  const seen = async (stopped: number, quota: string) =>
    told(
      (
        await look(1, [web1], {
          [`cpu/${WEB}/cpu.cfs_quota_us`]: quota,
          [`cpu/${WEB}/cpu.cfs_period_us`]: '100000\n',
          [`cpu/${WEB}/cpu.stat`]: stat(stopped),
        })
      ).findings,
    );
  assert.equal(await seen(30, '5000\n'), [
    `throttled warning: ${name} was stopped by its own cpu quota in 30 of 100 periods (30 %)`,
  ]);
  assert.equal(await seen(4, '5000\n'), []);
  assert.equal(await seen(30, '-1\n'), []);
});

test('pids: full, near, far, and a limit that was hit before; processes of other groups are not the container’s', async () => {
  const seen = async (usage: number, limit: string, events = 0) =>
    told(
      (
        await look(2, [web, { pid: 51, cgroup: '0::/other\n' }], {
          [`${WEB}/pids.current`]: `${usage}\n`,
          [`${WEB}/pids.max`]: limit,
          [`${WEB}/pids.events`]: `max ${events}\n`,
        })
      ).findings,
    );
  assert.match(
    (await seen(50, '50\n'))[0] ?? '',
    /^pids-limit error: a{12} is at the pids limit of .*: 50 of 50 tasks/,
  );
  assert.match((await seen(46, '50\n'))[0] ?? '', /^pids-limit warning: a{12} is near the pids limit/);
  assert.equal(await seen(44, '50\n'), []);
  assert.equal(await seen(9999, 'max\n'), []);
  assert.match((await seen(3, '50\n', 7))[0] ?? '', /fork\(2\) has failed 7 time\(s\)/);
});

test('pids: at an ancestor’s limit, with room in the group’s own', async () => {
  const { findings } = await look(2, [web], {
    'docker/pids.current': '20\n',
    'docker/pids.max': '20\n',
    [`${WEB}/pids.current`]: '20\n',
    [`${WEB}/pids.max`]: '100\n',
    [`${WEB}/pids.events`]: 'max 3\n',
  });
  assert.equal(told(findings), [
    `pids-limit error: ${name} is at the pids limit of /docker: 20 of 20 tasks, fork(2) fails there`,
  ]);
});

test('frozen, v1: by the parent, whose request freezer.self_freezing of the group does not know', async () => {
  const { findings } = await look(1, [web1], {
    'freezer/docker/freezer.state': 'FROZEN\n',
    'freezer/docker/freezer.self_freezing': '1\n',
    'freezer/docker/freezer.parent_freezing': '0\n',
    [`freezer/${WEB}/freezer.state`]: 'FROZEN\n',
    [`freezer/${WEB}/freezer.self_freezing`]: '0\n',
    [`freezer/${WEB}/freezer.parent_freezing`]: '1\n',
  });
  assert.equal(told(findings), [
    `frozen warning: ${name} is frozen by an ancestor, /docker: its processes do not run, and its own file does not say so`,
  ]);
  assert.match(
    findings[0]?.next.en ?? '',
    /echo THAWED > \/sys\/fs\/cgroup\/freezer\/docker\/freezer\.state/,
  );
});

test('frozen, v2: by itself and by an ancestor; a group that nobody is in stops nobody', async () => {
  const events = (frozen: 0 | 1) => `populated 1\nfrozen ${frozen}\n`;
  const own = await look(2, [web, { pid: 51, cgroup: '0::/docker/free\n' }], {
    [`${WEB}/cgroup.freeze`]: '1\n',
    [`${WEB}/cgroup.events`]: events(1),
    'docker/free/cgroup.freeze': '0\n',
    'docker/free/cgroup.events': events(0),
  });
  assert.match(told(own.findings).join(), /^frozen warning: a{12} is frozen by its own group/);
  assert.match(own.findings[0]?.next.en ?? '', /echo 0 > \S+\/cgroup\.freeze/);
  const both = await look(2, [web, { pid: 51, cgroup: '0::/docker/free\n' }], {
    'docker/cgroup.freeze': '1\n',
    'docker/cgroup.events': events(1),
    [`${WEB}/cgroup.freeze`]: '0\n',
    [`${WEB}/cgroup.events`]: events(1),
    'docker/free/cgroup.events': events(1),
  });
  assert.equal(
    both.findings.map(({ subject }) => (subject.kind === 'container' ? 'web' : subject.kind)),
    ['cgroup', 'web'],
  );
  const empty = await look(
    2,
    [],
    { 'x/cgroup.freeze': '1\n', 'x/cgroup.events': events(1) },
    { paths: ['/x'] },
  );
  assert.ok(empty.examined.groups.some(({ path }) => path === '/x'));
  assert.equal(empty.findings, []);
});

test('a healthy host has no finding; its want of swap and of PSI is a note', async () => {
  const { findings } = await look(2, [web], {
    [`${WEB}/memory.max`]: '67108864\n',
    [`${WEB}/memory.swap.max`]: '0\n',
    [`${WEB}/memory.events`]: `${EVENTS}max 900\noom 0\noom_kill 0\n`,
    [`${WEB}/pids.current`]: '2\n',
    [`${WEB}/pids.max`]: '50\n',
  });
  assert.equal(findings, []);
  const bare = await look(
    2,
    [],
    {},
    {
      examined: {
        host: {
          swaps: { ok: true, value: 0 },
          pressure: { ok: true, value: [] },
          swapAccounting: { ok: true, value: false },
        },
      },
    },
  );
  assert.equal(
    bare.findings.map(({ id, severity }) => `${id} ${severity}`),
    ['no-swap note', 'no-swap-accounting note', 'no-pressure note'],
  );
  const denied = await look(
    2,
    [],
    {},
    {
      examined: {
        host: {
          swaps: { ok: false, why: 'denied', path: '/proc/swaps' },
          pressure: { ok: false, why: 'denied', path: '/proc/pressure' },
          swapAccounting: { ok: false, why: 'unsupported', path: '' },
        },
      },
    },
  );
  assert.equal(denied.findings, []);
});

test.run();
