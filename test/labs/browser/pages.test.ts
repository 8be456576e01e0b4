/** A real browser before a local server: what it reports, and that nothing of it stays. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createRawServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { execa, type Options } from 'execa';
import { findBrowser } from '../../../labs/browser/find-browser.ts';
import { type LabBrowser, openBrowser } from '../../../labs/browser/pages.ts';
import { descendants } from '../../support/descendants.ts';
import { eventually } from '../../support/eventually.ts';
import { watchResidue } from '../../support/no-residue.ts';

const chosen = await findBrowser(process.env);
const skip = !chosen.found && `no browser: ${chosen.reason}; ${chosen.fix}`;
const executablePath = chosen.found ? chosen.executablePath : '';

const server = createServer(answer);
let origin = '';
let visits = 0;

function answer(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  if (request.url === '/503') {
    response.writeHead(503, 'No machine left').end('<h1>503</h1><p>Come back later</p>');
  } else if (request.url === '/empty-502') {
    response.writeHead(502, { 'content-length': '0' }).end();
  } else if (request.url === '/') {
    visits += 1;
    const cookie = request.headers.cookie ?? 'none';
    const language = request.headers['accept-language'] ?? 'none';
    response.setHeader('set-cookie', `visit=${visits}`);
    response.setHeader('x-relais-machine', 'brave-red-fox-7');
    response.setHeader('x-relais-version', 'v1');
    response.end(`<h1>👋  I am\n fox</h1><p>cookie ${cookie}</p><p hidden>secret</p>${language}`);
  } else {
    response.writeHead(404).end();
  }
}

// Everything temporary lands in a folder of the tests, so that what stays is seen.
const { TMPDIR: usualTmp } = process.env;
let folder = '';
let browser: LabBrowser | undefined;

const open = async (): Promise<LabBrowser> => {
  browser = await openBrowser({ executablePath, headed: false, slowMs: 0, language: 'fr' });
  return browser;
};

before(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(path.join(tmpdir(), 'relais-t-'));
  Object.assign(process.env, { TMPDIR: folder });
});
after(async () => {
  server.closeAllConnections();
  server.close();
  if (usualTmp === undefined) Reflect.deleteProperty(process.env, 'TMPDIR');
  else Object.assign(process.env, { TMPDIR: usualTmp });
  await rm(folder, { recursive: true });
});

describe('visit', { skip }, () => {
  let lab: LabBrowser;
  let visitsBefore = 0;
  before(async () => {
    lab = await open();
  });
  after(() => lab.close());
  beforeEach(() => {
    visitsBefore = visits;
  });

  it('tells status, reason, visible text, machine and version', async () => {
    const page = await lab.visit('alice', `${origin}/`);
    assert.deepEqual(page, {
      visitor: 'alice',
      url: `${origin}/`,
      status: 200,
      reason: 'OK',
      text: '👋 I am fox cookie none fr-FR',
      machine: 'brave-red-fox-7',
      version: 'v1',
    });
  });

  it('gives each visitor cookies of their own, kept when they come again', async () => {
    const texts: string[] = [];
    for (const label of ['carol', 'bob', 'carol', 'carol']) {
      texts.push((await lab.visit(label, `${origin}/`)).text.replace(/.*(cookie \S+).*/, '$1'));
    }
    assert.deepEqual(texts, [
      'cookie none',
      'cookie none',
      `cookie visit=${visitsBefore + 1}`,
      `cookie visit=${visitsBefore + 3}`,
    ]);
  });

  it('lets one visitor make one visit at a time, and others meanwhile', async () => {
    const labels = ['alice', 'alice', 'bob', 'alice'];
    const pages = await Promise.all(labels.map(label => lab.visit(label, `${origin}/`)));
    assert.deepEqual(
      pages.map(page => page.visitor),
      labels,
    );
    assert.equal(visits - visitsBefore, 4);
  });

  it('tells an error page with the reason phrase that reached the browser', async () => {
    const page = await lab.visit('alice', `${origin}/503`);
    assert.equal(page.status, 503);
    assert.equal(page.reason, 'No machine left');
    assert.equal(page.text, '503 Come back later');
    assert.equal('machine' in page, false);
  });

  it('tells the status of an error without a body', async () => {
    const page = await lab.visit('alice', `${origin}/empty-502`);
    assert.equal(page.status, 502);
    assert.equal(page.reason, 'Bad Gateway');
  });

  it('keeps a screenshot', async () => {
    const shot = path.join(folder, 'shots', 'step', 'alice.png');
    const page = await lab.visit('alice', `${origin}/`, { shot });
    assert.equal(page.shot, shot);
    const png = await readFile(shot);
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
    assert.equal(png.readUInt32BE(16), 1024, 'width');
    await rm(path.join(folder, 'shots'), { recursive: true });
  });

  it('names the visitor, the address and the reason when nothing answers', async () => {
    const gone = createRawServer();
    await new Promise<void>(resolve => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise(resolve => gone.close(resolve));
    await assert.rejects(
      lab.visit('carol', `http://127.0.0.1:${port}/`),
      /browser of visitor carol could not open http:\/\/127.*ERR_CONNECTION_REFUSED/,
    );
  });

  it('recovers after a visit that failed', async () => {
    await assert.rejects(lab.visit('alice', 'http://127.0.0.1:1/'));
    assert.equal((await lab.visit('alice', `${origin}/`)).status, 200);
  });
});

