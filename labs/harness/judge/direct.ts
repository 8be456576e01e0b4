/** Does a machine answer on its forwarded port, past the proxy, under its own name? */
import type { PageRecord, RequestRecord } from '../history.ts';
import { type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

/** Visitor name of the engine's own requests to a forwarded port. */
export function directVisitor(machine: string): string {
  return `direct:${machine}`;
}

export function judgeDirect(evidence: Evidence, machine: string): Judgement {
  const port = String(evidence.forwardedPorts[machine]);
  const request = recordsOf(evidence, 'request', evidence.actedAt)
    .filter(({ visitor }) => visitor === directVisitor(machine))
    .at(-1);
  const page = recordsOf(evidence, 'page', evidence.actedAt)
    .filter(({ url }) => new URL(url).port === port)
    .at(-1);
  if (request === undefined) {
    return judgement('unknown', `port ${port} was not tried`, `port ${port} pas encore essayé`);
  }
  const wrong = [request, ...(page === undefined ? [] : [page])].find(
    (seen: RequestRecord | PageRecord) => seen.status !== 200 || seen.machine !== machine,
  );
  if (wrong !== undefined) {
    const got = wrong.machine ?? (wrong.kind === 'request' ? wrong.error : undefined) ?? '–';
    return judgement(
      'fail',
      `port ${port} gave status ${wrong.status ?? '–'} from ${got}`,
      `le port ${port} a donné le statut ${wrong.status ?? '–'} de ${got}`,
    );
  }
  return judgement('pass', `port ${port}: ${machine}`, `port ${port} : ${machine}`);
}
