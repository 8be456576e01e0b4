/** All cases against one proxy in a process of its own, which is started again when it ends. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { askAfter } from '../../test/conformance/http1/after-case.ts';
import { ANSWER_CASES } from '../../test/conformance/http1/answer-cases.ts';
import { REQUEST_CASES } from '../../test/conformance/http1/request-cases.ts';
import { runAnswerCase } from '../../test/conformance/http1/run-answer-case.ts';
import { runRequestCase } from '../../test/conformance/http1/run-request-case.ts';
import type { Subject } from '../../test/conformance/http1/subject.ts';
import { fail, type Verdict } from '../../test/conformance/http1/verdict.ts';
import { Witness } from '../../test/conformance/http1/witness.ts';
import type { Crew, CrewMember } from '../bench/crew.ts';
import type { Peer } from '../bench/peer.ts';
import { freePorts } from '../bench/ready.ts';
import type { Finding, PeerFindings } from './tally.ts';

/** Long enough for a busy computer; a case that hangs costs as much. */
const PATIENCE_MS = 1500;
/** Another process has to wake up in between. */
const SETTLE_MS = 10;
const START_MS = 30_000;

export async function runPeer(crew: Crew, peer: Peer, folder: string): Promise<PeerFindings> {
  const witness = await Witness.start();
  try {
    const [port = 0] = await freePorts(1);
    const process = new PeerProcess(crew, peer, path.join(folder, peer.name.replace('/', '-')), {
      name: peer.name,
      port,
      witness,
      patienceMs: PATIENCE_MS,
      settleMs: SETTLE_MS,
    });
    await process.start();
    return { peer: peer.name, findings: await findings(process), crashes: process.crashes };
  } finally {
    await witness.close();
  }
}

async function findings(process: PeerProcess): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { category, cases } of REQUEST_CASES) {
    for (const test of cases) {
      const verdict = await process.judge(subject => runRequestCase(subject, test, 'whole'));
      found.push({ side: 'requests', category, name: test.name, section: test.section, verdict });
    }
  }
  for (const { category, cases } of ANSWER_CASES) {
    for (const test of cases) {
      const verdict = await process.judge(subject => runAnswerCase(subject, test));
      found.push({ side: 'answers', category, name: test.name, section: test.section, verdict });
    }
  }
  return found;
}

class PeerProcess {
  crashes = 0;
  private readonly crew: Crew;
  private readonly peer: Peer;
  private readonly folder: string;
  private readonly subject: Subject;
  private member: CrewMember | undefined = undefined;

  constructor(crew: Crew, peer: Peer, folder: string, subject: Subject) {
    this.crew = crew;
    this.peer = peer;
    this.folder = folder;
    this.subject = subject;
  }

  async start(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const file = await this.peer.locate();
    if (file === undefined) throw new Error(`${this.peer.name} is missing: ${this.peer.remedy}`);
    const program = await this.peer.prepare(file, {
      folder: this.folder,
      address: `127.0.0.1:${this.subject.port}`,
      backends: [`127.0.0.1:${this.subject.witness.port}`],
      host: 'web',
      accessLog: undefined,
      moreClusters: 0,
      connectTimeoutSeconds: 3,
      backTimeoutSeconds: 30,
    });
    this.member = this.crew.start(this.peer.name, program);
    await this.ready(this.member);
  }

  async judge(run: (subject: Subject) => Promise<Verdict>): Promise<Verdict> {
    const verdict = await run(this.subject).catch((error: Error) => fail(error.message));
    if (this.member?.isRunning()) return verdict;
    this.crashes++;
    await this.start();
    return fail(`the proxy ended (${verdict.why})`);
  }

  private async ready(member: CrewMember): Promise<void> {
    const end = performance.now() + START_MS;
    for (;;) {
      const problem = await askAfter(this.subject).catch((error: Error) => error.message);
      if (problem === undefined) return;
      if (!member.isRunning()) throw new Error(`${this.peer.name} ended: ${member.words()}`);
      if (performance.now() > end) throw new Error(`${this.peer.name} does not serve: ${problem}`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
