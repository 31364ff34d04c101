// The table of commands that only look: what passes, and what must not.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkLook } from '../../src/lab/operations/look.ts';
import { UserError } from '../../src/text/errors.ts';

const test = suite('lab: look');

const PASSES = [
  'hostname',
  'readlink /proc/self/ns/uts',
  'readlink -f /proc/12/exe',
  'ls -l /proc/self/ns',
  'ls -la /sys/fs/cgroup',
  'cat /proc/sys/kernel/hostname',
  'cat /proc/12/status',
  'cat /sys/fs/cgroup/pids/nscope-0a1b2c3d/box/pids.max',
  'head -n 3 /proc/12/cgroup',
  'grep NSpid /proc/self/status',
  'grep -E ^NS /proc/12/status',
  'ps -ef',
  'ps aux',
  'ps -o pid,args -p 12',
  'ps -e -o pid,ppid,comm',
  'lsns -t uts',
  'findmnt -t cgroup2',
  'id',
  'uname -nsr',
  'stat -L -c %i /proc/self/ns/uts',
  'ip -br link show',
  'sysctl kernel.hostname',
  'docker ps -a',
];

const REFUSED = [
  '',
  'rm -rf /tmp/x',
  'sh -c ls',
  'hostname box',
  'hostname -F /etc/passwd',
  'hostname -b',
  '/bin/ls /',
  'cat /etc/shadow',
  'cat /proc/1/environ',
  'cat /proc/1/root/etc/shadow',
  'cat /proc/self/../1/environ',
  'cat /proc/kmsg',
  'cat -',
  'grep -r x /etc',
  'grep root /etc/shadow',
  'ps auxe',
  'ps -ef e',
  'mount -t tmpfs none /mnt',
  'mount --bind /a /b',
  'ip link set lo down',
  'ip netns add x',
  'ip -b /tmp/batch',
  'sysctl -w kernel.hostname=x',
  'sysctl kernel.hostname=x',
  'sysctl -p',
  'ss -K',
  'systemctl stop docker',
  'systemctl status -H host',
  'docker rm -f x',
  'docker run x',
  'env',
  'cat /sys/kernel/tracing/trace_pipe',
  'cat /sys/kernel/tracing/trace',
  'head -n 1 /sys//kernel/./debug/tracing/trace_pipe',
  'cat /sys/kernel/debug/sched/debug',
  'grep x /sys/fs/x/trace_pipe',
  'cat /proc/self/task/1/environ',
  'cat /proc/vmcore',
  'constructor',
];

for (const line of PASSES) test(`passes: ${line}`, () => checkLook(line.split(' '), 'en'));

for (const line of REFUSED) {
  test(`refuses: ${line}`, () => {
    assert.throws(
      () => checkLook(line.split(' '), 'en'),
      (error: unknown) => error instanceof UserError && error.exitCode === 2,
    );
  });
}

test("a lab's config.json may be printed, and nothing near it", () => {
  const config = '/state/labs/0a1b2c3d/bundle-box/config.json';
  const configs = [config];
  for (const word of ['cat', 'grep hostname', 'head -n 5'])
    checkLook([...word.split(' '), config], 'en', configs);
  for (const bad of [`cat ${config}`, `ps ${config}`]) {
    assert.throws(() => checkLook(bad.split(' '), 'en', bad.startsWith('ps') ? configs : []));
  }
  assert.throws(() => checkLook(['cat', `${config}/../../secret`], 'en', configs));
});

test.run();