describe('openBrowser', { skip }, () => {
  afterEach(() => browser?.close());

  it('leaves no process and no file behind, and closes twice', async () => {
    const others = descendants(process.pid);
    const lab = await open();
    await lab.visit('alice', `${origin}/`);
    const started = descendants(process.pid).filter(pid => !others.includes(pid));
    if (process.platform === 'linux') assert.ok(started.length > 0, 'the browser is seen running');
    await lab.close();
    await lab.close();
    await eventually('processes ended', () => started.every(pid => !isAlive(pid)));
    assert.deepEqual(await readdir(folder), []);
  });

  it('kills a browser that hangs', {
    skip: process.platform !== 'linux' && 'reads /proc',
  }, async () => {
    const others = descendants(process.pid);
    const lab = await open();
    const started = descendants(process.pid).filter(pid => !others.includes(pid));
    for (const pid of started) process.kill(pid, 'SIGSTOP');
    const from = performance.now();
    await lab.close();
    assert.ok(performance.now() - from < 20_000, 'sooner than Playwright itself would');
    await eventually('processes ended', () => started.every(pid => !isAlive(pid)));
    await eventually('files removed', async () => (await readdir(folder)).length === 0);
  });

  it('ends the browser when the launch is interrupted', async () => {
    const others = descendants(process.pid);
    const interruption = new AbortController();
    const launch = openBrowser({
      executablePath,
      headed: false,
      slowMs: 0,
      language: 'en',
      signal: interruption.signal,
    });
    interruption.abort(new Error('Ctrl-C'));
    await assert.rejects(launch, /Ctrl-C/);
    await eventually('processes ended', () =>
      descendants(process.pid).every(pid => others.includes(pid)),
    );
    assert.deepEqual(await readdir(folder), []);
  });

  it('leaves nothing in the home and the session folders either', async () => {
    const watch = await watchResidue();
    const script = `const lab = await open();
      await lab.visit('alice', ${JSON.stringify(`${origin}/`)});
      await lab.close();`;
    await runWith(script, { env: watch.env });
    await watch.assertNothingLeft();
  });

  it('sweeps what a killed run left, and nothing of a living one', async () => {
    await runWith("await open(); process.kill(process.pid, 'SIGKILL');", { reject: false });
    const left = await readdir(folder);
    assert.ok(left.length >= 2, `a killed run leaves something: ${left}`);
    const lab = await open();
    const during = await readdir(folder);
    assert.ok(during.length >= 2, `the living run has its own: ${during}`);
    assert.deepEqual(
      during.filter(entry => left.includes(entry)),
      [],
    );
    await lab.close();
    assert.deepEqual(await readdir(folder), []);
  });

  it('says what does not start, why and the fix', async () => {
    const broken = openBrowser({
      executablePath: process.execPath,
      headed: false,
      slowMs: 0,
      language: 'en',
    });
    await assert.rejects(broken, (error: Error) => {
      assert.ok(error.message.startsWith(`${process.execPath} does not start: `), error.message);
      assert.match(
        error.message,
        /it ended at once and said: .*bad option.*To fix it, set RELAIS_/,
      );
      return true;
    });
    assert.deepEqual(await readdir(folder), []);
  });

  it('starts where paths are long, though a socket path may not be', async () => {
    const long = path.join(folder, 'long'.repeat(15));
    await mkdir(long);
    Object.assign(process.env, { TMPDIR: long });
    try {
      const lab = await open();
      assert.equal((await lab.visit('alice', `${origin}/`)).status, 200);
      await lab.close();
      assert.deepEqual(await readdir(long), []);
    } finally {
      Object.assign(process.env, { TMPDIR: folder });
      await rm(long, { recursive: true });
    }
  });
});

/** Runs a script in a process of its own, in which `open()` opens a browser. */
async function runWith(script: string, options: Options): Promise<void> {
  const module = pathToFileURL(path.resolve(import.meta.dirname, '../../../labs/browser/pages.js'));
  const request = { executablePath, headed: false, slowMs: 0, language: 'en' };
  const preamble = `const { openBrowser } = await import(${JSON.stringify(module.href)});
    const open = () => openBrowser(${JSON.stringify(request)});`;
  await execa(process.execPath, ['--input-type=module', '-e', preamble + script], options);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
