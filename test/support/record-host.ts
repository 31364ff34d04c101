// Writes a recording of the host that it runs on, for fixtures/hosts: node --import tsx test/support/record-host.ts FILE TITLE
// Run it in a guest or on a machine that holds nothing but the engine's own processes, and look at the file before you keep it.
import { writeFileSync } from 'node:fs';
import { liveHost } from '../../src/host/host.ts';
import { recordHost } from '../../src/host/record.ts';

const [file, title] = process.argv.slice(2);
if (file === undefined || title === undefined) throw new Error('usage: record-host.ts FILE TITLE');
writeFileSync(file, await recordHost(liveHost(), { title, processes: 'engines', redact: 'others' }));
