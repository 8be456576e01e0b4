/** The site: which path answers what, as a page or as JSON, with the faults that the knobs ask for. */
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { answerProblem, arrivalAddress, handleError } from './answers.ts';
import { type Identity, identityHeaders } from './identity.ts';
import { HEALTHY, type Knobs, parseKnobs, updateKnobs } from './knobs.ts';
import { homePage } from './page.ts';
import { VERSION_LOOKS } from './version.ts';

export function createApp(identity: Identity): Express {
  let knobs: Knobs = HEALTHY;
  const answerKnobs = (_request: Request, response: Response): void => {
    response.json(knobs);
  };

  const app = express();
  app.disable('etag');
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', ...identityHeaders(identity) });
    next();
  });

  app
    .route('/knobs')
    .get(answerKnobs)
    .post(readText, (request, response) => {
      const update = updateKnobs(knobs, parseKnobs(request.body));
      if (!update.ok) {
        response.status(400).json({ error: update.error });
        return;
      }
      knobs = update.knobs;
      answerKnobs(request, response);
    })
    .delete((request, response) => {
      knobs = HEALTHY;
      answerKnobs(request, response);
    })
    .all(refuseMethod(identity, 'GET, HEAD, POST, DELETE'));

  app
    .route('/status')
    .get((_request, response) => {
      response
        .status(knobs.statusFailing ? 503 : 200)
        .json({ status: knobs.statusFailing ? 'failing' : 'ok' });
    })
    .all(refuseMethod(identity, 'GET, HEAD'));

  app.use((request, response, next) => misbehave(knobs, identity, request, response, next));
  app.route('/').get(answerHome(identity)).all(refuseMethod(identity, 'GET, HEAD'));
  app
    .route('/version')
    .get((_request, response) => {
      response.json({ version: identity.version });
    })
    .all(refuseMethod(identity, 'GET, HEAD'));

  app.use((request, response) => {
    answerProblem(identity, request, response, 404, `Nothing lives at ${request.path}`);
  });
  app.use(handleError(identity));
  return app;
}

/** Whatever the Content-Type says: `curl -d` sends JSON under the name of a form. */
const readText: RequestHandler = express.text({ limit: '4kb', type: () => true });

function answerHome(identity: Identity): RequestHandler {
  const look = VERSION_LOOKS[identity.version];
  return (request, response) => {
    response.vary('Accept');
    if (request.accepts(['html', 'json']) === 'json') {
      response.json({ ...identity, title: look.title(identity.name), subtitle: look.subtitle });
    } else {
      response.type('html').send(homePage(identity, arrivalAddress(request)));
    }
  };
}

function refuseMethod(identity: Identity, allowed: string): RequestHandler {
  return (request, response) => {
    response.set('Allow', allowed);
    const message = `${request.method} is not possible here: ${request.path} takes ${allowed}`;
    answerProblem(identity, request, response, 405, message);
  };
}

/** Late or with an error, as the knobs say; a visitor who left in the meantime is forgotten. */
function misbehave(
  knobs: Knobs,
  identity: Identity,
  request: Request,
  response: Response,
  next: () => void,
): void {
  const answer = (): void => {
    if (Math.random() >= knobs.errorRate) next();
    else answerProblem(identity, request, response, 500, 'This machine was told to fail');
  };
  if (knobs.delayMs === 0) {
    answer();
    return;
  }
  const timer = setTimeout(answer, knobs.delayMs);
  response.on('close', () => clearTimeout(timer));
}
