/** Tells a client the events that it asked for, for as long as it reads them. */

import type { SubscribeEvents } from '../../command/control-requests.ts';
import type { ProxyEvent } from '../../command/events.ts';
import { plural } from '../../shared/plural.ts';
import type { Asker } from '../command-socket/command-session.ts';
import type { EventLog } from './event-log.ts';

/** More than all events that are kept. */
const MAX_UNREAD_BYTES = 1024 * 1024;

export function answerEvents(log: EventLog, asker: Asker, request: SubscribeEvents): void {
  const { since = 0, kinds, follow = true } = request;
  const kept = log.kept(request);
  const missing = request.since === undefined ? 0 : log.missing(since);
  if (missing > 0) {
    const message = `${plural(missing, 'event')} behind number ${since} are no longer kept`;
    asker.reply({ status: 'processing', message });
  }
  for (const event of kept) tell(asker, event);
  if (!follow) {
    asker.reply({ status: 'ok', message: plural(kept.length, 'event') });
    return;
  }
  let told = log.seq;
  const end = log.follow(event => {
    if (kinds !== undefined && !kinds.includes(event.kind)) return;
    if ((asker.unread?.() ?? 0) > MAX_UNREAD_BYTES) {
      end();
      const message = `cut off behind event ${told}: they are not read as fast as they come`;
      asker.reply({ status: 'failure', message });
      return;
    }
    told = event.seq;
    tell(asker, event);
  });
  asker.onClose(end);
}

function tell(asker: Asker, content: ProxyEvent): void {
  asker.reply({ status: 'processing', message: content.kind, content });
}
