// Annotations of bundles as containerd's CRI plugin, CRI-O and nerdctl write them, and what is none.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAnnotations } from '../../src/oci/annotations.ts';
import { isParseError, onlyParseErrors } from '../text/hostile.ts';

const test = suite('oci/annotations');
const PATH = '/run/containerd/io.containerd.runtime.v2.task/k8s.io/x/config.json';
const of = (annotations: unknown) => JSON.stringify({ ociVersion: '1.1.0', annotations });

test('a container of a pod, by containerd', () => {
  const said = parseAnnotations(
    of({
      'io.kubernetes.cri.container-name': 'nginx',
      'io.kubernetes.cri.container-type': 'container',
      'io.kubernetes.cri.image-name': 'docker.io/library/nginx:1',
      'io.kubernetes.cri.sandbox-id': 'ab',
      'io.kubernetes.cri.sandbox-name': 'web-0',
      'io.kubernetes.cri.sandbox-namespace': 'shop',
      'io.kubernetes.cri.sandbox-uid': '0f1e2d3c-0000-4000-8000-123456789abc',
    }),
    PATH,
  );
  assert.equal(said, {
    name: 'nginx',
    image: 'docker.io/library/nginx:1',
    podName: 'web-0',
    podNamespace: 'shop',
    podUid: '0f1e2d3c-0000-4000-8000-123456789abc',
    sandbox: false,
  });
});

test("a sandbox; CRI-O's and nerdctl's words", () => {
  assert.is(parseAnnotations(of({ 'io.kubernetes.cri.container-type': 'sandbox' }), PATH).sandbox, true);
  assert.is(parseAnnotations(of({ 'io.kubernetes.cri-o.ContainerType': 'sandbox' }), PATH).sandbox, true);
  assert.is(parseAnnotations(of({ 'nerdctl/name': 'box' }), PATH).name, 'box');
});

test('none, and hostile ones', () => {
  const none = parseAnnotations('{}', PATH);
  assert.ok(Object.values(none).every((one) => one === null));
  assert.is(parseAnnotations(of({ 'nerdctl/name': 'a\u001b[31m' }), PATH).name, 'a\\x1b[31m');
});

test('other forms are errors that name the file', () => {
  for (const json of ['', '[]', '{', of([]), of({ a: 1 })])
    isParseError(() => parseAnnotations(json, PATH), PATH);
});

test('any text, and any JSON, yields a value or a ParseError', () => {
  onlyParseErrors(parseAnnotations, fc.oneof(fc.constant(of({ a: 'b' })), fc.json()));
});

test.run();
