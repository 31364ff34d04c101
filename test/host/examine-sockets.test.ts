// Engines' sockets in a container's mounts: by name, by identity in a directory that was mounted; and a link that leads out of it is none.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { socketsIn } from '../../src/host/examine-sockets.ts';
import { recordedFs } from '../../src/host/recorded-fs.ts';
import { parseMountinfo } from '../../src/kernel/proc/mountinfo.ts';

const test = suite('host/examine-sockets');
const known = new Map([['5:77', '/run/docker.sock']]);
const ROOT = '1 0 0:40 / / rw - overlay overlay rw\n';

/** `paths`: what /proc/50/root shows, by identity; `links` among them. */
function seen(mounts: string, paths: Readonly<Record<string, number>> = {}, links: readonly string[] = []) {
  const fs = recordedFs({
    title: 'x',
    entries: new Map(links.map((path) => [`/proc/50/root${path}`, { kind: 'link', target: '/run' }])),
    stats: new Map(
      Object.entries(paths).map(([path, ino]) => [
        `/proc/50/root${path}`,
        { dev: 5, ino, uid: 0, directory: false },
      ]),
    ),
  });
  return socketsIn(fs, 50, parseMountinfo(ROOT + mounts, 'mountinfo'), known).map(
    ({ mountPoint }) => mountPoint,
  );
}

test('a socket that was mounted, under its own name or another', () => {
  assert.equal(seen('2 1 0:22 /docker.sock /var/run/docker.sock rw - tmpfs tmpfs rw\n'), [
    '/var/run/docker.sock',
  ]);
  assert.equal(seen('2 1 0:22 /docker.sock /tmp/s rw - tmpfs tmpfs rw\n'), ['/tmp/s']);
  assert.equal(seen('2 1 0:22 /x/y /tmp/s rw - tmpfs tmpfs rw\n', { '/tmp/s': 77 }), ['/tmp/s']);
});

test('a directory that was mounted and holds it, the host’s whole root too', () => {
  const mount = '2 1 8:1 / /host rw - ext4 /dev/sda1 rw\n';
  assert.equal(seen(mount, { '/host/run/docker.sock': 77 }), ['/host/run/docker.sock']);
  assert.equal(seen(mount, { '/host/run/docker.sock': 78 }), [], 'another file of that name');
});

test('an absolute link leads to the host’s own socket from outside, and to nothing inside', () => {
  assert.equal(seen('', { '/run/docker.sock': 77 }, ['/run']), []);
  assert.equal(seen('', { '/run/docker.sock': 77 }, ['/run/docker.sock']), []);
});

test('a container without any', () => {
  assert.equal(seen('2 1 0:50 / /proc rw - proc proc rw\n3 1 8:1 /data /data rw - ext4 /dev/sda1 rw\n'), []);
});

test.run();
