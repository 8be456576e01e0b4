/** `/metrics`: as the reader prefers it, in parts, so that the main process goes on meanwhile. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MetricsDetail } from '../../shared/metrics-detail.ts';
import {
  type MetricsFormat,
  metricsContentType,
  metricsText,
} from '../../telemetry/metrics-text.ts';
import type { MetricsView } from '../../telemetry/metrics-view.ts';

export async function answerMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  view: MetricsView,
  detail: MetricsDetail,
): Promise<void> {
  const format = formatFor(request.headers.accept ?? '');
  response.writeHead(200, {
    'content-type': metricsContentType[format],
    'cache-control': 'no-store',
    vary: 'Accept',
  });
  for (const part of metricsText(view, detail, format)) {
    if (response.destroyed) return;
    if (!response.write(part)) {
      // A reader that is gone drains nothing; `close` ends the wait as well.
      await Promise.race([once(response, 'drain'), once(response, 'close')]).catch(() => undefined);
    }
    await nextTurn();
  }
  response.end();
}

/** OpenMetrics unless the old format is asked for and preferred (RFC 9110 §12.5.1). */
export function formatFor(accept: string): MetricsFormat {
  const openmetrics = qualityOf(accept, 'application/openmetrics-text');
  const prometheus = qualityOf(accept, 'text/plain');
  return prometheus > openmetrics ? 'prometheus' : 'openmetrics';
}

/** 0 when the type is not named. */
function qualityOf(accept: string, type: string): number {
  const qualities = accept.split(',').flatMap(range => {
    const [name = '', ...parameters] = range.toLowerCase().split(';');
    if (name.trim() !== type) return [];
    const quality = parameters.map(each => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(each)?.[1]);
    return [Number(quality.find(each => each !== undefined) ?? 1)];
  });
  return Math.max(0, ...qualities);
}
