/** The rules for single values, the same in a request and in a config file. */
import { isIP } from 'node:net';
import * as z from 'zod';
import type { AnswerTemplate } from '../http1/answer-template.ts';
import { isKnownField } from '../http1/known-fields.ts';
import { checkDenyRule } from '../routing/deny-rules.ts';
import { parseHostPattern } from '../routing/host-pattern.ts';
import { parsePathPattern } from '../routing/path-pattern.ts';
import type { PathKind } from '../routing/route.ts';
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

/** `ip:port`, or `name:port` with a name that is looked up again and again. */
export const backendAddressField: z.ZodType<string, string> = z
  .string()
  .transform((text, context) => {
    const named = /^([a-z_][a-z0-9._-]*|[a-z0-9._-]*[a-z_-][a-z0-9._-]*):(\d{1,5})$/i.exec(text);
    const [, name = '', port = ''] = named ?? [];
    if (hostnameShape.test(name.toLowerCase()) && Number(port) <= 65_535) {
      return `${name.toLowerCase()}:${Number(port)}`;
    }
    const address = parseAddress(text);
    if (address.ok) return formatAddress(address.value.ip, address.value.port);
    context.addIssue(address.error.message);
    return z.NEVER;
  })
  .refine(text => !text.endsWith(':0'), 'a backend needs a port');

/** An address or a block of them in CIDR notation. */
export const networkField: z.ZodType<string, string> = z.string().superRefine((text, context) => {
  const [ip = '', bits, more] = text.split('/');
  const family = isIP(ip);
  const most = family === 4 ? 32 : 128;
  const sane = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  if (family === 0 || more !== undefined || !sane) {
    context.addIssue(`"${text}" is neither an address nor a block such as 10.0.0.0/8`);
  }
});

/** The name of a field or of a cookie, or a method: a token of RFC 9110. */
export const fieldNameField: z.ZodString = z
  .string()
  .max(128, 'is longer than 128 characters')
  .regex(token, 'is not a token: letters, digits and some signs, no spaces');

/** A field for ids must not be one that HTTP or the proxy itself acts on. */
export const idFieldNameField: z.ZodString = fieldNameField.refine(
  name => !isKnownField(name.toLowerCase()),
  { error: issue => `"${String(issue.input)}" is a field with a meaning of its own` },
);

export const textField: z.ZodString = z
  .string()
  .max(4096, 'is longer than 4096 characters')
  .regex(noControl, 'holds a control character');

export const percentField: z.ZodNumber = z
  .number()
  .min(0, 'must be at least 0 %')
  .max(100, 'is more than 100 %');

/** Relative to the other backends of the cluster; 0: no new request. */
export const weightField: z.ZodInt = z
  .int()
  .min(0, 'must be at least 0')
  .max(1000, 'is more than 1000');

/** Without port; lower case but for the patterns in it: how the route table compares. */
export const hostnameField: z.ZodType<string, string> = z.string().transform((text, context) => {
  const lower = text.replace(/(^|\.)\/[^/]*\/(?=\.|$)|[A-Z]/g, part =>
    part.length === 1 ? part.toLowerCase() : part,
  );
  const pattern = parseHostPattern(lower);
  if (!pattern.ok) context.addIssue(pattern.error);
  else if (pattern.value.kind === 'exact' && !hostnameShape.test(lower)) {
    const hint = /^[^:]+:\d+$/.test(text) ? ': leave the port out' : '';
    context.addIssue(`"${text}" is not a host name${hint}`);
  }
  return lower;
});

export const pathField: z.ZodString = z
  .string()
  .regex(/^(?:\/[\x21-\x7e]*)?$/, 'is not a path: begin with "/", without spaces');

/** In place of a path: a whole one, and nothing behind it. */
export const wholePathField: z.ZodString = z
  .string()
  .regex(/^\/[\x21-\x7e]*$/, 'is not a path: begin with "/", without spaces')
  .regex(/^[^?#]*$/, 'holds a "?" or "#": the query is the client\'s');

/** The path of a frontend: what it is made of depends on how it is compared. */
export function frontendPathField(kind: PathKind): z.ZodType<string, string> {
  const known = frontendPathFields.get(kind) ?? makeFrontendPathField(kind);
  frontendPathFields.set(kind, known);
  return known;
}

const frontendPathFields = new Map<PathKind, z.ZodType<string, string>>();

function makeFrontendPathField(kind: PathKind): z.ZodType<string, string> {
  const base = kind === 'regex' ? textField : pathField;
  return base.superRefine((text, context) => {
    const pattern = parsePathPattern(text, kind);
    if (!pattern.ok) context.addIssue(pattern.error);
  });
}

/** Tells zod what is wrong with a deny rule. */
export function checkedDenyRule(
  { name, pattern }: { readonly name: string; readonly pattern?: string | undefined },
  context: z.RefinementCtx,
): void {
  const checked = checkDenyRule(pattern === undefined ? { name } : { name, pattern });
  if (!checked.ok) context.addIssue({ code: 'custom', message: checked.error });
}

/** What a backend's requests are given: names without a meaning of their own, values in ASCII. */
export const requestFieldsField: z.ZodType<Readonly<Record<string, string>>> = z
  .record(z.string(), textField.regex(/^[\x20-\x7e\t]*$/, 'holds a letter beyond ASCII'))
  .superRefine((fields, context) => {
    for (const name of Object.keys(fields)) {
      const why = idFieldNameField.safeParse(name).error?.issues[0]?.message;
      if (why !== undefined) context.addIssue(why.startsWith('"') ? why : `"${name}" ${why}`);
    }
  });

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
