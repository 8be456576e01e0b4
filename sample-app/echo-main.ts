/** Starts the echo app: `echo-app [ADDRESS]`, told by its environment who it is (settings.ts). */
import { hostname } from 'node:os';
import { createEchoApp } from './echo-app.ts';
import { createStoppableServers } from './graceful-stop.ts';
import { listen } from './listen.ts';
import { readListenAddress, readSettings, SettingsError } from './settings.ts';
import { stopOnSignal } from './stop-on-signal.ts';

async function start(): Promise<void> {
  const { V2 = '', ...env } = process.env;
  const settings = readSettings({ ...env, ...readListenAddress(process.argv[2]) }, process.pid);
  const { machine = hostname() } = settings;
  const servers = createStoppableServers();
  stopOnSignal(servers.stop);
  const port = await listen(settings, createEchoApp({ machine, html: V2 !== '' }), servers.watch);
  process.stdout.write(`${machine} is started - listening on ${port}\n`);
}

/** Whoever read our output may be gone; the app goes on. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

start().catch((error: unknown) => {
  const expected = error instanceof SettingsError;
  const text = expected ? `echo-app: ${error.message}` : String((error as Error).stack);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
