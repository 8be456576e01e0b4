/** Sets the faults that the app itself can have, through its forwarded port. */
import http from 'node:http';
import { MachineError } from '../errors.ts';
import type { MachineRecord } from '../lease.ts';

/** The sample app's `POST /knobs`; keys left out stay as they are. */
export interface Knobs {
  readonly delayMs?: number;
  readonly errorRate?: number;
}

const ANSWER_WITHIN_MS = 5_000;

export async function setKnobs(record: MachineRecord, knobs: Knobs): Promise<void> {
  const { name } = record.spec;
  const status = await post(record.forwardedPort, JSON.stringify(knobs)).catch((error: unknown) => {
    throw new MachineError(
      'VM_COMMAND_FAILED',
      `The app of ${name} does not answer: ${error}.`,
      error,
    );
  });
  if (status >= 200 && status < 300) return;
  throw new MachineError(
    'VM_COMMAND_FAILED',
    `The app of ${name} refused the fault (status ${status} on POST /knobs).`,
  );
}

function post(port: number, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method: 'POST', path: '/knobs', headers, agent: false },
      response => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    request.setTimeout(ANSWER_WITHIN_MS, () => request.destroy(new Error('no answer in 5 s')));
    request.on('error', reject);
    request.end(body);
  });
}
