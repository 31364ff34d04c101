// The cgroup pane: controller by controller the group of the target, its limits, usage and events, and which ancestor's limit is in force.
import { ordered } from '../app/controllers.ts';
import { changeMark, limitKey, type Mark } from '../app/marks.ts';
import { limitProof } from '../app/proof.ts';
import { beforeSnapshot, currentStep, sameRef, shownSnapshot, targetOf } from '../app/target.ts';
import type { AppState } from '../app/state.ts';
import { CONTROL_FILES, type ControlFile } from '../kernel/cgroup/files.ts';
import type { Reading } from '../kernel/reading.ts';
import { processAt } from '../model/find.ts';
import type { ControllerState, GroupState, ProcessRef } from '../model/types.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { quantity } from '../text/units.ts';
import { cut, width } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { marked } from './mark.ts';
import { type PaneText, type Room, tell, whyText, windowed } from './pane-text.ts';
import { gauge, spark } from './spark.ts';

/** The values that tell most of a controller; other controllers show what they have. */
const MOST_TELLING: Readonly<Record<string, readonly string[]>> = {
  memory: ['limit', 'usage', 'maxEvents', 'oomKill'],
  pids: ['limit', 'usage', 'maxEvents'],
  cpu: ['quota', 'period', 'weight', 'shares', 'nrThrottled'],
};

export function cgroupPane(state: AppState, room: Room, paint: Paint): PaneText {
  const target = targetOf(state);
  const snapshot = shownSnapshot(state);
  const name = target ? ` · ${target.sign}${target.sign === '' ? '' : ' '}${clean(target.name)}` : '';
  const title = `${tell(state, 'cgroup')}${name}`;
  const empty = (text: string) => ({ title, ...windowed(state, 'cgroup', room, [paint('dim', text)]) });
  if (!snapshot) return empty(tell(state, 'reading'));
  if (!target) return empty(tell(state, 'noTarget'));
  const group = snapshot.groups.find((one) => sameRef(one.of, target.ref));
  if (!group) return empty(tell(state, processAt(snapshot, target.ref) ? 'groupsReading' : 'groupGone'));
  const before = beforeSnapshot(state)?.groups.find((one) => sameRef(one.of, target.ref)) ?? null;
  const shown = ordered(group.controllers);
  const lines = shown.flatMap((controller) =>
    controllerLines(state, target.ref, controller, before, room, paint),
  );
  return {
    title,
    ...windowed(state, 'cgroup', room, lines, { foot: proofLines(state, limitProof(shown), room, paint) }),
  };
}

/** The kernel's word for a value: the key in its file, or the file's name without the controller's; the neutral name where neither says which. */
function wordOf(file: ControlFile, version: 1 | 2): string {
  const field = version === 1 ? file.v1 : file.v2;
  if (!field || field.index !== undefined || field.field === 'default') return file.key;
  return field.field ?? field.sum ?? field.file.replace(/^[a-z]+\./, '');
}

interface Fact {
  readonly file: ControlFile;
  readonly text: string;
  readonly mark: Mark | null;
}

function controllerLines(
  state: AppState,
  of: ProcessRef,
  controller: ControllerState,
  before: GroupState | null,
  room: Room,
  paint: Paint,
): readonly string[] {
  const { version } = controller;
  if (version === null) return [];
  const pointed = (currentStep(state)?.step.pointAt ?? []).some(
    (word) =>
      state.screen === 'lesson' && (word === controller.name || word.startsWith(`${controller.name}.`)),
  );
  const name = controller.name.padEnd(7);
  const head = `${pointed ? paint('strong', name) : name} ${paint('dim', `v${version}`)} ${clean(controller.path)}`;
  if (!controller.directory.ok)
    return [cut(head, room.width), `  ${paint('warn', whyText(state, controller.directory))}`];
  const old = before?.controllers.find((one) => one.name === controller.name) ?? null;
  const facts = factsOf(state, of, controller, version, old).map(({ text, mark }) =>
    mark === null ? text : marked(mark, text, paint, null),
  );
  return [
    ...flowed(head, [...facts, ...courseFacts(state, controller)], room.width),
    ...effectiveLines(state, controller, paint),
  ];
}

