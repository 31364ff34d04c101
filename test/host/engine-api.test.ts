// Asking engines: a socket of the test's own that answers, refuses, trickles, or speaks nonsense. The kernel's view stands in any case.
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askEngines, engineSockets } from '../../src/host/engine-api.ts';
import { readProcesses } from '../../src/host/processes.ts';
import { recordedFs } from '../../src/host/recorded-fs.ts';
import { hostOf, recordingOf } from '../support/host-text.ts';
import { within } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('host/engine-api');
const ID = 'ab'.repeat(32);

async function answering(
  answers: Readonly<Record<string, { status?: number; body: string } | null>>,
  ask: (path: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (dir) => {
    const path = join(dir, 'e.sock');
    const methods: string[] = [];
    const server: Server = createServer((request, response) => {
      methods.push(request.method ?? '');
      const answer = answers[request.url ?? ''];
      if (answer === null) return;
      response.statusCode = answer?.status ?? (answer ? 200 : 404);
      response.end(answer?.body ?? '');
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      await ask(path);
      assert.ok(
        methods.every((method) => method === 'GET'),
        'nothing but GET',
      );
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}

test('names and versions', () =>
  answering(
    {
      '/version': { body: '{"Version":"26.1.5","ApiVersion":"1.45","Components":[]}' },
      '/containers/json': {
        body: JSON.stringify([{ Id: ID, Names: ['/web\u001b[31m'], Image: 'busybox', State: 'running' }]),
      },
    },
    async (path) => {
      const answers = await askEngines([{ engine: 'docker', path }]);
      assert.equal(answers.engines, [{ socket: path, version: { ok: true, value: '26.1.5' } }]);
      assert.is(answers.containers[0]?.id, ID);
      assert.is(answers.containers[0]?.name, 'web\\x1b[31m');
    },
  ));

test('nonsense and errors are unread, with the socket named', () =>
  answering(
    { '/version': { body: 'not json' }, '/containers/json': { status: 500, body: '{}' } },
    async (path) => {
      const { engines, containers } = await askEngines([{ engine: 'docker', path }]);
      assert.equal(engines[0]?.version, { ok: false, why: 'unsupported', path });
      assert.equal(containers, []);
    },
  ));

test('an engine that wants a version in the path is asked once more, with its own or our highest', async () => {
  for (const [theirs, asked] of [
    ['1.41', '1.41'],
    ['1.99', '1.51'],
    ['x/../y', '1.51'],
  ]) {
    await answering(
      {
        '/version': { body: JSON.stringify({ Version: '20.10', ApiVersion: theirs }) },
        '/containers/json': { status: 400, body: '{"message":"client version 1.24 is too old"}' },
        [`/v${asked}/containers/json`]: { body: JSON.stringify([{ Id: ID, Names: ['/web'], Image: '' }]) },
      },
      async (path) => {
        const { containers } = await askEngines([{ engine: 'docker', path }]);
        assert.equal(containers, [{ engine: 'docker', id: ID, name: 'web', image: null }], theirs);
      },
    );
  }
});

test("a rootless engine: asked at its user's socket, if the socket is that user's, and only where the engine runs", () => {
  const sockets = [
    ['/run/podman/podman.sock', 0],
    ['/run/user/1000/podman/podman.sock', 1000],
    ['/run/user/1000/docker.sock', 0],
    ['/run/user/1001/docker.sock', 1001],
    ['/run/user/1002/podman/podman.sock', 1002],
  ] as const;
  const fs = recordedFs({
    title: '',
    entries: new Map(),
    stats: new Map(sockets.map(([path, uid], ino) => [path, { dev: 1, ino, uid, directory: false }])),
  });
  const of = (comm: string, uid: number, pid: number) => ({ pid, uid, comm });
  const find = (...found: readonly ReturnType<typeof of>[]) =>
    engineSockets(fs, readProcesses(hostOf(recordingOf(found)).fs, 0).processes, 0);
  assert.equal(find(of('sh', 1000, 5)), []);
  assert.equal(find(of('conmon', 1000, 5), of('dockerd', 1000, 6), of('dockerd', 1001, 7)), [
    { engine: 'podman', path: '/run/podman/podman.sock' },
    { engine: 'podman', path: '/run/user/1000/podman/podman.sock', user: 1000 },
    { engine: 'docker', path: '/run/user/1001/docker.sock', user: 1001 },
  ]);
});

test('an engine that never answers is given up after a time limit', () =>
  answering({ '/version': null, '/containers/json': null }, async (path) => {
    const { engines } = await askEngines([{ engine: 'docker', path }]);
    assert.is(engines[0]?.version.ok, false);
  }));

test('an engine that switches protocols (HTTP 101) is silent, not for ever', async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, 'e.sock');
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      // An unread socket never sees its end, and the server would wait for it.
      socket.resume();
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      const { engines } = await within(
        askEngines([{ engine: 'docker', path }]),
        10_000,
        'the end of the question',
      );
      assert.is(engines[0]?.version.ok, false);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

test('only sockets of a dockerd of root or of our own are asked', () => {
  const fs = recordedFs({
    title: '',
    entries: new Map(),
    stats: new Map(
      ['/run/a.sock', '/run/b.sock', '/run/c.sock'].map((path, ino) => [
        path,
        { dev: 1, ino, uid: 0, directory: false },
      ]),
    ),
  });
  const dockerd = (pid: number, uid: number, socket: string) => {
    const [process] = readProcesses(
      hostOf(recordingOf([{ pid, uid, comm: 'dockerd', cmdline: ['dockerd', '-H', `unix://${socket}`] }])).fs,
      0,
    ).processes;
    assert.ok(process);
    return { ...process, cmdline: { ok: true as const, value: ['dockerd', '-H', `unix://${socket}`] } };
  };
  const [self] = readProcesses(hostOf(recordingOf([{ pid: 5, uid: 1000, comm: 'node' }])).fs, 0).processes;
  assert.ok(self);
  const found = engineSockets(
    fs,
    [
      self,
      dockerd(10, 0, '/run/a.sock'),
      dockerd(11, 1000, '/run/b.sock'),
      dockerd(12, 65534, '/run/c.sock'),
    ],
    5,
  );
  assert.equal(
    found.map(({ path }) => path),
    ['/run/a.sock', '/run/b.sock'],
  );
});

test('an engine that trickles is cut off too', async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, 'e.sock');
    const server = createServer((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 100);
      response.on('close', () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      const { engines } = await within(
        askEngines([{ engine: 'docker', path }]),
        15_000,
        'the end of a trickling engine',
      );
      assert.is(engines[0]?.version.ok, false);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

test('no daemon behind the socket', async () => {
  const { engines } = await askEngines([{ engine: 'docker', path: '/nowhere/docker.sock' }]);
  assert.is(engines[0]?.version.ok === false && engines[0].version.why, 'gone');
});

test.run();
