/** Asks for and sets the faults that the app itself can have, through its forwarded port. */
import http from 'node:http';
import { MachineError } from '../errors.ts';
import type { MachineRecord } from '../lease.ts';
import type { Knobs } from '../machine.ts';

/** What is left when the faults are over: limits belong to the machine, and no restart lifts them. */
export function knobsAfterHealing(knobs: Knobs = {}): Knobs {
  const { delayMs: _late, errorRate: _errors, errorStatus: _status, ...others } = knobs;
  const { statusFailing: _probe, ...limits } = others;
  return limits;
}

/** With this variable an app starts under the limits that were set before; a reset lifts them. */
export function keptKnobs(limits: Knobs): Readonly<Record<string, string>> {
  return Object.keys(limits).length === 0 ? {} : { KEPT_KNOBS: JSON.stringify(limits) };
}

const ANSWER_WITHIN_MS = 5_000;

/** The knobs in force after it; those that are not named stay as they are. */
export function setKnobs(record: MachineRecord, knobs: Knobs): Promise<Knobs> {
  return order(record, 'POST', JSON.stringify(knobs));
}

export function resetKnobs(record: MachineRecord): Promise<Knobs> {
  return order(record, 'DELETE');
}

export function askKnobs(record: MachineRecord): Promise<Knobs> {
  return order(record, 'GET');
}

type Method = 'GET' | 'POST' | 'DELETE';

async function order(record: MachineRecord, method: Method, body = ''): Promise<Knobs> {
  const { name } = record.spec;
  const { status, text } = await ask(record.forwardedPort, method, body).catch(error => {
    throw new MachineError(
      'VM_COMMAND_FAILED',
      `The app of ${name} does not answer: ${error}.`,
      error,
    );
  });
  const answer = parse(text);
  if (status >= 200 && status < 300 && answer !== undefined) return answer as Knobs;
  const reason = answer?.['error'] ?? `status ${status} on ${method} /knobs`;
  throw new MachineError('VM_COMMAND_FAILED', `The app of ${name} refused the knobs: ${reason}.`);
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask(port: number, method: Method, body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method, path: '/knobs', headers, agent: false },
      response => {
        let text = '';
        response.setEncoding('utf8').on('data', chunk => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    request.setTimeout(ANSWER_WITHIN_MS, () => request.destroy(new Error('no answer in 5 s')));
    request.on('error', reject);
    request.end(body);
  });
}
