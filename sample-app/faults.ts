/** What a build, the knobs and the load do to a page before it is answered. */
import type { RequestHandler } from 'express';
import { answerProblem } from './answers.ts';
import type { Identity } from './identity.ts';
import type { KnobBoard } from './knob-board.ts';
import { type Text, t } from './text.ts';
import { VERSION_LOOKS } from './version.ts';
import { admit } from './workload.ts';

const OVERLOADED = t(
  'This machine has more to do than it can',
  'Cette machine a plus à faire qu’elle ne peut',
);
const TOLD_TO_FAIL = t(
  'This machine was told to fail',
  'On a dit à cette machine de répondre par une erreur',
);

/** Late, refused or with an error; a visitor who left in the meantime is forgotten. */
export function misbehave(identity: Identity, knobs: KnobBoard): RequestHandler {
  const { broken } = VERSION_LOOKS[identity.version];
  const badBuild = t(
    `This build is broken: ${identity.version} must not go live`,
    `Cette version est ratée : ${identity.version} ne doit pas aller en production`,
  );
  let running = 0;
  return (request, response, next) => {
    const fail = (status: number, message: Text): void =>
      answerProblem(identity, request, response, status, message);
    const { admitted, workMs } = admit(knobs.inForce, running, knobs.warmForMs());
    if (!admitted) {
      fail(503, OVERLOADED);
      return;
    }
    const { errorRate, errorStatus } = knobs.inForce;
    const answer = (): void => {
      if (broken) fail(500, badBuild);
      else if (Math.random() < errorRate) fail(errorStatus, TOLD_TO_FAIL);
      else next();
    };
    running += 1;
    const timer = workMs === 0 ? undefined : setTimeout(answer, workMs);
    response.on('close', () => {
      running -= 1;
      clearTimeout(timer);
    });
    if (timer === undefined) answer();
  };
}
