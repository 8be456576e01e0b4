/** Writes docs/result.schema.json anew: what result.json of a lab run looks like. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { publishedSchema } from '../labs/report/result-schema.ts';

const file = path.resolve(import.meta.dirname, '../../docs/result.schema.json');
writeFileSync(file, `${JSON.stringify(publishedSchema(), null, 2)}\n`);
