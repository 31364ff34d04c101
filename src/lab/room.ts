// Makes room in a delegated group, so that it can hand out its controllers: its processes wait in a group of the lab's, and go back at the end.
// cgroup-v2.rst, "No Internal Process Constraint" and "Delegation". Moves nobody but those that are in that group.
import { basename, dirname, join } from 'node:path';
import type { HostFs } from '../host/fs.ts';
import { LAB_CGROUP, processesIn, writeControl } from './cgroupfs.ts';
import { WAITING_ROOM } from './delegation.ts';
import { errnoOf } from './state-dir.ts';

/** What was changed in the user's own group. */
export interface Room {
  readonly base: string;
  /** Handed out by the lab; taken back at the end. */
  readonly controllers: readonly string[];
}

const enabledIn = (fs: HostFs, group: string): readonly string[] => {
  const text = fs.readText(join(group, 'cgroup.subtree_control'));
  return text.ok ? text.value.trim().split(/\s+/).filter(Boolean) : [];
};

/** The waiting rooms of other labs in the same group. */
function otherRooms(fs: HostFs, base: string, own: string): readonly string[] {
  const names = fs.list(base);
  return (names.ok ? names.value : [])
    .filter((name) => LAB_CGROUP.test(name) && name !== own)
    .map((name) => join(base, name, WAITING_ROOM))
    .filter((room) => fs.stat(room).ok);
}

/** What a lab hands out of `offered`: what nobody had handed out before, and what another lab did, which may end first. */
export function roomFor(
  fs: HostFs,
  base: string,
  offered: readonly string[],
): { readonly room: Room; readonly enable: readonly string[] } {
  const before = enabledIn(fs, base);
  const enable = offered.filter((name) => !before.includes(name));
  const controllers = otherRooms(fs, base, '').length > 0 ? offered : enable;
  return { room: { base, controllers }, enable };
}

/** ESRCH: it has ended meanwhile. */
function move(fs: HostFs, from: string, to: string): void {
  for (let tries = 0; tries < 20; tries++) {
    const inside = processesIn(fs, [from]);
    if (inside.length === 0) return;
    for (const { pid } of inside) {
      try {
        writeControl(join(to, 'cgroup.procs'), String(pid));
      } catch (error) {
        if (errnoOf(error) !== 'ESRCH') throw error;
      }
    }
  }
}

/** Moves who is in the base to the waiting room, which is there, and hands out the controllers. Throws what the kernel says. */
export function takeRoom(fs: HostFs, waiting: string, base: string, enable: readonly string[]): void {
  move(fs, base, waiting);
  if (enable.length > 0) {
    writeControl(join(base, 'cgroup.subtree_control'), enable.map((name) => `+${name}`).join(' '));
  }
}

/**
 * The inverse: takes the controllers back and moves those who waited home. While another lab's groups are in the base the controllers
 * stay, and its waiting room takes them in: that lab's own inverse does the rest. Throws what the kernel says. Safe to be called again.
 */
export function leaveRoom(fs: HostFs, waiting: string, { base, controllers }: Room): void {
  const top = dirname(waiting);
  const [other] = otherRooms(fs, base, basename(top));
  if (other === undefined) {
    for (const group of [top, base]) {
      const mine = enabledIn(fs, group).filter((name) => controllers.includes(name) || group === top);
      if (mine.length === 0) continue;
      writeControl(join(group, 'cgroup.subtree_control'), mine.map((name) => `-${name}`).join(' '));
    }
  }
  move(fs, waiting, other ?? base);
}
