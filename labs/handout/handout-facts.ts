/**
 * What a handout takes from the run that verified its lab, kept beside it: with these facts and
 * the lab, the handout can be written again, and a stale one is found without a run.
 */

import path from 'node:path';
import { APP_PORT, addressPlan } from '../../vms/address-plan.ts';
import type { AddressBook } from '../harness/actions.ts';
import { commandOf } from '../harness/commands.ts';
import type { Lab, Step } from '../harness/lab.ts';
import type { RunResult, StepResult } from '../harness/result.ts';
import { listenersOf } from '../stage/listeners.ts';

export interface HandoutFacts {
  readonly schema: 1;
  readonly relais: string;
  readonly provider: string;
  readonly browser: string;
  readonly seconds: number;
  readonly requests: { readonly total: number; readonly failed: number };
  readonly steps: readonly StepFacts[];
}

export interface StepFacts {
  readonly id: string;
  readonly commands: readonly string[];
  /** What each command said; '' when it said nothing worth printing. */
  readonly outputs: readonly string[];
  readonly checks: readonly { readonly id: string; readonly because: string }[];
  /** The choice that came true; undefined when nothing was asked. */
  readonly happened?: string;
  /** Names of the pictures, beside the facts. */
  readonly shots: readonly { readonly id: string; readonly file: string }[];
}

/** Commands are typed in the folder of the configuration, so files in it are told by their names. */
export function factsOf(result: RunResult, runFolder: string): HandoutFacts {
  const nearby = (text: string): string => text.replaceAll(path.join(runFolder, 'proxy/'), '');
  const steps = result.steps.filter(({ id }) => id !== 'throughout');
  return {
    schema: 1,
    relais: result.environment.relais,
    provider: result.provider,
    browser: result.browser.found ? result.browser.name : '–',
    seconds: Math.round(result.durationMs / 1_000),
    requests: result.requests,
    steps: steps.map(step => stepFacts(step, result.language, nearby)),
  };
}

function stepFacts(
  step: StepResult,
  language: RunResult['language'],
  nearby: (text: string) => string,
): StepFacts {
  const happened = step.prediction?.choices.find(choice => choice.happened)?.id;
  return {
    id: step.id,
    commands: step.commands,
    outputs: step.outputs.map(nearby),
    checks: step.checks.map(({ id, verdict }) => ({ id, because: nearby(verdict.because) })),
    ...(happened === undefined ? {} : { happened }),
    shots: step.shots.map(({ id }) => ({ id, file: `${step.id}.${id}.${language}.png` })),
  };
}

/** What keeps the facts from being those of this lab as it is now; empty when they are. */
export function staleness(lab: Lab, facts: HandoutFacts): readonly string[] {
  const ids = lab.steps.map(({ id }) => id).join(', ');
  const known = facts.steps.map(({ id }) => id).join(', ');
  if (ids !== known) return [`its steps are ${ids}; the run had ${known}`];
  return lab.steps.flatMap((step, index) => {
    const had = facts.steps[index];
    return had === undefined ? [] : stalenessOfStep(lab, step, had);
  });
}

function stalenessOfStep(lab: Lab, step: Step, had: StepFacts): readonly string[] {
  const commands = step.act.map(action => commandOf(action, nominalAddress(lab)));
  const checks = [...step.check, ...(step.during ?? [])].map(({ id }) => id);
  const shots = (step.see ?? []).map(({ id }) => id);
  return [
    ...differs(`commands of ${step.id}`, commands, had.commands),
    ...differs(
      `checks of ${step.id}`,
      checks,
      had.checks.map(({ id }) => id),
    ),
    ...differs(
      `pictures of ${step.id}`,
      shots,
      had.shots.map(({ id }) => id),
    ),
  ];
}

function differs(what: string, now: readonly string[], then: readonly string[]): readonly string[] {
  if (now.join('\n') === then.join('\n')) return [];
  return [`the ${what} are ${now.join(' | ')}; the run had ${then.join(' | ')}`];
}

/** As on machines with real addresses, where handouts are made. */
function nominalAddress(lab: Lab): AddressBook {
  const plan = addressPlan();
  const listeners = listenersOf(lab, plan, plan.hub);
  return (machine, from) => {
    const outside = `127.0.0.1:${lab.machines[machine]?.forwardedPort}`;
    const inside = `${lab.machines[machine]?.ip ?? machine}:${APP_PORT}`;
    return listeners[machine] ?? (from === 'outside' ? outside : inside);
  };
}
