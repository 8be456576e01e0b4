/** `lab doctor`: what the labs need, what was found, and one fix for each thing that is missing. */
import { createServer } from 'node:net';
import { addressPlan } from '../../vms/address-plan.ts';
import { findPortHolder } from '../../vms/port-holder.ts';
import { PROVIDERS } from '../../vms/registry.ts';
import { findBrowser } from '../browser/find-browser.ts';
import { type Text, t } from '../harness/text.ts';
import { attachStage } from '../stage/attach-stage.ts';
import { EXIT } from './exit-codes.ts';
import type { Session } from './session.ts';

interface Finding {
  readonly what: string;
  /** `limited`: labs run, with something less. */
  readonly state: 'ready' | 'limited' | 'missing';
  readonly found: Text;
  readonly fix?: string;
}

const MINIMUM = [20, 19] as const;

export async function doctorCommand(session: Session): Promise<number> {
  const findings = [
    nodeFinding(process.versions.node),
    ...(await providerFindings()),
    await browserFinding(session),
    ...(await portFindings(session)),
  ];
  const ready = canRun(findings);
  if (session.flags.json) session.json({ ready, findings });
  else tell(session, findings, ready);
  return ready ? EXIT.pass : EXIT.environment;
}

function tell(session: Session, findings: readonly Finding[], ready: boolean): void {
  const marks = { ready: '✔', limited: '!', missing: '✘' };
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const { what, state, found, fix } of findings) {
    session.print(`${marks[state]} ${what.padEnd(width)}  ${session.say(found)}`);
    if (fix !== undefined) session.print(`  ${' '.repeat(width)}  → ${fix}`);
  }
  const verdict = ready
    ? t('Labs can run here.', 'Les labs peuvent tourner ici.')
    : t('Labs cannot run yet: see ✘ above.', 'Les labs ne peuvent pas encore tourner : voir ✘.');
  session.print('', session.say(verdict));
}

function canRun(findings: readonly Finding[]): boolean {
  const machines = findings.filter(({ what }) => what.startsWith('machines'));
  const others = findings.filter(({ what }) => !what.startsWith('machines'));
  return (
    machines.some(({ state }) => state === 'ready') &&
    others.every(({ state }) => state !== 'missing')
  );
}

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = MINIMUM;
  const enough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  const found = t(version, version);
  if (enough) return { what: 'Node.js', state: 'ready', found };
  return {
    what: 'Node.js',
    state: 'missing',
    found,
    fix: `install Node.js ${MINIMUM.join('.')} or later`,
  };
}

async function providerFindings(): Promise<readonly Finding[]> {
  return Promise.all(
    PROVIDERS.map(async ({ name, probe }): Promise<Finding> => {
      const readiness = await probe();
      const what = `machines: ${name}`;
      if (!readiness.ready) {
        const found = t(readiness.reason, readiness.reason);
        return { what, state: 'missing', found, fix: readiness.fix };
      }
      const note = readiness.note ?? '';
      return { what, state: 'ready', found: t(`ready ${note}`.trim(), `prêt ${note}`.trim()) };
    }),
  );
}

async function browserFinding(session: Session): Promise<Finding> {
  const browser = await findBrowser(session.env);
  if (browser.found) {
    const found = `${browser.name} ${browser.version ?? ''} ${browser.executablePath}`;
    return { what: 'browser', state: 'ready', found: t(found, found) };
  }
  return {
    what: 'browser',
    state: 'limited',
    found: t(browser.reason, browser.reason),
    fix: `${browser.fix} (or use --no-browser)`,
  };
}

async function portFindings(session: Session): Promise<readonly Finding[]> {
  const { instance } = session.flags;
  const plan = addressPlan(instance);
  if ((await attachStage(session.home, instance)) !== undefined) {
    return [
      {
        what: 'ports',
        state: 'limited',
        found: t(`a lab runs on instance ${instance}`, `un lab tourne sur l’instance ${instance}`),
        fix: 'lab clean',
      },
    ];
  }
  const ports = [
    plan.proxyPort,
    ...Object.values(plan.machines).map(({ forwardedPort }) => forwardedPort),
  ];
  const problems = (await Promise.all(ports.map(portFinding))).flatMap(finding => finding ?? []);
  if (problems.length > 0) return problems;
  const list = ports.join(', ');
  return [{ what: 'ports', state: 'ready', found: t(`free: ${list}`, `libres : ${list}`) }];
}

async function portFinding(port: number): Promise<Finding | undefined> {
  if (await isFree(port)) return undefined;
  const holder = await findPortHolder('127.0.0.1', port);
  const who = holder === undefined ? '?' : `${holder.name} (pid ${holder.pid})`;
  return {
    what: `port ${port}`,
    state: 'missing',
    found: t(`in use by ${who}`, `occupé par ${who}`),
    fix: holder === undefined ? 'use --instance 1' : `kill ${holder.pid}, or use --instance 1`,
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
