// A host, a lab and lessons that exist in memory alone, for tests of the lesson wing. Follows the interfaces, not the kernel.
import { NS_TYPES, type NsType } from '../../src/kernel/namespaces.ts';
import { type Reading, unread, value } from '../../src/kernel/reading.ts';
import {
  type Answers,
  type Ask,
  type GroupAnswer,
  type ContainerStatus,
  type Link,
  type Question,
  type QuestionOf,
  questionKey,
} from '../../src/lab/questions.ts';
import type {
  Actor,
  Lab,
  Leftover,
  Operation,
  OperationPlan,
  OperationResult,
  OutputLine,
  ShellCommand,
} from '../../src/lab/types.ts';
import type { Check, Lesson, Step, StepProse } from '../../src/lesson/types.ts';
import type { Namespace, Process, Snapshot } from '../../src/model/types.ts';
import { UserError } from '../../src/text/errors.ts';

const HOST: Record<NsType, number> = {
  mnt: 4026531832,
  cgroup: 4026531835,
  uts: 4026531838,
  ipc: 4026531839,
  user: 4026531837,
  pid: 4026531836,
  net: 4026531833,
  time: 4026531834,
};

export interface FakeProcess {
  pid: number;
  ppid: number;
  comm: string;
  state: string;
  starttime: number;
  ns: Record<NsType, number>;
  nspid: number[];
}

export function fakeProcess(pid: number, change: Partial<FakeProcess> = {}): FakeProcess {
  return {
    pid,
    ppid: 1,
    comm: 'sleep',
    state: 'S',
    starttime: pid * 10,
    ns: { ...HOST },
    nspid: [pid],
    ...change,
  };
}

function processOf(fake: FakeProcess): Process {
  const ns = Object.fromEntries(NS_TYPES.map((type) => [type, value(fake.ns[type])])) as Process['ns'];
  const { pid, ppid, starttime, comm, state, nspid } = fake;
  return {
    pid,
    ppid,
    starttime,
    comm,
    state,
    kernelThread: false,
    uid: value(0),
    nspid: value(nspid),
    cmdline: value([comm]),
    ns,
    cgroups: value([{ hierarchy: 4, controllers: ['pids'], path: '/elsewhere' }]),
  };
}

export class FakeHost {
  hostname = 'thinker';
  processes: FakeProcess[] = [
    fakeProcess(1, { comm: 'init', ppid: 0 }),
    fakeProcess(50, { comm: 'node' }),
    fakeProcess(60, { comm: 'secretd' }),
  ];
  /** Host names by UTS namespace. */
  names = new Map<number, string>();
  observed = 0;

  snapshot(): Snapshot {
    this.observed++;
    const processes = this.processes.map(processOf);
    const namespaces: Namespace[] = NS_TYPES.flatMap((type) =>
      [...new Set(this.processes.map((one) => one.ns[type]))].map((inode) => ({
        type,
        inode,
        initial: inode === HOST[type],
        members: this.processes.filter((one) => one.ns[type] === inode).map((one) => one.pid),
        owner: value(null),
        parent: value(null),
        pins: [],
        holders: [],
      })),
    );
    return {
      takenAt: 1_700_000_000_000,
      source: { kind: 'live', title: 'live' },
      host: {
        hostname: value(this.hostname),
        kernel: value('6.12.0'),
        clockTicks: 100,
        uid: 0,
        engines: [],
      },
      nsDev: 4,
      self: 50,
      processes,
      namespaces,
      mounts: [
        {
          id: 1,
          parent: 0,
          dev: '8:1',
          root: '/',
          mountPoint: '/secret',
          options: [],
          propagation: [],
          fstype: 'ext4',
          source: '/dev/sda1',
          superOptions: [],
        },
      ],
      hierarchies: [],
      containers: [],
      groups: [],
      coverage: {
        processes: processes.length,
        denied: 0,
        procOptions: [],
        threads: 'not scanned',
        fds: 'not scanned',
        mountNamespaces: 'not scanned',
        deep: null,
        owners: 'ioctl',
        insideContainer: false,
        unread: [{ path: '/proc/1/ns/uts', why: 'denied' }],
      },
    };
  }
}

/** Performs in memory: `actor` adds a process, `run [hostname …]` reads or sets a name, `signal KILL` removes, others print what they are. */
export class FakeLab implements Lab {
  readonly id = '7f3a0000';
  readonly mode = 'root';
  readonly log: string[] = [];
  readonly started = new Map<string, Actor>();
  closed = 0;
  /** Words of a command at which `perform` throws a UserError, once for each entry. */
  failures: string[] = [];
  /** Exit status of the next commands with this first word. */
  exits = new Map<string, number>();
  /** Answered when an operation waits for it. */
  gate: Promise<void> | null = null;
  /** Network interfaces, by questionKey. */
  readonly links = new Map<string, Link>();
  leftovers: Leftover[] = [];
  /** Answers to the question `group`, by the group's name and controller. */
  readonly groups = new Map<string, Reading<GroupAnswer>>();
  /** What a runtime says of containers, by actor. */
  readonly containers = new Map<string, ContainerStatus>();
  /** Answers, by actor. */
  statuses = new Map<string, Answers['status']>();
  maps = new Map<string, Answers['maps']>();
  readonly host: FakeHost;

