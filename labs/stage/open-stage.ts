/** Makes the stage: machines up in parallel, then the proxy beside them. All of it or nothing. */
import { rm } from 'node:fs/promises';
import { addressPlan } from '../../vms/address-plan.ts';
import type { Room } from '../../vms/provider.ts';
import { unlessInterrupted } from '../harness/run/interruptible.ts';
import type { OpenStage, StageRequest } from '../harness/run/lab-parts.ts';
import { commandSocketPath, instanceFolder } from '../harness/run/run-folder.ts';
import { t } from '../harness/text.ts';
import { machineSpecs } from './machine-specs.ts';
import { writeProxyConfig } from './proxy-config.ts';
import { removeStageNote, type StageNote, writeStageNote } from './stage-file.ts';
import { startProxy } from './start-proxy.ts';

export async function openStage(request: StageRequest, signal: AbortSignal): Promise<OpenStage> {
  const { lab, provider, options } = request;
  const folder = instanceFolder(options.home, options.instance);
  const plan = addressPlan(options.instance);
  const label = `lab ${lab.id}`;
  const room = await provider.open({ folder, subnet: plan.subnet, label });
  const commandSocket = commandSocketPath(folder);
  const close = once(async () => {
    await room.close();
    await rm(commandSocket, { force: true });
    await removeStageNote(folder);
  });
  try {
    const building = build(request, room, commandSocket, signal);
    const { proxy, machines, configFile } = await unlessInterrupted(building, signal);
    const url = `http://localhost:${plan.proxyPort}/`;
    const note: StageNote = {
      lab: lab.id,
      provider: provider.name,
      subnet: plan.subnet,
      label,
      url,
      commandSocket,
      configFile,
      seed: options.seed,
      language: options.language,
      left: false,
    };
    await writeStageNote(folder, note);
    return {
      room,
      proxy,
      url,
      machines,
      close: async () => {
        await proxy.close();
        await close();
      },
      leave: async () => {
        await proxy.close();
        await writeStageNote(folder, { ...note, left: true });
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Built = Pick<OpenStage, 'proxy' | 'machines'> & { readonly configFile: string };

async function build(
  { lab, options, proxyFolder, progress }: StageRequest,
  room: Room,
  commandSocket: string,
  signal: AbortSignal,
): Promise<Built> {
  const plan = addressPlan(options.instance);
  const machines = machineSpecs(lab.machines, plan, options.seed);
  const specs = lab.backends.flatMap(name => machines.get(name) ?? []);
  const names = specs.map(({ name }) => name).join(', ');
  progress(t(`Starting ${names}`, `Démarrage de ${names}`));
  const statuses = await Promise.all(specs.map(spec => room.up(spec, signal)));
  progress(t('Starting the proxy', 'Démarrage du proxy'));
  const configFile = await writeProxyConfig(proxyFolder, {
    language: options.language,
    listener: `127.0.0.1:${plan.proxyPort}`,
    commandSocket,
    backends: statuses.map(({ name, address }) => ({ name, address })),
  });
  const start = { entry: options.proxyEntry, configFile, commandSocket, port: plan.proxyPort };
  const proxy = await startProxy(room, start, signal);
  return { proxy, machines, configFile };
}

function once(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= task();
    return running;
  };
}
