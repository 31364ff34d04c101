// The shell lines that make the same small user land as userland.ts does, as a learner types them. Makes nothing.
import { TOOL_PATH } from '../host/exec.ts';
import { shellWords } from './argv.ts';
import { ACCOUNTS, DEVICES, DIRECTORIES, TOOLS } from './userland.ts';

/** Shell words `name:number`, cut at the colon by the loop that reads them. */
const DEVICE_WORDS = DEVICES.map(([name, minor]) => `${name}:${minor}`).join(' ');

function withBusybox(busybox: string): readonly string[] {
  return [
    `cp -L ${shellWords([busybox])} bin/busybox && chmod 755 bin/busybox`,
    'for n in $(bin/busybox --list); do [ -e "bin/$n" ] || ln -s busybox "bin/$n"; done',
  ];
}

/** The libraries are what ldd(1) names, each to the same path below the new root. */
function fromHost(): readonly string[] {
  const places = TOOL_PATH.replaceAll(':', ' ');
  return [
    `for n in ${TOOLS.join(' ')}; do`,
    `  p=$(find -L ${places} -maxdepth 1 -name $n 2>/dev/null | head -n 1)`,
    '  [ -z "$p" ] || cp -L "$p" bin/$n',
    'done; chmod 755 bin/*',
    "ldd bin/* 2>/dev/null | sed -n 's|^[^/]*\\(/[^ ]*\\) (0x.*|\\1|p' | sort -u |",
    'while read -r n; do mkdir -p ".${n%/*}"; cp -L "$n" ".$n"; done',
  ];
}

/**
 * Lines for sh(1) that make `directory` and fill it; they come back to where they began.
 *
 * @param busybox the path of a static one; null: the host's own tools.
 */
export function userlandShell(directory: string, asRoot: boolean, busybox: string | null): string {
  return [
    `mkdir -p ${shellWords([directory])} && cd ${shellWords([directory])}`,
    `mkdir ${DIRECTORIES.join(' ')} && chmod 1777 tmp`,
    ...Object.entries(ACCOUNTS).map(
      ([file, lines]) => `printf '%s\\n' ${shellWords([...lines])} > etc/${file}`,
    ),
    asRoot ? `for n in ${DEVICE_WORDS}; do mknod -m 666 dev/\${n%:*} c 1 \${n#*:}; done` : ': > dev/null',
    ...(busybox === null ? fromHost() : withBusybox(busybox)),
    'cd "$OLDPWD"',
  ].join('\n');
}
