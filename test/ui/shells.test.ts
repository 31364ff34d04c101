// The shell that is open, with a pane and a maker that only note what is asked of them: when it opens, what its end brings along, when the others look anew.
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Action } from '../../src/app/actions.ts';
import type { AppState } from '../../src/app/state.ts';
import { update } from '../../src/app/update.ts';
import { UserError } from '../../src/text/errors.ts';
import type { Front, OpenShell, PaneSize } from '../../src/ui/front.ts';
import { type Shells, shells } from '../../src/ui/shells.ts';
import { inspectState } from '../app/fake.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('shells');

interface Bench {
  readonly shells: Shells;
  readonly log: string[];
  readonly opened: OpenShell[];
  readonly sizes: PaneSize[];
  state(): AppState;
  send(action: Action): void;
  /** The pane's shell ends by itself. */
  exit(): void;
}

function bench(options: { readonly panes?: boolean; readonly screen?: 'home' } = {}): Bench {
  let state: AppState = {
    ...inspectState('en', 120, 40),
    ...(options.screen ? { screen: options.screen } : {}),
  };
  const log: string[] = [];
  const opened: OpenShell[] = [];
  const sizes: PaneSize[] = [];
  let exit = (): void => {};
  const send = (action: Action): void => {
    state = update(state, action).state;
  };
  const front: Front = {
    show: () => ({}),
    paneShells: () =>
      Promise.resolve(
        options.panes === false
          ? null
          : (open) => {
              opened.push(open);
              sizes.push(open.size);
              const ended = new Promise<void>((resolve) => {
                exit = resolve;
              });
              return {
                pid: 77,
                ended,
                type: (bytes) => log.push(`type ${bytes}`),
                scroll: (lines) => log.push(`scroll ${lines}`),
                resize: (size) => sizes.push(size),
                close: () => log.push('closed'),
              };
            },
      ),
    runShell(argv, line) {
      log.push(`terminal ${argv.join(' ')}`, ...line.split('\n'));
      return { ended: Promise.resolve(null), end: () => Promise.resolve() };
    },
    comeBack: () => log.push('back'),
    copy: () => {},
    leave: () => {},
  };
  const made = shells({
    front: () => front,
    state: () => state,
    send,
    maker: {
      inProcess: ({ pid }, name, term) => {
        if (name === 'denied') throw new UserError('needs root', { exitCode: 3 });
        return pid === 1 ? null : { argv: ['nsenter', String(term)], typed: 'nsenter sh' };
      },
      onHost: () => ({ argv: ['zsh'], typed: 'zsh' }),
      endSession: (leader) => {
        log.push(`end ${leader}`);
        return Promise.resolve();
      },
      ownDescriptor: () => {},
    },
    inActor: (name, term) =>
      name === 'box' ? { argv: ['in', name, String(term)], typed: 'echo 0 > x &&\nin box' } : null,
    ending: () => false,
    onQuiet: () => log.push('quiet'),
  });
  return { shells: made, log, opened, sizes, state: () => state, send, exit: () => exit() };
}

const inside = (pid: number, name = 'web') =>
  ({ kind: 'process', ref: { pid, starttime: 1 }, name, container: true }) as const;

test('it opens in the pane with a terminal of its own, of the pane’s size, and says how the same is typed', async () => {
  const it = bench();
  await it.shells.open({ kind: 'actor', name: 'box' });
  assert.equal(it.opened[0]?.argv, ['in', 'box', 'xterm-256color']);
  assert.equal(it.opened[0]?.banner, ['$ echo 0 > x &&', '  in box']);
  assert.equal(it.sizes, [{ cols: 57, rows: 17 }]);
  assert.equal(it.state().shell?.place, { kind: 'actor', name: 'box' });
  assert.ok(it.shells.keys.active());
  it.send({ type: 'resize', size: { width: 80, height: 24 } });
  it.shells.fit();
  assert.equal(it.sizes[1], { cols: 35, rows: 9 });
});

test('one at a time, also while it is being opened', async () => {
  const it = bench();
  await Promise.all([it.shells.open({ kind: 'host' }), it.shells.open({ kind: 'host' })]);
  await it.shells.open({ kind: 'host' });
  assert.is(it.opened.length, 1);
});

test('a process with nothing to enter is the host; one that cannot be entered is an error and no pane', async () => {
  const it = bench();
  await it.shells.open(inside(1));
  assert.equal(it.state().shell?.place, { kind: 'host' });
  assert.equal(it.opened[0]?.argv, ['zsh']);
  const denied = bench();
  await rejects(() => denied.shells.open(inside(2, 'denied')), /needs root/);
  assert.is(denied.state().shell, null);
  await denied.shells.open(inside(2));
  assert.equal(denied.opened[0]?.argv, ['nsenter', 'xterm-256color'], 'the next try is free');
});

test('an actor that has ended has none', async () => {
  const it = bench();
  await it.shells.open({ kind: 'actor', name: 'gone' });
  assert.equal(it.state().notice, { kind: 'no-actor' });
  assert.is(it.opened.length, 0);
});

test('the others look anew once it is quiet, however much it said', async () => {
  const it = bench();
  await it.shells.open({ kind: 'host' });
  for (let n = 0; n < 5; n += 1) {
    it.opened[0]?.onOutput();
    await sleep(10);
  }
  assert.equal(it.log, []);
  await sleep(300);
  assert.equal(it.log, ['quiet']);
});

test('its end ends its session, and leaves what it said until a key', async () => {
  const it = bench();
  await it.shells.open({ kind: 'host' });
  it.exit();
  await sleep(10);
  assert.equal(it.log, ['end 77', 'quiet', 'closed']);
  assert.is(it.state().shell?.alive, false);
  assert.not.ok(it.shells.keys.active());
  it.send({ type: 'key', key: 'x' });
  assert.is(it.state().shell, null);
});

test('to end it is to wait until its session is gone, and nothing is heard of it any more', async () => {
  const it = bench();
  await it.shells.open({ kind: 'host' });
  it.opened[0]?.onOutput();
  await it.shells.end();
  assert.equal(it.log, ['end 77', 'closed']);
  assert.is(it.state().shell, null);
  await sleep(200);
  assert.equal(it.log, ['end 77', 'closed'], 'no look at what is over');
});

test('where its screen was left while it was being opened, it is not', async () => {
  const it = bench({ screen: 'home' });
  await it.shells.open({ kind: 'host' });
  assert.is(it.opened.length, 0);
});

test('without panes it has the terminal, with the words to type, and gives it back', async () => {
  const it = bench({ panes: false });
  const open = it.shells.open({ kind: 'actor', name: 'box' });
  await sleep(0);
  await open;
  assert.equal(it.log, [
    'terminal in box null',
    'nscope: a shell in ◆ box; exit or Ctrl-D goes back',
    '$ echo 0 > x &&',
    '  in box',
    'back',
    'quiet',
  ]);
  assert.not.ok(it.shells.hasTerminal());
});

test.run();
