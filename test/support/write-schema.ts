// `npm run schema`: writes the published JSON Schema anew, from the zod schemas of src/commands/schema/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCHEMA_FILE, schemaText } from '../../src/commands/schema/print.ts';

const file = fileURLToPath(new URL(`../../${SCHEMA_FILE}`, import.meta.url));
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, schemaText());
