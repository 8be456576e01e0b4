/** What a learner may ask for, and what comes of it. */
import { messageOf } from '../harness/errors.ts';
import { joined } from '../harness/figures.ts';
import { type Text, t } from '../harness/text.ts';
import type { LearnSession } from './learn-session.ts';
import type { LearnRequest } from './learn-view.ts';
import { solveStep } from './solve-step.ts';
import type { StepInHand } from './step-in-hand.ts';
import { whyStep } from './why-panel.ts';

const notDone = t(
  'The step is not done: every check must be green. To leave it out: k.',
  'L’étape n’est pas finie : toutes les vérifications doivent être vertes. Pour la sauter : k.',
);
const predictFirst = t(
  'First say what you expect: type the number of an answer.',
  'Dites d’abord ce que vous attendez : tapez le numéro d’une réponse.',
);
const nothingToUndo = t(
  'Nothing has changed since the step began: there is nothing to take back.',
  'Rien n’a changé depuis le début de l’étape : il n’y a rien à annuler.',
);
const nothingToRun = t(
  'There is nothing to type in this step: look at what happens.',
  'Il n’y a rien à taper dans cette étape : regardez ce qui se passe.',
);
const askReset = t(
  'Begin this step anew? Machines and proxy go back to how they were at its start. (y/n)',
  'Recommencer cette étape ? Machines et proxy reviennent à leur état du début. (o/n)',
);

type Kind = LearnRequest['kind'];
type Of<K extends Kind> = Extract<LearnRequest, { kind: K }> & { readonly kind: K };
type Answers = { readonly [K in Kind]: (hand: StepInHand, request: Of<K>) => void };

/** While something is under way only this may be asked. */
const always: ReadonlySet<Kind> = new Set(['language', 'keys', 'list', 'close', 'why']);

export class LearnerRequests {
  readonly #session: LearnSession;
  readonly #answers: Answers;
  #working: Promise<void> = Promise.resolve();

  constructor(session: LearnSession) {
    this.#session = session;
    const show = (panel: LearnSession['panel']) => () => {
      session.panel = panel;
    };
    this.#answers = {
      quit: () => session.end(),
      next: hand => this.#next(hand),
      hint: hand => {
        session.panel = hand.ladder.next(hand.diagnosis(session.language), hand.commands);
      },
      why: (hand, { check }) => {
        session.panel = whyStep(hand, session.keeper.throughout, check, session) ?? session.panel;
      },
      predict: (hand, { choice }) => this.#predict(hand, choice),
      solve: hand => this.#solve(hand),
      reset: show({ kind: 'question', ask: askReset }),
      yes: () => {
        if (session.panel?.kind === 'question') this.#goTo(session.keeper.index);
      },
      no: show(undefined),
      undo: () => this.#undo(),
      skip: hand => this.#skip(hand),
      'go-to': (_, { step }) => this.#goTo(step - 1),
      list: show({ kind: 'steps' }),
      keys: show({ kind: 'keys' }),
      close: show(undefined),
      language: () => {
        session.language = session.language === 'en' ? 'fr' : 'en';
        session.parts.onLanguage(session.language);
      },
    };
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#working;
  }

  take(request: LearnRequest): void {
    const session = this.#session;
    const { hand } = session;
    if (request.kind === 'quit') session.end();
    if (hand === undefined || (session.busy !== undefined && !always.has(request.kind))) return;
    if (!always.has(request.kind)) session.notice = undefined;
    // The table has for each kind what takes this kind.
    const answer = this.#answers[request.kind] as (hand: StepInHand, request: LearnRequest) => void;
    answer(hand, request);
    session.show();
  }

  #next(hand: StepInHand): void {
    const session = this.#session;
    const next = session.keeper.index + 1;
    if (hand.isAwaiting(session.book.chosen(hand.step))) session.notice = predictFirst;
    else if (!hand.isDone) session.notice = notDone;
    else if (next >= session.steps.length) this.#end();
    else {
      this.#perform(t('The next step begins', 'L’étape suivante commence'), async () => {
        await session.keeper.begin(next, session.language);
        session.stepBegun();
      });
    }
  }

  #skip({ step }: StepInHand): void {
    const session = this.#session;
    session.book.skip(step);
    const next = session.keeper.index + 1;
    if (next >= session.steps.length) this.#end();
    else this.#goTo(next);
  }

  #end(): void {
    this.#session.book.end();
    this.#session.end();
  }

  #goTo(index: number): void {
    const session = this.#session;
    const step = session.steps[index];
    if (step === undefined) {
      const last = session.steps.length;
      session.notice = t(`The steps are 1 to ${last}.`, `Les étapes vont de 1 à ${last}.`);
      return;
    }
    const { en, fr } = step.title;
    this.#perform(t(`To the start of “${en}”`, `Vers le début de « ${fr} »`), async () => {
      await session.keeper.restore(index, session.language);
      session.stepBegun();
    });
  }

  #predict({ step, isDone }: StepInHand, choice: number): void {
    const chosen = step.predict?.choices[choice - 1];
    if (chosen === undefined || isDone) return;
    this.#session.book.predict(step, { chosen: chosen.id });
  }

  #solve(hand: StepInHand): void {
    const session = this.#session;
    if (hand.step.act.length === 0) {
      session.notice = nothingToRun;
      return;
    }
    this.#perform(t('The kit types for you', 'Le kit tape à votre place'), async () => {
      const complaint = await solveStep(hand, session.play, done => {
        session.panel = { kind: 'solution', commands: hand.commands, done };
        session.show();
      });
      if (complaint !== undefined) session.notice = t(complaint, complaint);
    });
  }

  #undo(): void {
    const session = this.#session;
    this.#perform(
      t('Taking the last change back', 'Annulation du dernier changement'),
      async () => {
        const undone = await session.undo.undo(session.watch.world, session.play.signal);
        const what = joined(undone, ', ');
        const told = t(`Taken back: ${what.en}.`, `Annulé : ${what.fr}.`);
        session.notice = undone.length === 0 ? nothingToUndo : told;
      },
    );
  }

  #perform(busy: Text, work: () => Promise<void>): void {
    const session = this.#session;
    session.busy = busy;
    this.#working = work()
      .catch((error: unknown) => {
        const reason = messageOf(error);
        if (session.play.signal.aborted) return;
        session.notice = t(`That did not work: ${reason}`, `Cela n’a pas marché : ${reason}`);
      })
      .finally(() => {
        session.busy = undefined;
        session.show();
      });
  }
}