function factsOf(
  state: AppState,
  of: ProcessRef,
  controller: ControllerState,
  version: 1 | 2,
  before: ControllerState | null,
): readonly Fact[] {
  const wanted = MOST_TELLING[controller.name];
  const files = CONTROL_FILES.filter((file) => file.controller === controller.name);
  const chosen = wanted ? wanted.flatMap((key) => files.filter((file) => file.key === key)) : files;
  return chosen.flatMap((file) => {
    const field = version === 1 ? file.v1 : file.v2;
    const reading = valueOf(controller, file);
    if (!field || !reading || (!reading.ok && reading.why !== 'denied')) return [];
    const word = wordOf(file, version);
    if (!reading.ok) return [{ file, text: `${word} ?`, mark: null }];
    const was = before ? valueOf(before, file) : undefined;
    // A list of cpus or nodes is counted: beside the file's name the number would read as one of them.
    if (field.list && reading.value !== 'max')
      return [{ file, text: tell(state, 'listOf', { word, n: String(reading.value) }), mark: null }];
    const shown = reading.value === 'max' ? tell(state, 'unlimited') : quantity(reading.value, field.unit);
    const chart = file.key === 'usage' ? chartOf(state, controller, reading.value) : '';
    return [
      {
        file,
        text: `${word} ${shown}${chart === '' ? '' : ` ${chart}`}`,
        mark: markOf(state, of, controller, file, was?.ok === true && was.value !== reading.value),
      },
    ];
  });
}

/** Usage moves all the time: only limits and events are marked; beside a lesson, where a counter that goes on would never fade, limits alone. */
function markOf(
  state: AppState,
  of: ProcessRef,
  { name }: ControllerState,
  file: ControlFile,
  changed: boolean,
): Mark | null {
  if (file.kind === 'usage' || (file.kind === 'event' && state.screen === 'inspect')) return null;
  return changeMark(state, changed, limitKey(of, name, file.key));
}

/** The course of a level, and how much of the limit in force it is. */
function chartOf(state: AppState, controller: ControllerState, used: bigint | 'max'): string {
  const { courses } = state.history;
  const course =
    controller.name === 'memory' ? courses.memory : controller.name === 'pids' ? courses.pids : [];
  const own = controller.limits['limit'];
  const limit = controller.effective['limit']?.value ?? (own?.ok ? own.value : 'max');
  const share =
    used === 'max' || limit === 'max' || limit === 0n ? '' : gauge(Number((used * 1000n) / limit) / 1000);
  return [spark(course), share].filter((text) => text !== '').join(' ');
}

/** What is no value of one file: the rate of a counter, and how long some task waited. */
function courseFacts(state: AppState, { name, pressure }: ControllerState): readonly string[] {
  const { courses } = state.history;
  const facts: string[] = [];
  const [cpu, io] = [courses.cpu.at(-1), courses.io.at(-1)];
  if (name === 'cpu' && cpu !== undefined) {
    facts.push(tell(state, 'cpusUsed', { n: (cpu / 1000).toFixed(2), chart: spark(courses.cpu) }).trimEnd());
  }
  if (name === 'io' && io !== undefined) {
    const rate = quantity(BigInt(Math.round(io)), 'bytes');
    facts.push(tell(state, 'ioRate', { rate, chart: spark(courses.io) }).trimEnd());
  }
  if (pressure?.ok) facts.push(tell(state, 'waited', { percent: pressure.value.some.avg10 }));
  return facts;
}

function valueOf(controller: ControllerState, file: ControlFile): Reading<bigint | 'max'> | undefined {
  if (file.kind === 'limit') return controller.limits[file.key];
  return file.kind === 'usage' ? controller.usage[file.key] : controller.events[file.key];
}

/** The head and as many facts behind it as fit, the rest on lines of their own, indented. */
function flowed(head: string, facts: readonly string[], columns: number): readonly string[] {
  const lines = [cut(head, columns)];
  for (const fact of facts) {
    const last = lines.at(-1) ?? '';
    const gap = lines.length === 1 ? '   ' : '  ';
    if (width(last) + gap.length + width(fact) <= columns) lines[lines.length - 1] = `${last}${gap}${fact}`;
    else lines.push(cut(`  ${fact}`, columns));
  }
  return lines;
}

/** Where an ancestor's limit is the lower one, it is the one in force; where a group refused its own, a lower one may be. */
function effectiveLines(state: AppState, controller: ControllerState, paint: Paint): readonly string[] {
  return Object.entries(controller.effective).flatMap(([key, { value, setBy, denied }]) => {
    const own = controller.limits[key];
    const file = CONTROL_FILES.find((one) => one.controller === controller.name && one.key === key);
    const field = controller.version === 1 ? file?.v1 : file?.v2;
    if (!field) return [];
    if (denied) {
      const least = value === 'max' ? tell(state, 'unlimited') : quantity(value, field.unit);
      const groups = denied.map(clean).join(', ');
      return [
        `  ${paint('warn', tell(state, 'effectiveDenied', { value: least, path: clean(setBy), groups }))}`,
      ];
    }
    if (value === 'max' || (own?.ok && own.value === value)) return [];
    const text = tell(state, 'effective', { value: quantity(value, field.unit), path: clean(setBy) });
    return [`  ${paint('warn', text)}`];
  });
}

function proofLines(state: AppState, command: string | null, room: Room, paint: Paint): readonly string[] {
  if (command === null) return [];
  return wrap(paint('dim', tell(state, 'sameValue', { command })), room.width);
}
