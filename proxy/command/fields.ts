/** The rules for single values, the same in a request and in a config file. */
import { z } from 'zod';
import type { AnswerTemplate } from '../http1/answer-template.ts';
import { formatAddress, parseAddress } from '../shared/address.ts';

const printable = /^[\x21-\x7e]+$/;
const hostnameShape = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?)$/;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const noControl = /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/;

/** Ids of clusters and backends: what can stand in a table, a log line and a shell command. */
export const idField: z.ZodString = z
  .string()
  .min(1, 'may not be empty')
  .max(128, 'is longer than 128 characters')
  .regex(printable, 'holds a space, a control character or a letter beyond ASCII');

/** `ip:port`; port 0 asks for any free port. */
export const listenAddressField: z.ZodType<string, string> = z
  .string()
  .transform((text, context) => {
    const address = parseAddress(text);
    if (address.ok) return formatAddress(address.value.ip, address.value.port);
    context.addIssue(address.error.message);
    return z.NEVER;
  });

export const backendAddressField: z.ZodType<string, string> = listenAddressField.refine(
  text => !text.endsWith(':0'),
  'a backend needs a port',
);

/** Lower case, without port: how the route table compares. */
export const hostnameField: z.ZodType<string, string> = z
  .string()
  .transform(text => text.toLowerCase())
  .pipe(
    z
      .string()
      .regex(hostnameShape, { error: issue => `"${String(issue.input)}" is not a host name` }),
  );

export const pathPrefixField: z.ZodString = z
  .string()
  .regex(/^(?:\/[\x21-\x7e]*)?$/, 'is not a path: begin with "/", without spaces');

const answerField: z.ZodType<AnswerTemplate> = z.strictObject({
  status: z.int().min(200).max(599),
  reason: z.string().regex(noControl, 'holds a control character'),
  fields: z.array(
    z.tuple([z.string().regex(token, 'is not a field name'), z.string().regex(noControl)]),
  ),
  body: z.string(),
  keepAlive: z.boolean(),
});

/** Each answer stands under its own status. */
export const answersField: z.ZodType<Readonly<Record<string, AnswerTemplate>>> = z
  .record(z.string().regex(/^[2-5]\d\d$/, 'is not a status'), answerField)
  .superRefine((answers, context) => {
    for (const [status, answer] of Object.entries(answers)) {
      if (answer.status === Number(status)) continue;
      context.addIssue(`the answer for ${status} says ${answer.status}`);
    }
  });
