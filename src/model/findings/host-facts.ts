// Notes about the host that explain other numbers: no swap, no accounting of swap, no pressure information. Notes do not count as findings: a
// healthy host may have none of the three.
import type { Message } from '../../text/lang.ts';
import type { Snapshot } from '../types.ts';
import { type Evidence, type Examined, type Finding, filled } from './finding.ts';
import { FINDINGS } from './messages.ts';

export function hostFacts(_snapshot: Snapshot, { host }: Examined): readonly Finding[] {
  const notes: Finding[] = [];
  if (host.swaps.ok && host.swaps.value === 0)
    notes.push(
      note(
        'no-swap',
        FINDINGS.noSwap,
        FINDINGS.noSwapNext,
        { file: '/proc/swaps', value: '0' },
        'cat /proc/swaps',
        'memory-limit',
      ),
    );
  if (host.swapAccounting.ok && !host.swapAccounting.value)
    notes.push(
      note(
        'no-swap-accounting',
        FINDINGS.noSwapAccounting,
        FINDINGS.noSwapAccountingNext,
        { file: 'memory.swap.max, memory.memsw.limit_in_bytes', value: '-' },
        'find /sys/fs/cgroup -maxdepth 3 -name "memory.swap.max" -o -maxdepth 3 -name "memory.memsw.limit_in_bytes"',
        'memory-limit',
      ),
    );
  if (host.pressure.ok && host.pressure.value.length === 0)
    notes.push(
      note(
        'no-pressure',
        FINDINGS.noPressure,
        FINDINGS.noPressureNext,
        { file: '/proc/pressure', value: '-' },
        'cat /proc/pressure/memory',
        'cgroup-tree',
      ),
    );
  return notes;
}

function note(
  id: string,
  sentence: Message,
  next: Message,
  evidence: Evidence,
  proof: string,
  lesson: string,
): Finding {
  return {
    id,
    severity: 'note',
    subject: { kind: 'host' },
    sentence: filled(sentence),
    evidence: [evidence],
    proof,
    next: filled(next),
    lesson,
    pids: [],
  };
}
