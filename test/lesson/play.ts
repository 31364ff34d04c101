// Plays one lesson of the program on this kernel and prints its JSON lines. Arguments: state directory, folder of the lesson.
// A program of its own, so that a test can run it as an unprivileged user.
import { join } from 'node:path';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { openLab } from '../../src/lab/open.ts';
import { runHeadless } from '../../src/lesson/headless.ts';
import { lessonsDir, loadLesson } from '../../src/lesson/load.ts';
import { startSession } from '../../src/lesson/session.ts';

const [stateDir = '', folder = ''] = process.argv.slice(2);
const host = liveHost();
const session = startSession({
  lesson: await loadLesson(join(lessonsDir(), folder)),
  lang: 'en',
  lab: () => openLab({ stateDir, fs: host.fs }),
  observe: (watch) => takeSnapshot(host, { watch }),
});
process.exitCode = await runHeadless({
  session,
  solve: true,
  yes: true,
  json: true,
  write: (line) => {
    process.stdout.write(`${line}\n`);
  },
});
