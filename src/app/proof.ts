// The command that shows the same value as a row: what `y` copies and what stands at a pane's foot. Pure.
import { CONTROL_FILES } from '../kernel/cgroup/files.ts';
import { shellWord } from '../model/holders.ts';
import { wayInto } from '../model/network.ts';
import { containerLabel } from '../model/tree.ts';
import type { ControllerState, Snapshot } from '../model/types.ts';
import { clean } from '../text/sanitize.ts';
import { ordered } from './controllers.ts';
import { linkType } from './link-rows.ts';
import { findingCursor, findingRows } from './finding-rows.ts';
import { hierarchyName } from './groups.ts';
import type { AppState, Selection } from './state.ts';
import { sameRef, shownNetworks, shownSnapshot, targetOf } from './target.ts';

/** The command for the selected row of the pane that has the focus; null where that row proves nothing. */
export function proofOf(state: AppState): string | null {
  const snapshot = shownSnapshot(state);
  const target = targetOf(state);
  if (!snapshot) return null;
  if (state.focus === 'findings') {
    const rows = findingRows(state) ?? [];
    const row = rows[findingCursor(rows, state)];
    return row ? clean(row.finding.proof) : null;
  }
  if (state.focus === 'links') {
    return target ? `readlink /proc/${target.ref.pid}/ns/${linkType(state)}` : null;
  }
  if (state.focus === 'cgroup') {
    const group = target && snapshot.groups.find((one) => sameRef(one.of, target.ref));
    return group ? limitProof(ordered(group.controllers)) : null;
  }
  if (state.selection?.kind === 'interface') return interfaceProof(state, snapshot, state.selection);
  if (state.selection) return selectionProof(state.selection, snapshot);
  return target ? processProof(target.ref.pid) : null;
}

function processProof(pid: number): string {
  return `ps -o pid,ppid,lstart,args -p ${pid}`;
}

/** A name that was made visible for the screen is none that ip(8) knows: the list of all holds it too. */
function interfaceProof(
  state: AppState,
  snapshot: Snapshot,
  { inode, ifindex }: Extract<Selection, { kind: 'interface' }>,
): string | null {
  const way = wayInto(snapshot, inode);
  if (way === null) return null;
  const network = shownNetworks(state)?.find((one) => one.inode === inode);
  const name = network?.links.find((link) => link.ifindex === ifindex)?.name ?? '\\';
  const asked = name.includes('\\') ? ['address'] : ['link', 'show', 'dev', name];
  return clean([...way, 'ip', '-d', ...asked].map(shellWord).join(' '));
}

function selectionProof(
  selection: Exclude<Selection, { kind: 'interface' }>,
  snapshot: Snapshot,
): string | null {
  switch (selection.kind) {
    case 'process':
      return processProof(selection.ref.pid);
    case 'namespace':
      return `lsns ${selection.inode}`;
    case 'container': {
      const container = snapshot.containers.find((one) => one.id === selection.id);
      if (!container) return null;
      if (container.engine === 'docker' || container.engine === 'podman') {
        return `${container.engine} inspect ${clean(containerLabel(container))}`;
      }
      return container.init ? `ls -l /proc/${container.init.pid}/ns` : null;
    }
    case 'group': {
      const hierarchy = snapshot.hierarchies.find((one) => selection.hierarchy === hierarchyName(one));
      if (!hierarchy) return null;
      return `cat ${clean(`${hierarchy.mountPoint}${selection.path === '/' ? '' : selection.path}`)}/cgroup.procs`;
    }
    case 'heading':
      return null;
  }
}

/** The file that shows the first controller's limit; null where none was read. */
export function limitProof(shown: readonly ControllerState[]): string | null {
  for (const controller of shown) {
    if (!controller.directory.ok || controller.version === null) continue;
    const key = controller.name === 'cpu' ? 'quota' : 'limit';
    const file = CONTROL_FILES.find((one) => one.controller === controller.name && one.key === key);
    const field = controller.version === 1 ? file?.v1 : file?.v2;
    if (!field || controller.limits[key]?.ok !== true) continue;
    return `cat ${clean(controller.directory.value)}/${field.file}`;
  }
  return null;
}
