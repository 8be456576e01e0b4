/** The site: which path answers what, as a page or as JSON, with the faults that the knobs ask for. */
import express, { type Express, type RequestHandler, type Router } from 'express';
import { logAccess } from './access-log.ts';
import { answerProblem, handleError, pageContext, wantsJson } from './answers.ts';
import { answerChain } from './chain.ts';
import {
  answerEngagement,
  createEngagementCounter,
  type EngagementCounter,
  engage,
} from './engagement.ts';
import { misbehave } from './faults.ts';
import { type Identity, identityHeaders } from './identity.ts';
import type { KnobBoard } from './knob-board.ts';
import { parseKnobs } from './knobs.ts';
import { homePage } from './page.ts';
import { greeting } from './site.ts';
import { type StopOrder, serveStopOrder } from './stop-order.ts';
import { t } from './text.ts';
import { VERSION_LOOKS } from './version.ts';

export interface AppOptions {
  /** The pages answer under this path too; '' for none. */
  readonly basePath: string;
  readonly knobs: KnobBoard;
  /** The service that `/chain` calls. */
  readonly upstream: string | undefined;
  /** Takes the lines of the access log; undefined: none is kept. */
  readonly writeAccess: ((line: string) => void) | undefined;
  /** Undefined: only a signal ends the app. */
  readonly stopOrder: StopOrder | undefined;
}

export function createApp(identity: Identity, options: AppOptions): Express {
  const { basePath, knobs, upstream, writeAccess, stopOrder } = options;
  const app = express();
  app.disable('etag');
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', ...identityHeaders(identity) });
    next();
  });
  serveKnobs(app, identity, knobs);
  serveStatus(app, identity, knobs);
  if (stopOrder !== undefined) serveStopOrder(app, stopOrder);
  if (writeAccess !== undefined) app.use(logAccess(identity, writeAccess));
  app.use(misbehave(identity, knobs));
  const pages = createPages(identity, upstream);
  if (basePath !== '') app.use(basePath, pages);
  app.use(pages);
  app.use((request, response) => {
    const { path } = request;
    const message = t(`Nothing lives at ${path}`, `Il n’y a rien à l’adresse ${path}`);
    answerProblem(identity, request, response, 404, message);
  });
  app.use(handleError(identity));
  return app;
}

/** Whatever the Content-Type says: `curl -d` sends JSON under the name of a form. */
const readText: RequestHandler = express.text({ limit: '4kb', type: () => true });

function serveKnobs(app: Express, identity: Identity, knobs: KnobBoard): void {
  app
    .route('/knobs')
    .get((_request, response) => {
      response.json(knobs.inForce);
    })
    .post(readText, (request, response) => {
      const update = knobs.update(parseKnobs(request.body));
      if (update.ok) response.json(update.knobs);
      else response.status(400).json({ error: update.error });
    })
    .delete((_request, response) => {
      response.json(knobs.reset());
    })
    .all(refuseMethod(identity, 'GET, HEAD, POST, DELETE'));
}

function serveStatus(app: Express, identity: Identity, knobs: KnobBoard): void {
  const { broken } = VERSION_LOOKS[identity.version];
  app
    .route('/status')
    .get((_request, response) => {
      const failing = broken || knobs.inForce.statusFailing;
      response.status(failing ? 503 : 200).json({ status: failing ? 'failing' : 'ok' });
    })
    .all(refuseMethod(identity, 'GET, HEAD'));
}

function createPages(identity: Identity, upstream: string | undefined): Router {
  const pages = express.Router();
  const counter = createEngagementCounter();
  pages.route('/').get(answerHome(identity, counter)).all(refuseMethod(identity, 'GET, HEAD'));
  pages.route('/engage').post(engage(counter)).all(refuseMethod(identity, 'POST'));
  pages
    .route('/engagement')
    .get(answerEngagement(identity, counter))
    .all(refuseMethod(identity, 'GET, HEAD'));
  pages
    .route('/version')
    .get((_request, response) => {
      response.json({ version: identity.version });
    })
    .all(refuseMethod(identity, 'GET, HEAD'));
  pages
    .route('/chain')
    .get(answerChain(identity, upstream))
    .all(refuseMethod(identity, 'GET, HEAD'));
  return pages;
}

function answerHome(identity: Identity, counter: EngagementCounter): RequestHandler {
  const { site, version, name } = identity;
  return (request, response) => {
    const engaged = request.query['engaged'] !== undefined;
    if (request.method === 'GET' && !engaged) counter.visited();
    if (wantsJson(request, response)) {
      response.json({ ...identity, ...greeting(site, version, name) });
    } else {
      const context = { ...pageContext(request), base: request.baseUrl, engaged };
      response.type('html').send(homePage(identity, context));
    }
  };
}

function refuseMethod(identity: Identity, allowed: string): RequestHandler {
  return (request, response) => {
    response.set('Allow', allowed);
    const { method, path } = request;
    const message = t(
      `${method} is not possible here: ${path} takes ${allowed}`,
      `${method} n’est pas possible ici : ${path} accepte ${allowed}`,
    );
    answerProblem(identity, request, response, 405, message);
  };
}
