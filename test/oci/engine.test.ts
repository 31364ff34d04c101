// Answers of docker's and podman's API, hostile names, other forms.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseContainers, parseVersion } from '../../src/oci/engine.ts';
import { isParseError, onlyParseErrors } from '../text/hostile.ts';

const test = suite('oci/engine');
const SOCKET = '/run/docker.sock';
const ID = 'ee703c3f8b1a0d5c'.repeat(4);

const DOCKER = [
  {
    Id: ID,
    Names: ['/web', '/db/web-link'],
    Image: 'busybox:latest',
    ImageID: 'sha256:0',
    Command: 'sleep 1000',
    Created: 1,
    Ports: [],
    Labels: {},
    State: 'running',
    Status: 'Up 2 seconds',
  },
];

test('docker names have a slash, podman’s list a pid', () => {
  assert.equal(parseContainers(JSON.stringify(DOCKER), SOCKET), [
    { id: ID, names: ['web', 'db/web-link'], image: 'busybox:latest', state: 'running' },
  ]);
  assert.equal(
    parseContainers(
      JSON.stringify([{ Id: ID, Names: ['web'], Image: 'x', State: 'exited', Pid: 0 }]),
      SOCKET,
    ),
    [{ id: ID, names: ['web'], image: 'x', state: 'exited' }],
  );
  assert.is(parseContainers(JSON.stringify([{ Id: ID, Names: null, Pid: 5632 }]), SOCKET)[0]?.pid, 5632);
  assert.equal(parseContainers('[]', SOCKET), []);
});

test('names, image and state are sanitised', () => {
  const evil = [{ Id: ID, Names: ['/a\x1b[2J\u202e'], Image: 'x\ny', State: '\x9b' }];
  assert.equal(parseContainers(JSON.stringify(evil), SOCKET), [
    { id: ID, names: ['a\\x1b[2J\\u{202e}'], image: 'x\\ny', state: '\\u{9b}' },
  ]);
});

test('other forms of the list are errors that name the socket', () => {
  const bad = [
    '',
    'null',
    '{"message":"page not found"}',
    '[1]',
    '[null]',
    '[{}]',
    '[{"Id":7}]',
    '[{"Id":""}]',
    '[{"Id":"../x"}]',
    '[{"Id":"a","Names":"web"}]',
    '[{"Id":"a","Names":[1]}]',
    '[{"Id":"a","Pid":"1"}]',
    '[{"Id":"a","Pid":1.5}]',
    '['.repeat(100_000),
  ];
  for (const json of bad) isParseError(() => parseContainers(json, SOCKET), SOCKET);
});

test('versions of docker and podman', () => {
  const docker = {
    Version: '20.10.24+dfsg1',
    ApiVersion: '1.41',
    MinAPIVersion: '1.12',
    Components: [
      { Name: 'Engine', Version: '20.10.24+dfsg1', Details: {} },
      { Name: 'runc', Version: '1.1.5' },
    ],
  };
  assert.equal(parseVersion(JSON.stringify(docker)), {
    version: '20.10.24+dfsg1',
    apiVersion: '1.41',
    minApiVersion: '1.12',
    components: [
      { name: 'Engine', version: '20.10.24+dfsg1' },
      { name: 'runc', version: '1.1.5' },
    ],
  });
  assert.equal(parseVersion('{"Version":"4\\u001b","ApiVersion":"1.40"}', SOCKET), {
    version: '4\\x1b',
    apiVersion: '1.40',
    minApiVersion: null,
    components: [],
  });
  for (const json of ['', '[]', '{}', '{"Version":1,"ApiVersion":"1"}', '{"Version":"1"}'])
    isParseError(() => parseVersion(json, SOCKET), SOCKET);
  isParseError(() => parseVersion(''), 'GET /version');
});

test('what an engine prints parses back', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,20}$/);
  const container = fc.record(
    { id: word, names: fc.array(word), image: word, state: word, pid: fc.integer({ min: 1, max: 2 ** 22 }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(container), (containers) => {
      const json = containers.map((c) => ({
        Id: c.id,
        Names: c.names.map((n) => `/${n}`),
        Image: c.image,
        State: c.state,
        Pid: c.pid,
      }));
      assert.equal(parseContainers(JSON.stringify(json), SOCKET), containers);
    }),
  );
});

test('any text, and any JSON, yields a value or a ParseError', () => {
  const json = fc.oneof(fc.constant(JSON.stringify(DOCKER)), fc.json());
  onlyParseErrors(parseContainers, json);
  onlyParseErrors(parseVersion, json);
});

test.run();
