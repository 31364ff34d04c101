// The published JSON Schema as one text: a definition for each command's answer and for what they share. Writes no file.
import { z } from 'zod';
import { COMMAND_SCHEMAS } from './index.ts';
import { PARTS } from './parts.ts';

/** Where the file stands in the package. */
export const SCHEMA_FILE = 'schema/nscope-1.schema.json';

// The answers are definitions beside the parts that they share.
for (const { id, schema } of COMMAND_SCHEMAS) PARTS.add(schema, { id });

/** JSON Schema 2020-12. An answer is checked against `#/$defs/ID` of its command, or against the whole: any of them. */
export function schemaText(): string {
  const { schemas } = z.toJSONSchema(PARTS, { uri: (id) => `#/$defs/${id}` });
  const definitions = Object.entries(schemas).map(([id, schema]) => {
    const { $schema: _dialect, $id: _uri, ...rest } = schema;
    const row = COMMAND_SCHEMAS.find((one) => one.id === id);
    return [id, row ? { title: `${row.command} --json`, ...rest } : rest] as const;
  });
  const published = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What nscope prints with --json, format 1',
    description:
      'Each command has a definition below. Counters that may pass 2^53 are decimal strings; what could not be read is null, with an entry in coverage.unread.',
    anyOf: COMMAND_SCHEMAS.map(({ id }) => ({ $ref: `#/$defs/${id}` })),
    $defs: Object.fromEntries(definitions.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return `${JSON.stringify(published, null, 2)}\n`;
}
