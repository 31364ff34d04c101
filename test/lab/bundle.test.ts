// Edits of config.json: what they do, and that jq(1) does the same with the program that a learner is shown.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleEdits, type Edit, EDIT_PATH, edited, jqProgram, resourceOf } from '../../src/lab/bundle.ts';
import { operationForm } from '../../src/lab/operations/forms.ts';
import { runcFault } from '../../src/lab/operations/runc-verbs.ts';
import type { JsonObject } from '../../src/oci/json.ts';
import { maybe, need } from '../support/need.ts';

const test = suite('lab: bundle');

const TEMPLATE: JsonObject = {
  process: {
    terminal: true,
    args: ['sh'],
    env: ['PATH=/bin', 'TERM=xterm'],
    capabilities: { bounding: ['CAP_KILL'] },
  },
  hostname: 'runc',
  linux: { namespaces: [{ type: 'pid' }], resources: { devices: [{ allow: false, access: 'rwm' }] } },
};

test('a value is set, made on its way, taken out; the rest stays as it is, in its order', () => {
  const edits: readonly Edit[] = [
    { path: 'process.args', value: ['sleep', '1'] },
    { path: 'linux.resources.pids.limit', value: 20 },
    { path: 'process.env', value: ['A=b'], append: true },
    { path: 'process.capabilities.bounding', value: null },
    { path: 'never.there', value: null },
  ];
  const done = edited(TEMPLATE, edits);
  assert.equal(done, {
    process: {
      terminal: true,
      args: ['sleep', '1'],
      env: ['PATH=/bin', 'TERM=xterm', 'A=b'],
      capabilities: {},
    },
    hostname: 'runc',
    linux: {
      namespaces: [{ type: 'pid' }],
      resources: { devices: [{ allow: false, access: 'rwm' }], pids: { limit: 20 } },
    },
  });
  assert.equal(Object.keys(done), ['process', 'hostname', 'linux']);
  assert.is(TEMPLATE['hostname'], 'runc', 'the template is left as it is');
});

test('limits by neutral names become fields of config.json, in its units', () => {
  const field = (name: string, value: string) => resourceOf(name, value);
  assert.equal(field('memory.limit', '64M'), { path: 'linux.resources.memory.limit', value: 67_108_864 });
  assert.equal(field('memory.limit', 'max'), { path: 'linux.resources.memory.limit', value: -1 });
  assert.equal(field('pids.limit', '20'), { path: 'linux.resources.pids.limit', value: 20 });
  assert.equal(field('cpu.quota', '50000'), { path: 'linux.resources.cpu.quota', value: 50_000 });
  assert.equal(field('cpu.shares', '512'), { path: 'linux.resources.cpu.shares', value: 512 });
  assert.equal(field('cpuset.cpus', '0-1'), { path: 'linux.resources.cpu.cpus', value: '0-1' });
  // v2's weight is another number than the shares that config.json has; memory.high has no field; the last are no limits at all.
  for (const name of ['cpu.weight', 'memory.high', 'memory.usage', 'memory', 'pids.nothing'])
    assert.is(field(name, '5'), null, name);
  for (const value of ['', 'many', '5X', '-3', '1.5', '9999999999999999'])
    assert.is(field('pids.limit', value), null, value);
});

test("the lab's own: the mark, a group of its own as root and none without", () => {
  const operation = { op: 'bundle', name: 'web', rootfs: 'base', args: ['true'] } as const;
  const root = edited(TEMPLATE, bundleEdits(operation, { lab: '0a1b2c3d', mode: 'root' }));
  assert.equal((root['linux'] as JsonObject)['cgroupsPath'], '/nscope-0a1b2c3d/web');
  assert.equal((root['process'] as JsonObject)['env'], ['PATH=/bin', 'TERM=xterm', 'NSCOPE_LAB=0a1b2c3d']);
  assert.is(root['hostname'], 'web');
  const types = { ...operation, namespaces: ['mnt', 'net'] } as const;
  const user = edited(TEMPLATE, bundleEdits(types, { lab: '0a1b2c3d', mode: 'rootless' }));
  assert.equal(user['linux'], {
    namespaces: [{ type: 'mount' }, { type: 'network' }, { type: 'user' }],
    resources: { devices: [{ allow: false, access: 'rwm' }] },
  });
});

const key = fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,6}$/);
const path = fc.array(key, { minLength: 1, maxLength: 4 }).map((keys) => keys.join('.'));
const edit = fc.record({
  path,
  value: fc.jsonValue({ maxDepth: 2, noUnicodeString: false }),
}) as fc.Arbitrary<Edit>;

maybe(test, need({ tools: ['jq'] }))('jq does the same', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      for (const one of edits) assert.match(one.path, EDIT_PATH);
      const { stdout, status } = spawnSync('jq', ['-c', jqProgram(edits)], {
        input: JSON.stringify(TEMPLATE),
        encoding: 'utf8',
      });
      // jq will not step into a text or a list; here it makes way for the value.
      if (status !== 0) return;
      assert.equal(edited(TEMPLATE, edits), JSON.parse(stdout) as object);
    }),
    { numRuns: 60 },
  );
});

test('each verb of runc has its fields and no others', () => {
  const form = (of: object) => operationForm.safeParse({ op: 'runc', ...of }).success;
  assert.ok(form({ verb: 'create', name: 'web', bundle: 'web' }));
  assert.ok(form({ verb: 'list' }));
  assert.ok(form({ verb: 'exec', container: 'web', command: ['id'], exits: [0, 1] }));
  for (const bad of [
    { verb: 'create', name: 'web' },
    { verb: 'create', name: 'web', bundle: 'web', detach: true },
    { verb: 'kill', container: 'web' },
    { verb: 'start', name: 'web' },
    { verb: 'list', container: 'web' },
    { verb: 'checkpoint', container: 'web' },
  ])
    assert.not.ok(form(bad), JSON.stringify(bad));
  assert.is(runcFault({ op: 'runc', verb: 'kill', container: 'web' }), 'signal');
  assert.is(runcFault({ op: 'runc', verb: 'state', container: 'web', force: true }), 'force');
});

test.run();
