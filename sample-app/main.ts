/** Starts the sample app: one process, told by environment variables who it is (settings.ts). */
import { createApp } from './app.ts';
import { createStoppableServers } from './graceful-stop.ts';
import { createKnobBoard } from './knob-board.ts';
import { listen } from './listen.ts';
import { generateName } from './machine-name.ts';
import { readSettings, SettingsError } from './settings.ts';
import { stopOnSignal } from './stop-on-signal.ts';

async function start(): Promise<void> {
  const settings = readSettings(process.env, process.pid);
  const name = generateName(settings.nameSeed);
  const { machine = name, version, site, basePath, upstream } = settings;
  const servers = createStoppableServers();
  const stop = stopOnSignal(servers.stop);
  const knobs = createKnobBoard(settings.knobs, () => performance.now());
  const writeAccess = settings.accessLog
    ? (line: string) => void process.stdout.write(line)
    : undefined;
  const identity = { machine, name, version, site };
  const { stopToken: token } = settings;
  const stopOrder = token === undefined ? undefined : { token, stop: () => void stop() };
  const app = createApp(identity, { basePath, knobs, upstream, writeAccess, stopOrder });
  const port = await listen(settings, app, servers.watch);
  process.stdout.write(`🌍 ${name} is started - listening on ${port}\n`);
}

/** Whoever read our output may be gone; the site goes on. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

start().catch((error: unknown) => {
  const expected = error instanceof SettingsError;
  const text = expected ? `hello-earth: ${error.message}` : String((error as Error).stack);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
