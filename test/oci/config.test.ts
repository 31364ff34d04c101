// config.json of a bundle, docker's and the least one, and what is not one.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../src/oci/config.ts';
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

test('what the container was asked to be', () => {
  assert.equal(parseConfig(JSON.stringify(CONFIG), PATH), {
    hostname: 'ee703c3f8b1a',
    args: ['sleep', '1000'],
    namespaces: [
      { type: 'mount' },
      { type: 'network', path: '/proc/1/ns/net' },
      { type: 'uts' },
      { type: 'pid' },
    ],
    cgroupsPath: '/docker/ee703c3f8b1a',
  });
});

test('parts that are missing are empty, words are sanitised', () => {
  assert.equal(parseConfig('{}', PATH), { hostname: '', args: [], namespaces: [] });
  assert.equal(
    parseConfig('{"process":{"args":["a\\u001b[31m","b\\n"]},"hostname":"h\\u202e","linux":null}', PATH),
    {
      hostname: 'h\\u{202e}',
      args: ['a\\x1b[31m', 'b\\n'],
      namespaces: [],
    },
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
  ];
  for (const json of bad) isParseError(() => parseConfig(json, PATH), PATH);
});

test('what is printed parses back', () => {
  const word = fc.stringMatching(/^[a-z/-]{1,20}$/);
  const namespace = fc.record({ type: word, path: word }, { requiredKeys: ['type'], noNullPrototype: true });
  fc.assert(
    fc.property(
      word,
      fc.array(word),
      fc.array(namespace),
      word,
      (hostname, args, namespaces, cgroupsPath) => {
        const json = JSON.stringify({ hostname, process: { args }, linux: { namespaces, cgroupsPath } });
        assert.equal(parseConfig(json, PATH), { hostname, args, namespaces, cgroupsPath });
      },
    ),
  );
});

test('any text, and any JSON, yields a value or a ParseError', () => {
  onlyParseErrors(parseConfig, fc.oneof(fc.constant(JSON.stringify(CONFIG)), fc.json()));
});

test.run();
