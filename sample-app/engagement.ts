/** Do visitors only look, or do they do something? Counted for the version that this process runs. */
import type { RequestHandler } from 'express';
import { wantsJson } from './answers.ts';
import type { Identity } from './identity.ts';
import { languageOf } from './text.ts';

export interface Engagement {
  readonly visits: number;
  readonly engaged: number;
}

export interface EngagementCounter {
  readonly counted: Engagement;
  visited(): void;
  engaged(): void;
}

export function createEngagementCounter(): EngagementCounter {
  let counted: Engagement = { visits: 0, engaged: 0 };
  return {
    get counted() {
      return counted;
    },
    visited: () => {
      counted = { ...counted, visits: counted.visits + 1 };
    },
    engaged: () => {
      counted = { ...counted, engaged: counted.engaged + 1 };
    },
  };
}

/** The page again for a browser, so that going back or on asks for nothing twice; 204 for programs. */
export function engage(counter: EngagementCounter): RequestHandler {
  return (request, response) => {
    counter.engaged();
    if (wantsJson(request, response)) response.status(204).end();
    else response.redirect(303, `${request.baseUrl}/?engaged=1&lang=${languageOf(request)}`);
  };
}

export function answerEngagement(
  { machine, version }: Identity,
  counter: EngagementCounter,
): RequestHandler {
  return (_request, response) => {
    response.json({ machine, version, ...counter.counted });
  };
}