  constructor(host: FakeHost) {
    this.host = host;
  }

  plan(operation: Operation): OperationPlan {
    return fakePlan(operation, (name) => this.started.get(name)?.pid);
  }

  async perform(
    operation: Operation,
    options: { onOutput?: (line: OutputLine) => void; signal?: AbortSignal } = {},
  ): Promise<OperationResult> {
    const output: OutputLine[] = [];
    const tell = (stream: OutputLine['stream'], text: string): void => {
      output.push({ stream, text });
      options.onOutput?.({ stream, text });
    };
    const { shell } = this.plan(operation);
    this.log.push(shell);
    const failure = this.failures.findIndex((word) => shell.includes(word));
    if (failure >= 0) {
      this.failures.splice(failure, 1);
      throw new UserError('the kernel said no', { hint: 'try again' });
    }
    tell('command', shell);
    if (this.gate) {
      await Promise.race([
        this.gate,
        new Promise((_, reject) => {
          options.signal?.addEventListener('abort', () => reject(new UserError('stopped')));
        }),
      ]);
    }
    const done = (exit: number | null, asExpected = true): OperationResult => ({ output, exit, asExpected });
    switch (operation.op) {
      case 'actor': {
        const pid = 9000 + this.started.size * 100;
        const ns = { ...HOST };
        for (const type of operation.namespaces)
          ns[type] = 4_026_532_000 + this.started.size * 10 + NS_TYPES.indexOf(type);
        const inside = operation.namespaces.includes('pid') ? [pid, 1] : [pid];
        this.host.processes.push(fakeProcess(pid, { ns, nspid: inside, ppid: 50 }));
        this.host.names.set(ns.uts, this.host.hostname);
        const { name, namespaces } = operation;
        this.started.set(name, { name, pid, starttime: pid * 10, namespaces });
        tell('note', `${name} runs with pid ${pid}`);
        return done(null);
      }
      case 'run': {
        const actor = this.process(operation.in);
        const [word = '', name] = operation.command;
        if (word === 'hostname' && name !== undefined && actor) this.host.names.set(actor.ns.uts, name);
        if (word === 'hostname' && name === undefined && actor)
          tell('stdout', this.host.names.get(actor.ns.uts) ?? '?');
        if (word === 'spawn' && actor) {
          const pid = actor.pid + 1;
          this.host.processes.push(
            fakeProcess(pid, { ns: { ...actor.ns }, nspid: [pid, 2], ppid: actor.pid }),
          );
        }
        if (word === 'shout') for (let i = 0; i < Number(name); i++) tell('stdout', `line ${i}`);
        const exit = this.exits.get(word) ?? 0;
        return done(exit, (operation.exits ?? [0]).includes(exit));
      }
      case 'signal': {
        const actor = this.process(operation.actor);
        if (operation.signal === 'KILL' && actor) {
          this.host.processes = this.host.processes.filter((one) => one.ns.uts !== actor.ns.uts);
        }
        return done(null);
      }
      case 'look': {
        tell('stdout', operation.command[0] === 'hostname' ? this.host.hostname : 'uts:[4026531838]');
        return done(0);
      }
      default:
        return done(null);
    }
  }

  async ask<K extends Ask>(question: QuestionOf<K>): Promise<Reading<Answers[K]>> {
    const asked = question as Question;
    const { of } = asked;
    if (asked.ask === 'group') {
      const found = this.groups.get(`${of} ${asked.controller}`) ?? unread('gone', `cgroup ${of}`);
      return found as Reading<Answers[K]>;
    }
    if (asked.ask === 'container')
      return value({ status: this.containers.get(of) ?? 'gone', proof: `runc state ${of}` }) as Reading<
        Answers[K]
      >;
    if (asked.ask === 'status' || asked.ask === 'maps') {
      const known = (asked.ask === 'status' ? this.statuses : this.maps).get(of);
      return (known === undefined ? unread('gone', questionKey(question)) : value(known)) as Reading<
        Answers[K]
      >;
    }
    const uts = this.process(of)?.ns.uts;
    if (of !== 'host' && uts === undefined) return unread('gone', questionKey(question));
    if (asked.ask === 'link')
      return value(this.links.get(questionKey(question)) ?? null) as Reading<Answers[K]>;
    return value(of === 'host' ? this.host.hostname : (this.host.names.get(uts ?? 0) ?? '?')) as Reading<
      Answers[K]
    >;
  }

  process(name: string): FakeProcess | undefined {
    return this.host.processes.find((one) => one.pid === this.started.get(name)?.pid);
  }

