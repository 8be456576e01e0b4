/**
 * Apps on Windows, which has no signals: an app is told to end by an order over its forwarded port,
 * and stands still when it is suspended.
 */
import { randomBytes } from 'node:crypto';
import { MachineError } from '../errors.ts';
import type { MachineRecord } from '../lease.ts';
import { runCommand } from '../programs/command.ts';
import { endByWord } from '../programs/marked-processes.ts';
import { isAlive, isAliveNow } from '../programs/process-identity.ts';
import { suspendCommand } from '../programs/windows-tools.ts';
import { LocalApps } from '../room/local-apps.ts';

const HEARD_WITHIN_MS = 2_000;
/** The first start of PowerShell takes seconds on a cold disk. */
const TOOL_WITHIN_MS = 20_000;

export class WindowsApps extends LocalApps {
  override async start(record: MachineRecord): Promise<MachineRecord> {
    const stopToken = randomBytes(16).toString('hex');
    const started = await this.startWith(record, { STOP_TOKEN: stopToken });
    return { ...started, stopToken };
  }

  override async end(record: MachineRecord, graceMs: number): Promise<void> {
    const { app } = record;
    if (!isAlive(app)) return;
    if (standsStill(record)) await this.thaw(record); // a frozen process hears nothing
    await endByWord(app, graceMs, () => orderToStop(record));
  }

  /** Windows counts how often, so never twice. */
  override async freeze(record: MachineRecord): Promise<void> {
    if (!standsStill(record)) await suspend(record, 'Suspend');
  }

  override async thaw(record: MachineRecord): Promise<void> {
    await suspend(record, 'Resume');
  }
}

function standsStill({ failures }: MachineRecord): boolean {
  return failures.includes('freeze') || failures.includes('blackhole');
}

async function suspend({ spec, app }: MachineRecord, how: 'Suspend' | 'Resume'): Promise<void> {
  if (app === undefined || !isAliveNow(app)) return;
  const command = suspendCommand(app.pid, how);
  const { exitCode, stderr } = await runCommand(command, { timeoutMs: TOOL_WITHIN_MS });
  if (exitCode === 0) return;
  const verb = how === 'Suspend' ? 'frozen' : 'thawed';
  throw new MachineError(
    'VM_COMMAND_FAILED',
    `The app of ${spec.name} cannot be ${verb}: ${said(stderr, exitCode)}. ` +
      'Where an administrator restricts PowerShell, use --how slow --delay 10m instead.',
  );
}

function said(stderr: string, exitCode: number): string {
  const [line = ''] = stderr.trim().split('\n');
  return `PowerShell says ${line.trim() || `exit code ${exitCode}`}`;
}

async function orderToStop({ forwardedPort, stopToken = '' }: MachineRecord): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${forwardedPort}/stop`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stopToken}`, connection: 'close' },
    signal: AbortSignal.timeout(HEARD_WITHIN_MS),
  });
  await answer.body?.cancel();
  if (answer.status !== 202) throw new Error(`status ${answer.status}`);
}
