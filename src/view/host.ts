// The host at a glance on the home screen: what it is, what runs on it, what labs left, what the lessons miss.
import type { AppState } from '../app/state.ts';
import { deadLeftovers } from '../app/target.ts';
import { hidingOptions, subsetOptions } from '../model/hidden.ts';
import { containerLabel } from '../model/tree.ts';
import type { Hierarchy, Snapshot } from '../model/types.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { pad, width } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { type PaneText, type Room, tell, whyText, windowed } from './pane-text.ts';

export function hostPane(state: AppState, room: Room, paint: Paint): PaneText {
  const lines = [
    ...(state.snapshot ? glance(state, state.snapshot, room, paint) : [paint('dim', tell(state, 'reading'))]),
    ...leftoverLines(state, room, paint),
    '',
    ...preflightLines(state, room, paint),
  ];
  return { title: tell(state, 'host'), ...windowed(state, 'host', room, lines) };
}

type Label =
  | 'name'
  | 'kernel'
  | 'cgroups'
  | 'engine'
  | 'containers'
  | 'namespaces'
  | 'processes'
  | 'findings'
  | 'leftovers'
  | 'unseen';

const LABELS: readonly Label[] = [
  'name',
  'kernel',
  'cgroups',
  'engine',
  'containers',
  'namespaces',
  'processes',
  'findings',
  'leftovers',
  'unseen',
];

function labelled(state: AppState, label: Label, text: string, room: Room, paint: Paint): readonly string[] {
  const columns = Math.max(...LABELS.map((each) => width(tell(state, each)))) + 2;
  return wrap(text, Math.max(10, room.width - columns)).map((line, at) =>
    at === 0 ? paint('dim', pad(tell(state, label), columns)) + line : ' '.repeat(columns) + line,
  );
}

function glance(state: AppState, snapshot: Snapshot, room: Room, paint: Paint): readonly string[] {
  const { host, coverage } = snapshot;
  const row = (label: Label, text: string) => labelled(state, label, text, room, paint);
  const initial = snapshot.namespaces.filter((one) => one.initial).length;
  // The snapshot keeps namespaces by type, in the order of NS_TYPES.
  const beyond = [...new Set(snapshot.namespaces.filter((one) => !one.initial).map((one) => one.type))].map(
    (type) => ({ type, n: snapshot.namespaces.filter((one) => one.type === type && !one.initial).length }),
  );
  const names = snapshot.containers.map((container) => `● ${clean(containerLabel(container))}`);
  const denied = coverage.denied > 0 ? tell(state, 'processesDenied', { n: coverage.denied }) : '';
  const unseen = [
    denied,
    ...hidingOptions(snapshot).map(clean),
    ...subsetOptions(snapshot).map(clean),
  ].filter((text) => text !== '');
  return [
    ...row('name', host.hostname.ok ? clean(host.hostname.value) : whyText(state, host.hostname)),
    ...row('kernel', host.kernel.ok ? clean(host.kernel.value) : whyText(state, host.kernel)),
    ...row('cgroups', cgroupsText(state, snapshot.hierarchies)),
    ...row('engine', engineText(state, snapshot)),
    ...row(
      'containers',
      names.length === 0 ? tell(state, 'none') : `${names.length}  ${names.slice(0, 6).join('  ')}`,
    ),
    ...row(
      'namespaces',
      [
        // Where links were denied, what was counted is not all.
        tell(state, coverage.denied > 1 ? 'namespacesAtLeast' : 'namespacesOf', {
          initial,
          beyond: snapshot.namespaces.length - initial,
        }),
        ...(beyond.length > 0 ? [beyond.map(({ type, n }) => `${type} ${n}`).join(' ')] : []),
      ].join('\n'),
    ),
    ...row('processes', String(snapshot.processes.length)),
    ...row('findings', findingsText(state, paint)),
    ...unseen.flatMap((text, at) => (at === 0 ? row('unseen', text) : wrap(text, room.width))),
    ...(coverage.insideContainer ? wrap(paint('warn', tell(state, 'insideContainer')), room.width) : []),
  ];
}

