/** The form of result.json, checked when one is read and published as docs/result.schema.json. */
import * as z from 'zod';
import type { HistoryRecord } from '../harness/history.ts';
import type {
  CheckResult,
  PredictionResult,
  RunResult,
  ShotResult,
  StepResult,
} from '../harness/result.ts';
import type { Text } from '../harness/text.ts';
import type { Verdict } from '../harness/verdict.ts';
import { isKindOfRecord } from './history-file.ts';

type Form<T> = z.ZodType<T, T>;

const text: Form<Text> = z
  .object({ en: z.string(), fr: z.string() })
  .meta({ id: 'text', description: 'The same sentence in English and in French.' });

/** history.ndjson has a form of its own, which is read by kind. */
const record = z
  .looseObject({
    kind: z.string().refine(isKindOfRecord, 'no kind of record'),
    at: z.number().nonnegative().describe('Milliseconds since the run began.'),
  })
  .meta({
    id: 'record',
    description: 'A record of history.ndjson.',
  }) as unknown as Form<HistoryRecord>;

const verdict: Form<Verdict> = z
  .object({
    kind: z.enum(['pass', 'unknown', 'fail']),
    because: z.string().describe('In the language of the run.'),
    decidedBy: z
      .array(record)
      .exactOptional()
      .describe('The records that settled it, the weightiest first.'),
  })
  .meta({
    id: 'verdict',
    description: '`unknown` is a check that crashed or saw nothing: never a pass.',
  });

const check: Form<CheckResult> = z.object({
  id: z.string(),
  claim: text,
  source: z.enum(['browser', 'history', 'invariant']),
  verdict,
  durationMs: z.number().nonnegative(),
});

const shot: Form<ShotResult> = z.object({
  id: z.string(),
  alt: text,
  file: z.string().describe('Path inside the run folder.'),
});

const prediction: Form<PredictionResult> = z.object({
  ask: text,
  choices: z.array(z.object({ id: z.string(), text, happened: z.boolean() })),
});

const step: Form<StepResult> = z.object({
  id: z.string(),
  title: text,
  say: text,
  commands: z.array(z.string()),
  outputs: z.array(z.string()),
  startedAt: z.number().nonnegative(),
  durationMs: z.number().nonnegative(),
  checks: z.array(check),
  shots: z.array(shot),
  prediction: prediction.exactOptional(),
});

const browser: Form<RunResult['browser']> = z.discriminatedUnion('found', [
  z.object({ found: z.literal(true), name: z.string() }),
  z.object({ found: z.literal(false), reason: z.string() }),
]);

const environment: Form<RunResult['environment']> = z.object({
  relais: z.string(),
  node: z.string(),
  platform: z.string(),
  seed: z.int(),
  instance: z.int(),
});

export const resultSchema: Form<RunResult> = z.object({
  schema: z.literal(1).describe('Another number when a reader of this one would go wrong.'),
  byHand: z
    .literal(true)
    .describe('A learner did the steps, in a time of their own.')
    .exactOptional(),
  lab: z.string(),
  title: text,
  language: z.enum(['en', 'fr']),
  provider: z.enum(['netns', 'process', 'vagrant', 'docker']),
  imitations: z
    .record(z.string(), z.string())
    .describe('What the provider imitates instead of doing it truly, by failure.'),
  pace: z
    .number()
    .positive()
    .exactOptional()
    .describe('How many times more time than on processes the checks had; absent: once.'),
  browser,
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  environment,
  requests: z.object({ total: z.int().nonnegative(), failed: z.int().nonnegative() }),
  verdict,
  interrupted: z.boolean(),
  steps: z.array(step).describe('A case is named by lab, step and check: `lab.step.check`.'),
});

/** JSON Schema, draft 2020-12. Readers let unknown keys pass: later versions may add some. */
export function publishedSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(resultSchema, { io: 'input' });
  return { title: 'The outcome of a lab, version 1', ...schema };
}
