// What a lesson may ask of the lab's own dockerd: keys of daemon.json, options of docker run, verbs of the client. Pure.
// What would reach out of its namespaces (a host path, a device, another registry) is not here.

/** dockerd(8), daemon.json. */
export const DAEMON_KEYS = [
  'live-restore',
  'registry-mirrors',
  'insecure-registries',
  'log-driver',
  'log-opts',
  'default-shm-size',
  'default-ulimits',
  'init',
  'no-new-privileges',
  'icc',
  'debug',
] as const;

const VALUED =
  'memory memory-swap memory-reservation pids-limit cpus cpu-shares cpu-quota cpu-period cpuset-cpus cpuset-mems blkio-weight oom-score-adj hostname domainname env label user workdir cap-add cap-drop ulimit stop-signal stop-timeout restart network pid ipc uts cgroupns entrypoint log-driver log-opt security-opt sysctl tmpfs shm-size health-cmd health-interval health-retries';

const BARE = 'init read-only tty no-healthcheck oom-kill-disable';

/** An option of docker run, one word each. */
export const RUN_OPTION = new RegExp(
  `^--((${VALUED.replaceAll(' ', '|')})=.+|(${BARE.replaceAll(' ', '|')}))$`,
);

/** Verbs of the client. `run` has an operation of its own; cp, build, pull and push reach out. */
export const DOCKER_VERBS: readonly string[] = [
  'ps',
  'inspect',
  'top',
  'exec',
  'kill',
  'stop',
  'start',
  'restart',
  'pause',
  'unpause',
  'update',
  'rm',
  'logs',
  'stats',
  'images',
  'info',
  'version',
  'history',
  'diff',
  'port',
  'wait',
  'tag',
  'rename',
  'network',
  'volume',
  'image',
];
