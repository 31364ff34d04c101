// A small checker of JSON Schema 2020-12, for the keywords that the published schema has, written without the library that made it. A keyword that it
// does not know is an error: nothing is passed over in silence.

type Schema = Readonly<Record<string, unknown>>;

const IGNORED = new Set(['$schema', 'title', 'description', '$defs', 'default', 'format']);

/** What is wrong with `value`, a line each with the place; empty where it fits `#/$defs/NAME` of the document. */
export function faultsAgainst(document: unknown, name: string, value: unknown): readonly string[] {
  return faultsOf({ $ref: `#/$defs/${name}` }, value, '', asSchema(document));
}

function asSchema(found: unknown): Schema {
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    throw new Error(`no schema: ${JSON.stringify(found)}`);
  return found as Schema;
}

function listOf(found: unknown): readonly unknown[] {
  if (!Array.isArray(found)) throw new Error(`no list: ${JSON.stringify(found)}`);
  return found;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function isOfType(value: unknown, type: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => isOfType(value, one));
  if (type === 'integer') return Number.isInteger(value);
  return typeOf(value) === type;
}

function faultsOf(schema: Schema, value: unknown, at: string, root: Schema): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, given]) => {
    if (IGNORED.has(keyword)) return [];
    return faultsOfKeyword(keyword, given, { schema, value, at, root });
  });
}

interface Place {
  readonly schema: Schema;
  readonly value: unknown;
  readonly at: string;
  readonly root: Schema;
}

function faultsOfKeyword(keyword: string, given: unknown, place: Place): readonly string[] {
  const { value, at, root } = place;
  const wrong = (fits: boolean): readonly string[] =>
    fits
      ? []
      : [
          `${at || '/'}: ${keyword} ${JSON.stringify(given)?.slice(0, 80)}, found ${JSON.stringify(value)?.slice(0, 80)}`,
        ];
  switch (keyword) {
    case '$ref': {
      const name = /^#\/\$defs\/(.+)$/.exec(String(given))?.[1];
      return faultsOf(asSchema(asSchema(root['$defs'])[name ?? '']), value, at, root);
    }
    case 'type':
      return wrong(isOfType(value, given));
    case 'const':
      return wrong(value === given);
    case 'enum':
      return wrong(listOf(given).includes(value));
    case 'minimum':
      return wrong(typeof value !== 'number' || value >= Number(given));
    case 'maximum':
      return wrong(typeof value !== 'number' || value <= Number(given));
    case 'pattern':
      return wrong(typeof value !== 'string' || new RegExp(String(given), 'u').test(value));
    case 'minLength':
      return wrong(typeof value !== 'string' || value.length >= Number(given));
    case 'maxLength':
      return wrong(typeof value !== 'string' || value.length <= Number(given));
    case 'minItems':
      return wrong(!Array.isArray(value) || value.length >= Number(given));
    case 'maxItems':
      return wrong(!Array.isArray(value) || value.length <= Number(given));
    case 'not':
      return wrong(faultsOf(asSchema(given), value, at, root).length > 0);
    case 'items':
      return Array.isArray(value)
        ? value.flatMap((one, index) => faultsOf(asSchema(given), one, `${at}/${index}`, root))
        : [];
    case 'anyOf':
    case 'oneOf': {
      const faults = listOf(given).map((one) => faultsOf(asSchema(one), value, at, root));
      const fitting = faults.filter((list) => list.length === 0).length;
      if (keyword === 'anyOf' ? fitting > 0 : fitting === 1) return [];
      // The alternative that comes nearest says most.
      const nearest = faults.toSorted((a, b) => a.length - b.length)[0] ?? [];
      return [`${at || '/'}: ${fitting} of ${faults.length} alternatives fit`, ...nearest];
    }
    case 'required':
      return isObject(value)
        ? listOf(given).flatMap((key) => (String(key) in value ? [] : [`${at}/${String(key)}: missing`]))
        : [];
    case 'properties':
      return isObject(value)
        ? Object.entries(asSchema(given)).flatMap(([key, schema]) =>
            key in value ? faultsOf(asSchema(schema), value[key], `${at}/${key}`, root) : [],
          )
        : [];
    case 'propertyNames':
      return isObject(value)
        ? Object.keys(value).flatMap((key) => faultsOf(asSchema(given), key, `${at}/${key}`, root))
        : [];
    case 'additionalProperties':
      return faultsOfMore(given, place);
    default:
      throw new Error(`the checker does not know the keyword ${keyword} at ${at}`);
  }
}

function faultsOfMore(given: unknown, { schema, value, at, root }: Place): readonly string[] {
  if (!isObject(value)) return [];
  const known = Object.keys(asSchema(schema['properties'] ?? {}));
  const more = Object.keys(value).filter((key) => !known.includes(key));
  if (given === false) return more.map((key) => `${at}/${key}: not in the schema`);
  return more.flatMap((key) => faultsOf(asSchema(given), value[key], `${at}/${key}`, root));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeOf(value) === 'object';
}