function findingsText(state: AppState, paint: Paint): string {
  if (state.findings === null) return paint('dim', tell(state, 'findingsReading'));
  const count = (severity: string) =>
    (state.findings ?? []).filter((finding) => finding.severity === severity).length;
  const [error, warning] = [count('error'), count('warning')];
  if (error + warning === 0) return paint('good', tell(state, 'findingsNone'));
  return paint(error > 0 ? 'bad' : 'warn', tell(state, 'findingsCount', { error, warning }));
}

/** `v1 memory pids … · v2 (none)`: the mode belongs to each controller, not to the host. */
function cgroupsText(state: AppState, hierarchies: readonly Hierarchy[]): string {
  const mode = cgroupMode(hierarchies);
  if (mode === null) return tell(state, 'cgroupsNone');
  const of = (version: 1 | 2) =>
    hierarchies
      .filter((one) => one.version === version)
      .flatMap((one) => one.controllers)
      .map(clean);
  const parts = ([1, 2] as const)
    .filter((version) => hierarchies.some((one) => one.version === version))
    .map((version) => `v${version}: ${[...new Set(of(version))].join(' ') || tell(state, 'none')}`);
  return mode === 'hybrid' ? [tell(state, 'cgroupsHybrid'), ...parts].join('\n') : parts.join('\n');
}

/** null where no cgroup tree is mounted. */
export function cgroupMode(hierarchies: readonly Hierarchy[]): 'v1' | 'v2' | 'hybrid' | null {
  const v1 = hierarchies.some((one) => one.version === 1);
  const v2 = hierarchies.some((one) => one.version === 2);
  if (v1 && v2) return 'hybrid';
  return v1 ? 'v1' : v2 ? 'v2' : null;
}

function engineText(state: AppState, snapshot: Snapshot): string {
  const docker = snapshot.host.engines.find((engine) => engine.socket.includes('docker'));
  if (!docker) return tell(state, 'engineAbsent');
  if (docker.version.ok) return clean(docker.version.value);
  if (docker.version.why === 'gone') return tell(state, 'engineAbsent');
  return docker.version.why === 'denied' ? whyText(state, docker.version) : tell(state, 'engineSilent');
}

function leftoverLines(state: AppState, room: Room, paint: Paint): readonly string[] {
  const left = state.leftovers;
  const dead = deadLeftovers(state);
  const live = (left ?? []).length - dead.length;
  const parts = [
    ...(dead.length > 0 ? [paint('warn', tell(state, 'leftoversSome', { n: dead.length }))] : []),
    ...(live > 0 ? [tell(state, 'leftoversLive', { n: live })] : []),
  ];
  const none = left === null ? paint('dim', tell(state, 'leftoversUnknown')) : tell(state, 'none');
  const text = parts.length === 0 ? none : parts.join('\n');
  const shown = dead.slice(0, 4).map((one) => paint('dim', `  ${one.kind} ${clean(one.what)}`));
  return [...labelled(state, 'leftovers', text, room, paint), ...shown];
}

function preflightLines(state: AppState, room: Room, paint: Paint): readonly string[] {
  if (state.preflight === null) return [paint('dim', tell(state, 'preflightRunning'))];
  // Two needs can have one cause, and so one line.
  const missing = [...new Set(state.preflight.filter(({ ok }) => !ok).map(({ line }) => line[state.lang]))];
  if (missing.length === 0) return wrap(paint('good', `✓ ${tell(state, 'nothingMissing')}`), room.width);
  return [
    paint('title', tell(state, 'missing')),
    ...missing.flatMap((line) =>
      wrap(clean(line), room.width - 2).map((text, at) =>
        at === 0 ? `${paint('bad', '✗')} ${text}` : `  ${text}`,
      ),
    ),
  ];
}
