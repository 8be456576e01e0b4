/** Relais passes every case, however the bytes are cut; a plain pipe and broken ones must not. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Break, breakProxy } from '../../support/broken-proxy.ts';
import { TestPlane } from '../../support/start-data-plane.ts';
import { ANSWER_CASES } from './answer-cases.ts';
import type { AnswerCase, RequestCase } from './case.ts';
import { REQUEST_CASES } from './request-cases.ts';
import { runAnswerCase } from './run-answer-case.ts';
import { runRequestCase } from './run-request-case.ts';
import type { Subject } from './subject.ts';
import { startPipe } from './tcp-pipe.ts';
import type { Verdict } from './verdict.ts';
import { Witness } from './witness.ts';

/** In one process with the proxy, every turn of the event loop settles it. */
const SETTLE = { settleMs: 3 };

interface NamedCase {
  readonly name: string;
  readonly section: string;
}

async function assertAllPass<Case extends NamedCase>(
  cases: readonly Case[],
  run: (test: Case) => Promise<Verdict>,
): Promise<void> {
  const failed: string[] = [];
  for (const test of cases) {
    const { kind, why } = await run(test);
    if (kind !== 'pass') failed.push(`${test.name} (${test.section}): ${why}`);
  }
  assert.deepEqual(failed, []);
}

describe('Relais', () => {
  let plane: TestPlane;
  let subject: Subject;

  before(async () => {
    const witness = await Witness.start();
    plane = await TestPlane.start({ backends: [`127.0.0.1:${witness.port}`] });
    subject = { name: 'relais', port: plane.port, witness, patienceMs: 5000, ...SETTLE };
  });
  after(async () => {
    await plane.stop();
    await subject.witness.close();
  });

  for (const { category, cases } of REQUEST_CASES) {
    for (const split of ['whole', 'lines', 'bytes'] as const) {
      it(`${category}: ${cases.length} requests, sent in ${split}`, () =>
        assertAllPass(cases, test => runRequestCase(subject, test, split)));
    }
  }
  for (const { category, cases } of ANSWER_CASES) {
    it(`${category}: ${cases.length} answers`, () =>
      assertAllPass(cases, test => runAnswerCase(subject, test)));
  }
});

/** What no lenience excuses; a message that ends too early is no fault of a pipe. */
function mustBeRefused({ refused, lenient, fin }: RequestCase): boolean {
  return refused !== undefined && lenient === undefined && !fin;
}

/** A pipe passes an end on as it is: a cut answer stays one. */
function mustBeNoticed({ expect, lenient }: AnswerCase): boolean {
  return expect === 'refused' && lenient === undefined;
}

describe('a plain pipe', () => {
  let witness: Witness;
  let subject: Subject;
  let close: () => Promise<void>;

  before(async () => {
    witness = await Witness.start();
    const pipe = await startPipe(witness.port);
    close = pipe.close;
    subject = { name: 'pipe', port: pipe.port, witness, patienceMs: 100, ...SETTLE };
  });
  after(async () => {
    await close();
    await witness.close();
  });

  it('fails every request that must be refused', async () => {
    const cases = REQUEST_CASES.flatMap(group => group.cases).filter(mustBeRefused);
    assert.ok(cases.length > 700, `${cases.length}`);
    for (const test of cases) {
      const { kind } = await runRequestCase(subject, test, 'whole');
      assert.equal(kind, 'fail', test.name);
    }
  });

  it('fails the answers that must be refused', async () => {
    const cases = ANSWER_CASES.flatMap(group => group.cases).filter(mustBeNoticed);
    let failed = 0;
    for (const test of cases) {
      const { kind } = await runAnswerCase(subject, test);
      assert.notEqual(kind, 'pass', test.name);
      if (kind === 'fail') failed++;
    }
    // The others are answers that end too early: a pipe passes the end on, too.
    assert.ok(failed > 100, `${failed} of ${cases.length}`);
  });
});

/** Each is one line of the proxy, changed; the suite has to notice. */
const breaks: readonly (Break & { readonly what: string; readonly category: string })[] = [
  {
    what: 'lets Connection name framing and Host away',
    category: 'Connection',
    file: 'http1/connection-field.js',
    from: 'if (id === HOST || id === CONTENT_LENGTH || id === TRANSFER_ENCODING)',
    to: 'if (false)',
  },
  {
    what: 'takes any byte for the colon',
    category: 'field lines',
    file: 'http1/field-scanner.js',
    from: 'if (at === start || bytes[at] !== COLON)',
    to: 'if (at === start)',
  },
  {
    what: 'does not look at the byte behind the CR of a chunk',
    category: 'chunks',
    file: 'http1/chunk-scanner.js',
    from: "return byte === LF ? 'size-start' : 'bad';",
    to: "return 'size-start';",
  },
  {
    what: 'takes Content-Length for a number as JavaScript reads it',
    category: 'Content-Length',
    file: 'http1/body-framing.js',
    from: 'if (!isDigit(head.bytes[at]))',
    to: 'if (false)',
  },
];

describe('a proxy that', () => {
  for (const { what, category, ...edit } of breaks) {
    it(`${what} fails`, async () => {
      const broken = await breakProxy(edit);
      const file = path.join(path.dirname(broken.entry), 'worker/data-plane.js');
      const { DataPlane: build }: typeof import('../../../proxy/worker/data-plane.ts') =
        await import(pathToFileURL(file).href);
      const witness = await Witness.start();
      const plane = await TestPlane.start({ backends: [`127.0.0.1:${witness.port}`], build });
      const subject: Subject = {
        name: 'broken',
        port: plane.port,
        witness,
        patienceMs: 200,
        ...SETTLE,
      };
      try {
        assert.equal(await someRequestFails(subject, category), true);
      } finally {
        await broken.remove();
        await plane.stop();
        await witness.close();
      }
    });
  }
});

async function someRequestFails(subject: Subject, category: string): Promise<boolean> {
  const cases = REQUEST_CASES.find(group => group.category === category)?.cases ?? [];
  for (const test of cases) {
    if ((await runRequestCase(subject, test, 'whole')).kind === 'fail') return true;
  }
  return false;
}
