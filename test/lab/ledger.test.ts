// The journal: what is written comes back, whatever is torn off its end or damaged within.
import { appendFileSync, chmodSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createLedger,
  distrustOfLab,
  JOURNAL,
  journalIn,
  type LedgerEntry,
  readJournal,
  resumeLedger,
} from '../../src/lab/ledger.ts';
import { withTempDir } from '../support/temp.ts';

const RUNNER = { pid: 10, starttime: 20, boot: 'b', pidNamespace: 'pid:[1]' };

const test = suite('lab: ledger');

/** A journal with an entry in each state. */
async function withJournal(fn: (directory: string, text: string) => void): Promise<void> {
  await withTempDir((dir) => {
    const ledger = createLedger(join(dir, 'labs'), 'root', RUNNER);
    const one = ledger.intend({ op: 'rootfs', path: '/x' });
    ledger.done(one, { dev: 1, ino: 2 });
    const two = ledger.intend({ op: 'actor', name: 'box' });
    ledger.done(two, { processes: [{ pid: 3, starttime: 4 }] });
    ledger.undone(two);
    ledger.intend({ op: 'cgroup', path: '/y' });
    ledger.close();
    assert.equal(readdirSync(join(dir, 'labs')), [ledger.lab]);
    fn(ledger.directory, readFileSync(join(ledger.directory, JOURNAL), 'utf8'));
  });
}

test('what is written comes back', async () => {
  await withJournal((directory) => {
    const journal = journalIn(directory);
    assert.equal(journal?.header?.runner, RUNNER);
    assert.equal(journal?.damaged, []);
    assert.equal(
      journal?.entries.map(({ n, made, identity, undone }) => [n, made.op, identity, undone]),
      [
        [1, 'rootfs', { dev: 1, ino: 2 }, false],
        [2, 'actor', { processes: [{ pid: 3, starttime: 4 }] }, true],
        [3, 'cgroup', null, false],
      ],
    );
  });
});

test('each line is in the file before the call returns', async () => {
  await withTempDir((dir) => {
    const ledger = createLedger(join(dir, 'labs'), 'root', RUNNER);
    const n = ledger.intend({ op: 'rootfs', path: '/x' });
    assert.is(journalIn(ledger.directory)?.entries.length, 1);
    ledger.undone(n);
    assert.is(journalIn(ledger.directory)?.entries[0]?.undone, true);
    ledger.close();
  });
});

test('any prefix of a journal is read without damage, and tells no more than was written', async () => {
  await withJournal((_directory, text) => {
    for (let end = 0; end <= text.length; end++) {
      const { entries, damaged } = readJournal(text.slice(0, end));
      assert.equal(damaged, [], `cut after ${end} bytes`);
      assert.ok(entries.length <= 3);
    }
  });
});

test('a damaged line is named by its number, the others are used', async () => {
  await withJournal((_directory, text) => {
    const lines = text.split('\n');
    const damaged = readJournal(lines.map((line, at) => (at === 2 ? 'garbage' : line)).join('\n'));
    assert.equal(damaged.damaged, [3]);
    assert.is(damaged.entries.length, 3);
    assert.is(damaged.entries[0]?.identity, null);
    assert.is(readJournal(lines.slice(1).join('\n')).header, null);
    const strange = readJournal(text.replace('"op":"cgroup"', '"op":"rm -rf"'));
    assert.is(strange.damaged.length, 1);
  });
});

test('no text makes the reader throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      readJournal(text);
      readJournal(`{"line":"open"}\n${text}\n{"line":"done","n":1}\n`);
    }),
  );
});

test('going on after a torn line begins a new one', async () => {
  await withJournal((directory) => {
    appendFileSync(join(directory, JOURNAL), '{"line":"int');
    const { entries = [] } = journalIn(directory) ?? {};
    const ledger = resumeLedger(directory, 'x', entries);
    ledger.undone(1);
    ledger.undone(3);
    ledger.close();
    const after = journalIn(directory);
    assert.ok(after?.entries.every(({ undone }) => undone));
    assert.is(after?.damaged.length, 1, 'the torn line is in the middle now');
  });
});

test('a journal that is a link is neither read nor appended to', async () => {
  await withJournal((directory, text) => {
    const elsewhere = join(directory, 'elsewhere');
    renameSync(join(directory, JOURNAL), elsewhere);
    symlinkSync(elsewhere, join(directory, JOURNAL));
    assert.match(
      distrustOfLab(directory, 'en') ?? '',
      /journal\.jsonl is not believed: it is a symbolic link/,
    );
    assert.match(distrustOfLab(directory, 'zh-CN') ?? '', /不可信：它是一个符号链接/);
    assert.throws(() => journalIn(directory), /ELOOP/);
    assert.throws(() => resumeLedger(directory, 'x', []), /ELOOP/);
    assert.is(readFileSync(elsewhere, 'utf8'), text);
  });
});

test('a journal or a directory that others may write to is not believed', async () => {
  await withJournal((directory) => {
    assert.is(distrustOfLab(directory, 'en'), null);
    chmodSync(join(directory, JOURNAL), 0o620);
    assert.match(distrustOfLab(directory, 'en') ?? '', /others may write to it \(mode 620\)/);
    chmodSync(join(directory, JOURNAL), 0o600);
    chmodSync(directory, 0o777);
    assert.match(distrustOfLab(directory, 'en') ?? '', /others may write to it \(mode 777\)/);
  });
});

test('a journal of very many entries is gone on with', async () => {
  await withJournal((directory) => {
    const entries = Array.from({ length: 200_000 }, (_, at): LedgerEntry => {
      return { n: at + 1, made: { op: 'run', command: 'x' }, identity: null, undone: true };
    });
    const ledger = resumeLedger(directory, 'x', entries);
    assert.is(ledger.next(), 200_001);
    assert.is(ledger.intend({ op: 'run', command: 'y' }), 200_001);
    assert.is(ledger.next(), 200_002);
    ledger.close();
  });
});

test.run();
