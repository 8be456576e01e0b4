/**
 * An order to end, where no signal can bring it: `POST /stop` with the token that whoever started
 * the app gave it. Without a token there is no such path.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Express } from 'express';

export interface StopOrder {
  readonly token: string;
  /** As SIGTERM does it: requests under way end first. */
  readonly stop: () => void;
}

export function serveStopOrder(app: Express, { token, stop }: StopOrder): void {
  const wanted = Buffer.from(`Bearer ${token}`);
  app.post('/stop', (request, response, next) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    // Visitors come to this port, too: for them there is nothing here.
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      next();
      return;
    }
    response.once('finish', stop);
    response.status(202).json({ stopping: true });
  });
}
