/** What can be said about a listener on the command line, for one that is new and one that changes. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { fieldNameField, idField, idFieldNameField, networkField } from '../command/fields.ts';
import type { DenyRule, Listener, ListenerChanges, Rate } from '../command/requests.ts';
import { setKeys } from '../config/set-keys.ts';
import { checkDenyRule } from '../routing/deny-rules.ts';
import { type Answers, answerFile, parseAnswerOption } from './answer-option.ts';
import { checked, parseCount, parseDuration, parseDurationOrOff, parseRate } from './arguments.ts';

export interface ListenerOptions {
  readonly frontTimeout?: number;
  readonly backTimeout?: number;
  readonly connectTimeout?: number;
  readonly requestTimeout?: number;
  readonly tryDeadline?: number;
  readonly maxConnections?: number;
  readonly bodyTimeout?: number;
  readonly totalTimeout?: number;
  readonly maxBodySize?: number;
  readonly stickyName?: string;
  readonly requestIdHeader?: string;
  readonly sozuIdHeader?: string;
  readonly createTrace?: boolean;
  readonly trustedProxies?: readonly string[];
  readonly realIp?: NonNullable<Listener['realIp']>;
  readonly clientRate?: Rate;
  readonly deny?: readonly DenyRule[];
  readonly answer?: Answers;
  readonly answer404?: string;
  readonly answer503?: string;
}

const refused: readonly (readonly [string, string])[] = [
  ['--expect-proxy', 'the PROXY protocol is not spoken'],
  ['--public-address <address>', 'forwarded fields name the address that the client reached'],
  ['--tls-versions <versions>', 'TLS is not available'],
  ['--certificate <file>', 'TLS is not available'],
];

export function withListenerOptions(command: Command): Command {
  for (const [flags, why] of refused) command.addOption(refusedOption(flags, why));
  return command
    .option('--front-timeout <s>', 'most silence of a client', parseDuration)
    .option('--request-timeout <s>', 'most time until a request head is complete', parseDuration)
    .option('--connect-timeout <s>', 'most time for one connect', parseDuration)
    .option('--try-deadline <s>', 'most time to find a backend that accepts', parseDuration)
    .option('--back-timeout <s>', 'most silence of a backend', parseDuration)
    .option('--body-timeout <s>', 'most time for a whole body; 0: any', parseDurationOrOff)
    .option('--total-timeout <s>', 'most time for a whole answer; 0: any', parseDurationOrOff)
    .option('--max-body-size <bytes>', 'longer ones are 413; 0: any length', parseCount)
    .option('--max-connections <n>', 'client connections per worker', parsePositive)
    .option('--client-rate <n[/burst]>', 'requests per second and client', parseRate)
    .option('--deny <name[=regex]>', 'requests that match are 403; may be repeated', addDenyRule)
    .option('--trusted-proxies <list>', 'whose X-Forwarded-For is believed', parseNetworks)
    .addOption(
      new Option('--real-ip <how>', 'what becomes of X-Real-IP').choices([
        'keep',
        'elide',
        'send',
        'elide-and-send',
      ]),
    )
    .option('--sticky-name <name>', 'the cookie of sticky sessions', parseToken)
    .option('--request-id-header <name>', 'a second field for request ids', parseIdField)
    .addOption(new Option('--sozu-id-header <name>').argParser(parseIdField).hideHelp())
    .option('--create-trace', 'begin a trace where the client has none')
    .option('--no-create-trace', 'do not')
    .option('--answer <code=text|file://path>', 'an answer of its own', parseAnswerOption)
    .addOption(new Option('--answer-404 <file>').hideHelp())
    .addOption(new Option('--answer-503 <file>').hideHelp());
}

/** Only the keys that were given. */
export function listenerChanges(options: ListenerOptions): ListenerChanges {
  return setKeys({
    frontTimeoutMs: options.frontTimeout,
    backTimeoutMs: options.backTimeout,
    connectTimeoutMs: options.connectTimeout,
    requestTimeoutMs: options.requestTimeout,
    tryDeadlineMs: options.tryDeadline,
    maxConnections: options.maxConnections,
    bodyTimeoutMs: options.bodyTimeout,
    totalTimeoutMs: options.totalTimeout,
    maxBodyBytes: options.maxBodySize,
    stickyName: options.stickyName,
    requestIdField: options.requestIdHeader ?? options.sozuIdHeader,
    createTrace: options.createTrace,
    trustedProxies: options.trustedProxies,
    realIp: options.realIp,
    clientRate: options.clientRate,
    deny: options.deny,
    answers: answersOf(options),
  });
}

/** The names under which `--default` knows the keys. */
export const LISTENER_DEFAULTS: Readonly<Record<string, string>> = {
  'body-timeout': 'bodyTimeoutMs',
  'total-timeout': 'totalTimeoutMs',
  'max-body-size': 'maxBodyBytes',
  'sticky-name': 'stickyName',
  'request-id-header': 'requestIdField',
  'create-trace': 'createTrace',
  'trusted-proxies': 'trustedProxies',
  'real-ip': 'realIp',
  'client-rate': 'clientRate',
  deny: 'deny',
};

function answersOf({ answer, answer404, answer503 }: ListenerOptions): Answers | undefined {
  let answers = answer ?? {};
  if (answer404 !== undefined) answers = answerFile(answers, '404', answer404);
  if (answer503 !== undefined) answers = answerFile(answers, '503', answer503);
  return Object.keys(answers).length === 0 ? undefined : answers;
}

/** Known from Sōzu; passing over it in silence would leave open what should be closed. */
export function refusedOption(flags: string, why: string): Option {
  return new Option(flags).hideHelp().argParser(() => {
    throw new InvalidArgumentError(`It is not possible: ${why}.`);
  });
}

function parsePositive(text: string): number {
  const count = parseCount(text);
  if (count === 0) throw new InvalidArgumentError('It must be at least 1.');
  return count;
}

function parseNetworks(text: string): string[] {
  return checked(z.array(networkField), text.split(','));
}

function parseToken(text: string): string {
  return checked(fieldNameField, text);
}

function parseIdField(text: string): string {
  return checked(idFieldNameField, text);
}

function addDenyRule(text: string, before: readonly DenyRule[] = []): DenyRule[] {
  const at = text.indexOf('=');
  const name = checked(idField, at < 0 ? text : text.slice(0, at));
  const rule = at < 0 ? { name } : { name, pattern: text.slice(at + 1) };
  const found = checkDenyRule(rule);
  if (!found.ok) throw new InvalidArgumentError(found.error);
  return [...before, rule];
}
