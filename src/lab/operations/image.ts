// Makes an image of the lab's root file system, on the lab's own dockerd: docker import of a tar. Nothing is pulled from anywhere.
import { dyingWithUs, shellWords } from '../argv.ts';
import { dockerArgv, dockerWords } from '../docker.ts';
import { ERRORS } from '../messages.ts';
import { runCommand } from './command.ts';
import { daemonDirectory, daemonPlan, livingDaemon } from './docker.ts';
import { directoryOf, named, NOTHING_TO_SAY, type OperationKind, type OperationOf } from './operation.ts';

const PIPE = 'root=$1; shift; tar -C "$root" -c . | "$@"';

export const image: OperationKind<OperationOf<'image'>, never> = {
  plan({ daemon, name, rootfs }, lab) {
    const directory = daemonDirectory(lab, daemon);
    const tar = shellWords(['tar', '-C', directoryOf(lab, 'rootfs', rootfs), '-c', '.']);
    return daemonPlan(lab, daemon, `${tar} | ${shellWords(dockerWords(directory, ['import', '-', name]))}`);
  },

  perform({ daemon, name, rootfs }, lab, doing) {
    const { directory } = livingDaemon(lab, daemon);
    const root = named(lab, ERRORS.kindRootfs, rootfs, lab.rootfs);
    const command = dockerArgv(directory, ['import', '-', name]);
    return runCommand(lab, doing, null, dyingWithUs(['sh', '-c', PIPE, 'import', root, ...command]));
  },

  undo: () => Promise.resolve(NOTHING_TO_SAY),
};
