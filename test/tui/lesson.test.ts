// timeout: 300
// The real program in a real terminal: both lessons played to the end, what the panes show compared with the kernel's own word.
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cgroupMounts } from '../support/cgroups.ts';
import { maybe, need } from '../support/need.ts';
import { runToEnd, statOf, until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';
import { play } from './support/play.ts';
import { type Tui, withTui } from './support/pty.ts';

const test = suite('tui/lesson');
const live = maybe(test, need({ root: true, pty: true, tools: ['unshare', 'nsenter', 'setpriv'] }));

/** The pid that the links pane has in its heading for the box. */
function boxPid(screen: string): number {
  const pid = Number(/◆ box (\d+)/.exec(screen)?.[1]);
  assert.ok(pid > 1, `a pid of box on the screen:\n${screen}`);
  return pid;
}

/** Directories of this lab that are still in a cgroup tree. */
function groupsOf(lab: string): readonly string[] {
  return cgroupMounts().flatMap((mount) =>
    readdirSync(mount)
      .filter((name) => name === `nscope-${lab}`)
      .map((name) => join(mount, name)),
  );
}

function labId(screen: string): string {
  const id = /lab ([0-9a-f]{8})/.exec(screen)?.[1];
  assert.ok(id, `the lab's id on the screen:\n${screen}`);
  return id ?? '';
}

live(
  'uts-namespace: the pane shows the very inode that readlink gives; the task is done from another terminal',
  async () => {
    await withTui({ args: ['learn', 'uts-namespace'], cols: 120, rows: 40 }, async (tui) => {
      await tui.waitFor('1 of 9');
      let lab = '';
      let pid = 0;
      let seen = 0;
      await play(tui, 9, {
        choices: { 2: 3, 3: 2 },
        tasks: {
          7: async (at: Tui) => {
            const { code } = await runToEnd([
              'nsenter',
              '-t',
              String(boxPid(at.text())),
              '-u',
              'hostname',
              'workshop',
            ]);
            assert.is(code, 0);
          },
        },
        onDone: async (step, _screen, at) => {
          if (step < 2 || step > 7) return;
          const screen = await at.waitFor('◆ box ');
          pid = boxPid(screen);
          lab = labId(screen);
          const inode = /\d+/.exec(readlinkSync(`/proc/${pid}/ns/uts`))?.[0] ?? '!';
          const row = await at.waitFor((text) =>
            text.split('\n').some((line) => /\buts\b/.test(line) && line.includes(inode)),
          );
          const line = row.split('\n').find((one) => /│ uts +\d/.test(one)) ?? '';
          assert.match(
            line,
            new RegExp(`uts +${/\d+/.exec(readlinkSync('/proc/self/ns/uts'))?.[0]} .*${inode}`),
          );
          if (step === 2) assert.match(line, new RegExp(`[▐[]${inode}[▌\\]]`), 'marked as changed');
          if (step > 2) assert.not.match(line, /[▐[]/, 'the mark is of the step that made it');
          seen += 1;
        },
      });
      assert.is(seen, 6);
      assert.is(statOf(pid), undefined, 'the last experiment ended the box');
      assert.ok(groupsOf(lab).length > 0, 'the lab is there while the lesson is open');
      tui.press('Enter');
      await tui.waitFor('› home');
      await until('the lab to be gone', () => groupsOf(lab).length === 0);
      tui.press('q');
      assert.equal(await tui.exit, { code: 0, signal: 0 });
      assert.not(tui.isAlternate());
    });
  },
);

live('pid-namespace at 80×24: played to the end with the solution of its task', async () => {
  await withTui({ args: ['learn', 'pid-namespace'], cols: 80, rows: 24 }, async (tui) => {
    await tui.waitFor('1 of 9');
    await play(tui, 9);
    tui.press('Enter');
    await tui.waitFor('› home');
    await tui.waitFor(/[✓●] +8/);
    tui.press('q');
    assert.is((await tui.exit).code, 0);
  });
});

live('SIGKILL in mid-lesson: the box dies at once, cleanup removes the rest, audit proves it', async () => {
  await withTempDir((state) => killInTheMiddle(state));
});

async function killInTheMiddle(state: string): Promise<void> {
  const env = { XDG_STATE_HOME: state };
  await withTui({ args: ['learn', 'uts-namespace'], cols: 120, rows: 40, env }, async (tui) => {
    await tui.waitFor('1 of 9');
    tui.press('Enter');
    await tui.waitFor(/Enter next/);
    tui.press('Enter');
    await tui.waitFor('2 of 9');
    tui.press('3', 'Enter');
    const screen = await tui.waitFor('◆ box ', 20_000);
    const pid = boxPid(screen);
    const lab = labId(screen);
    tui.kill('SIGKILL');
    await tui.exit;
    await until('the box to die with the program', () => {
      const stat = statOf(pid);
      return stat === undefined || stat.state === 'Z';
    });
    const nscope = (command: string) => runToEnd([process.execPath, 'dist/cli.js', command], { env });
    const before = await nscope('audit');
    assert.is(before.code, 1);
    assert.match(before.stdout, new RegExp(`nscope-${lab}`));
    const cleaned = await nscope('cleanup');
    assert.is(cleaned.code, 0, cleaned.stdout + cleaned.stderr);
    assert.is((await nscope('audit')).code, 0);
    assert.equal(groupsOf(lab), []);
    assert.not(existsSync(join(state, 'nscope', 'labs', lab)));
  });
}

test.run();
