// Holds a value against the schema of SARIF 2.1.0, as the makers of the standard use it in their own tests.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import draft4 from 'ajv/lib/refs/json-schema-draft-04.json' with { type: 'json' };

const file = new URL('../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', import.meta.url);
const validator = new Ajv({ schemaId: 'auto', allErrors: true });
validator.addMetaSchema(draft4);
const validate = validator.compile(JSON.parse(readFileSync(file, 'utf8')));

export const sarifErrors = (value: unknown): unknown[] => {
  validate(JSON.parse(JSON.stringify(value)));
  return validate.errors ?? [];
};
