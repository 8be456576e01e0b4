/** `lab status` and `lab visit`: what is up, and who answers. */
import path from 'node:path';
import { table } from '../harness/narrator/layout.ts';
import { t } from '../harness/text.ts';
import { requireStage } from '../stage/attach-stage.ts';
import { connectProxy } from '../stage/proxy-control.ts';
import { EXIT } from './exit-codes.ts';
import { machineTable } from './machine-commands.ts';
import type { Session } from './session.ts';

export async function statusCommand(session: Session): Promise<number> {
  const { room, note } = await requireStage(session.home, session.flags.instance);
  const machines = await room.status();
  const proxy = await proxyStatus(note.commandSocket);
  if (session.flags.json) {
    const { shell: _, ...facts } = note;
    session.json({ ...facts, machines, proxy });
    return EXIT.pass;
  }
  session.print(`${note.label} · ${note.provider} · ${note.url}`, '');
  session.print(...machineTable(session, machines), '');
  if (proxy === undefined) {
    session.print(session.say(t('The proxy does not answer.', 'Le proxy ne répond pas.')));
    return EXIT.environment;
  }
  const pids = `${proxy.mainPid} [${proxy.workerPids.join(', ')}]`;
  session.print(session.say(t(`proxy: processes ${pids}`, `proxy : processus ${pids}`)));
  const head = session.say(
    t('backend|address|breaker|requests', 'backend|adresse|disjoncteur|requêtes'),
  );
  const rows = proxy.backends.map(({ backendId, address, breaker, requestsTotal }) => [
    backendId,
    address,
    breaker,
    String(requestsTotal),
  ]);
  session.print(...table([head.split('|'), ...rows]), '', relaisHint(session, note.configFile));
  return EXIT.pass;
}

/** The labs show `relais backend add …`; this is what makes it reach this very proxy. */
export function relaisHint(session: Session, configFile: string): string {
  const line = `relais -c ${path.relative('', configFile)} backend list`;
  return session.say(t(`change the proxy: ${line}`, `pour modifier le proxy : ${line}`));
}

type ProxyStatus = Awaited<ReturnType<typeof askProxy>>;

async function proxyStatus(commandSocket: string): Promise<ProxyStatus | undefined> {
  try {
    return await askProxy(commandSocket);
  } catch {
    return undefined;
  }
}

async function askProxy(commandSocket: string) {
  const control = await connectProxy(commandSocket);
  try {
    return { ...(await control.identity()), backends: await control.backends() };
  } finally {
    await control.close();
  }
}

interface Visit {
  readonly status: number | undefined;
  readonly machine: string;
  readonly name: string;
  readonly version: string;
  readonly durationMs: number;
}

const VISIT_LIMIT_MS = 15_000;

export async function visitCommand(session: Session, times: number): Promise<number> {
  const { note } = await requireStage(session.home, session.flags.instance);
  const visits: Visit[] = [];
  for (let number = 1; number <= times; number += 1) {
    visits.push(await visit(note.url, session.signal));
    if (session.signal.aborted) return EXIT.interrupted;
  }
  if (session.flags.json) {
    session.json(visits);
    return EXIT.pass;
  }
  const rows = visits.map(({ status, machine, name, version, durationMs }, index) => [
    String(index + 1),
    status === undefined ? '–' : String(status),
    machine,
    version,
    name,
    `${durationMs.toFixed(1)} ms`,
  ]);
  const head = session.say(
    t('visit|status|machine|version|name|took', 'visite|statut|machine|version|nom|durée'),
  );
  session.print(note.url, ...table([head.split('|'), ...rows]));
  return EXIT.pass;
}

/** Each visit is a connection of its own, like a visitor who comes for the first time. */
async function visit(url: string, signal: AbortSignal): Promise<Visit> {
  const begun = performance.now();
  try {
    const response = await fetch(url, {
      headers: { accept: 'text/html', connection: 'close' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(VISIT_LIMIT_MS)]),
    });
    await response.arrayBuffer();
    const header = (name: string): string => response.headers.get(`x-relais-${name}`) ?? '–';
    return {
      status: response.status,
      machine: header('machine'),
      name: header('name'),
      version: header('version'),
      durationMs: performance.now() - begun,
    };
  } catch (error) {
    const reason = error instanceof Error ? (error.cause ?? error) : error;
    const name = reason instanceof Error ? reason.message : String(reason);
    const durationMs = performance.now() - begun;
    return { status: undefined, machine: '–', name, version: '–', durationMs };
  }
}
