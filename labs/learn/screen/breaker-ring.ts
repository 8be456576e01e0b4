/** How near the breaker is to opening, as a ring that fills: `●●○ 2/3`. */
import { t } from '../../harness/text.ts';
import type { BackendTile } from '../learn-view.ts';
import { type Brush, say } from './brush.ts';

/** More than these are told by their number alone. */
const MOST_DOTS = 6;

export function breakerRing(backend: BackendTile | undefined, brush: Brush): string {
  const { ink } = brush;
  if (backend === undefined) return ink.quiet(say(brush, t('not in the proxy', 'hors du proxy')));
  const dots = ringDots(backend);
  switch (backend.breaker) {
    case 'closed':
      return backend.failures === 0 ? ink.quiet(dots) : ink.careful(dots);
    case 'half-open':
      return ink.careful(`${dots} ${say(brush, t('on trial', 'à l’essai'))}`);
    case 'open': {
      const seconds = Math.ceil(backend.retryInMs / 1000);
      return ink.bad(`${dots} ${say(brush, t(`open ${seconds} s`, `ouvert ${seconds} s`))}`);
    }
  }
}

function ringDots({ breaker, failures, failureThreshold }: BackendTile): string {
  const filled = breaker === 'closed' ? Math.min(failures, failureThreshold) : failureThreshold;
  const figure = `${filled}/${failureThreshold}`;
  if (failureThreshold > MOST_DOTS) return figure;
  return `${'●'.repeat(filled)}${'○'.repeat(failureThreshold - filled)} ${figure}`;
}

/** What keeps visitors away besides the breaker; '' for nothing. */
export function backendTrouble({ admin, healthy }: BackendTile, brush: Brush): string {
  if (admin !== 'ready') return brush.ink.careful(admin);
  return healthy ? '' : brush.ink.bad(say(brush, t('unhealthy', 'malade')));
}
