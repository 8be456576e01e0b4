/** `relais cluster health-check …`: ask the backends of a cluster again and again whether they are well. */
import type { Command } from 'commander';
import * as z from 'zod';
import { pathField } from '../command/fields.ts';
import type { HealthCheck } from '../command/requests.ts';
import { setKeys } from '../config/set-keys.ts';
import { checked, parseCount, parseDuration } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { withExamples } from './examples.ts';
import { showHealthChecks } from './show-lists.ts';
import type { Terminal } from './terminal.ts';

type Place = GlobalOptions & { readonly id: string };
type SetOptions = Place & {
  readonly uri: string;
  readonly interval?: number;
  readonly checkTimeout?: number;
  readonly healthyThreshold?: number;
  readonly unhealthyThreshold?: number;
  readonly expectedStatus?: number;
};

const thresholdField = z.int().min(1, 'must be at least 1').max(1000, 'is more than 1000');
const statusField = z.int().min(0).max(599, 'is not a status');

export function addHealthCheckVerbs(cluster: Command, terminal: Terminal): void {
  const checks = cluster.command('health-check').description('whether backends are well');
  addSet(checks, terminal);
  withExamples(
    checks
      .command('remove')
      .description('ask no more; every backend counts as healthy')
      .requiredOption('-i, --id <cluster>', 'id of the cluster'),
    'relais cluster health-check remove -i webapp',
  ).action(async (_options, command: Command) => {
    const options = command.optsWithGlobals<Place>();
    const reset = ['healthCheck'];
    await ask(terminal, options, {
      kind: 'patch-cluster',
      clusterId: options.id,
      changes: {},
      reset,
    });
  });
  withExamples(
    checks.command('list').description('show which clusters are checked, and how'),
    'relais cluster health-check list',
  ).action((_options, command: Command) =>
    ask(terminal, command.optsWithGlobals(), { kind: 'list-clusters' }, reply =>
      reply.content === undefined ? '' : showHealthChecks(reply.content),
    ),
  );
}

function addSet(checks: Command, terminal: Terminal): void {
  withExamples(
    checks
      .command('set')
      .description('ask every backend of a cluster for a path, again and again')
      .requiredOption('-i, --id <cluster>', 'id of the cluster')
      .requiredOption('-u, --uri <path>', 'what they are asked for', parseUri)
      .option('--interval <s>', 'time between two questions; default 10', parseDuration)
      .option('--check-timeout <s>', 'most time for an answer; default 5', parseDuration)
      .option('--healthy-threshold <n>', 'good answers in a row; default 3', parseThreshold)
      .option('--unhealthy-threshold <n>', 'bad ones in a row; default 3', parseThreshold)
      .option('--expected-status <code>', 'the good answer; 0: any 2xx', parseStatus),
    'relais cluster health-check set -i webapp -u /health --interval 2',
  ).action(async (_options, command: Command) => {
    const options = command.optsWithGlobals<SetOptions>();
    const healthCheck: HealthCheck = {
      uri: options.uri,
      ...setKeys({
        intervalMs: options.interval,
        timeoutMs: options.checkTimeout,
        healthyThreshold: options.healthyThreshold,
        unhealthyThreshold: options.unhealthyThreshold,
        expectedStatus: options.expectedStatus,
      }),
    };
    const changes = { healthCheck };
    await ask(terminal, options, { kind: 'patch-cluster', clusterId: options.id, changes });
  });
}

/** Sōzu's `health-check set --timeout` is not how long the command line waits, as it is elsewhere. */
export function withCheckTimeout(words: readonly string[]): string[] {
  const verb = words.indexOf('health-check');
  if (verb < 0 || words[verb + 1] !== 'set') return [...words];
  return words.map((word, at) =>
    at > verb ? word.replace(/^--timeout(?=$|=)/, '--check-timeout') : word,
  );
}

function parseUri(text: string): string {
  return checked(
    pathField.refine(uri => uri !== '', 'may not be empty'),
    text,
  );
}

function parseThreshold(text: string): number {
  return checked(thresholdField, parseCount(text));
}

function parseStatus(text: string): number {
  return checked(statusField, parseCount(text));
}