  actor(name: string): Actor | undefined {
    return this.started.get(name);
  }

  actors(): readonly Actor[] {
    return [...this.started.values()];
  }

  shellIn(name: string): ShellCommand | null {
    const typed = `nsenter -t ${this.started.get(name)?.pid} sh`;
    return this.process(name) ? { argv: typed.split(' '), typed } : null;
  }

  async close(): Promise<readonly Leftover[]> {
    this.closed++;
    const pids = new Set([...this.started.values()].map((actor) => actor.pid));
    this.host.processes = this.host.processes.filter((one) => !pids.has(one.pid));
    return this.leftovers;
  }
}

export function fakePlan(
  operation: Operation,
  pidOf: (name: string) => number | undefined = () => undefined,
): OperationPlan {
  const pid = (name: string): string => String(pidOf(name) ?? `$${name.toUpperCase()}`);
  const plan = (shell: string): OperationPlan => ({
    shell,
    touches: 'nothing: it only looks',
    undo: 'nothing to undo',
    privileged: true,
  });
  switch (operation.op) {
    case 'actor':
      return plan(`unshare ${operation.namespaces.join(' ')} ${operation.command.join(' ')} &`);
    case 'run':
      return plan(`nsenter -t ${pid(operation.in)} ${operation.command.join(' ')}`);
    case 'signal':
      return plan(`kill -${operation.signal} ${pid(operation.actor)}`);
    case 'look':
      return plan(operation.command.join(' '));
    default:
      return plan(operation.op);
  }
}

const BOX: Operation = { op: 'actor', name: 'box', namespaces: ['uts'], command: ['sleep', 'infinity'] };

function step(id: string, kind: Step['kind'], change: Partial<Step> = {}): Step {
  return {
    id,
    kind,
    focus: 'links',
    pointAt: [],
    operations: [],
    choices: [],
    checks: [],
    solution: [],
    ...change,
  };
}

const boxIs = (name: string): Check => ({ check: 'hostname', id: 'box', of: 'box', is: name });
const hostKept: Check = { check: 'hostname', id: 'host', of: 'host', unchanged: true };

export const STEPS: readonly Step[] = [
  step('intro', 'read'),
  step('make', 'run', {
    operations: [{ op: 'look', command: ['hostname'] }, BOX],
    checks: [{ check: 'namespace', id: 'own', of: 'box', type: 'uts', than: 'host', is: 'differs' }],
  }),
  step('rename', 'predict', {
    operations: [{ op: 'run', in: 'box', command: ['hostname', 'shoebox'] }],
    choices: [
      { id: 'both', when: [{ check: 'hostname', id: 'both', of: 'host', is: 'shoebox' }] },
      { id: 'box', when: [boxIs('shoebox'), hostKept] },
    ],
    checks: [boxIs('shoebox')],
  }),
  step('task', 'task', {
    checks: [boxIs('workshop'), hostKept],
    solution: [{ op: 'run', in: 'box', command: ['hostname', 'workshop'] }],
  }),
  step('end', 'predict', {
    operations: [{ op: 'signal', actor: 'box', signal: 'KILL', from: 'host' }],
    choices: [
      { id: 'lives', when: [{ check: 'process', id: 'alive', of: 'box', alive: true }] },
      { id: 'gone', when: [{ check: 'released', id: 'released', of: 'box', type: 'uts' }] },
    ],
  }),
  step('quiz', 'quiz', { choices: [{ id: 'wrong' }, { id: 'right', right: true }] }),
];

function prose(of: Step, lang: string): StepProse {
  return {
    title: `${of.id} (${lang})`,
    text: `Text of ${of.id}.`,
    explain: null,
    hints: of.kind === 'task' ? ['first hint', 'second hint'] : [],
    choices: Object.fromEntries(of.choices.map((choice) => [choice.id, `answer ${choice.id}`])),
    checks: of.id === 'make' ? { own: `own link (${lang})` } : {},
  };
}

export function fakeLesson(steps: readonly Step[] = STEPS): Lesson {
  const words = (lang: string) => Object.fromEntries(steps.map((one) => [one.id, prose(one, lang)]));
  return {
    format: 1,
    id: 'fake',
    number: 6,
    part: 'namespaces',
    minutes: 5,
    requires: [],
    prerequisites: [],
    steps,
    title: { en: 'A fake lesson', 'zh-CN': '假课程' },
    summary: { en: 'Nothing is real.', 'zh-CN': '都不是真的。' },
    prose: { en: words('en'), 'zh-CN': words('zh') },
    folder: '/nowhere',
    foreign: false,
    digest: '0'.repeat(64),
  };
}

/** Fast enough for tests, slow enough that a poll is a poll. */
export const QUICK = { poll: 5, settle: 60, look: 2 };

/** Waits until `ready` holds; throws after a second. */
export async function until(ready: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('it did not come to this within a second');
}
