/** Makes the stage: machines up in parallel, then the proxy beside them. All of it or nothing. */
import { rm } from 'node:fs/promises';
import { addressPlan } from '../../vms/address-plan.ts';
import type { Room, RoomProgress } from '../../vms/provider.ts';
import { PROXY } from '../harness/actions.ts';
import { duration } from '../harness/figures.ts';
import type { ConfigTable, ProxyPlan } from '../harness/proxy-plan.ts';
import { unlessInterrupted } from '../harness/run/interruptible.ts';
import type { OpenStage, StageRequest } from '../harness/run/lab-parts.ts';
import { commandSocketPath, instanceFolder } from '../harness/run/run-folder.ts';
import { t } from '../harness/text.ts';
import { startingMachines } from '../harness/world.ts';
import { commandsFolder, makeLabShell } from './lab-shell.ts';
import { listenersOf } from './listeners.ts';
import { machineSpecs } from './machine-specs.ts';
import { adminKeys, monitorData, monitorPlan, startMonitor, writeMonitorFiles } from './monitor.ts';
import type { ProxyConfig } from './proxy-config.ts';
import { logReader } from './read-log.ts';
import { removeStageNote, type StageNote, writeStageNote } from './stage-file.ts';
import { removeSockets, startProxies } from './stage-proxies.ts';

export async function openStage(request: StageRequest, signal: AbortSignal): Promise<OpenStage> {
  const { lab, provider, options } = request;
  const folder = instanceFolder(options.home, options.instance);
  const plan = addressPlan(options.instance);
  const label = `lab ${lab.id}`;
  let opening = true;
  const onProgress = ({ machine, text, ms }: RoomProgress): void => {
    const line = `${duration(ms)[options.language]} ${machine ?? provider.name}: ${text}`;
    if (opening) request.progress(t(line, line));
  };
  const room = await provider.open({ folder, subnet: plan.subnet, label, onProgress });
  const commandSocket = commandSocketPath(folder);
  const close = once(async () => {
    await room.close();
    await removeSockets(commandSocket);
    await rm(commandsFolder(folder), { recursive: true, force: true, maxRetries: 5 });
    await rm(monitorData(folder), { recursive: true, force: true, maxRetries: 5 });
    await removeStageNote(folder);
  });
  try {
    const building = build(request, room, commandSocket, signal);
    const { configFile, ...built } = await unlessInterrupted(building, signal);
    opening = false;
    const url = `http://localhost:${plan.proxyPort}/`;
    const note: StageNote = {
      lab: lab.id,
      provider: provider.name,
      subnet: plan.subnet,
      label,
      url,
      commandSocket,
      configFile,
      proxyEntry: options.proxyEntry,
      proxyPorts: lab.proxy.edge === undefined ? [plan.proxyPort] : [],
      seed: options.seed,
      language: options.language,
      shell: { cwd: built.shell.cwd, env: built.shell.env },
      left: false,
    };
    await writeStageNote(folder, note);
    return {
      room,
      url,
      ...built,
      readLog: logReader(room, request.proxyFolder),
      close: async () => {
        await built.proxy.close();
        await close();
      },
      leave: async () => {
        await built.proxy.close();
        await writeStageNote(folder, { ...note, left: true });
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Built = Pick<OpenStage, 'proxy' | 'listeners' | 'machines' | 'shell' | 'restartProxy'> & {
  readonly configFile: string;
};

async function build(
  { lab, options, proxyFolder, progress }: StageRequest,
  room: Room,
  commandSocket: string,
  signal: AbortSignal,
): Promise<Built> {
  const plan = addressPlan(options.instance);
  const monitor = monitorPlan(lab.proxy, plan);
  const listeners = listenersOf(lab, plan, room.hubAddress);
  const machines = machineSpecs(lab.machines, plan, options.seed, listeners[PROXY]);
  const specs = startingMachines(lab).flatMap(name => machines.get(name) ?? []);
  const names = specs.map(({ name }) => name).join(', ');
  progress(t(`Starting ${names}`, `Démarrage de ${names}`));
  const statuses = await Promise.all(specs.map(spec => room.up(spec, signal)));
  const addresses = new Map(statuses.map(({ name, address }) => [name, address]));
  progress(t('Starting the proxy', 'Démarrage du proxy'));
  if (monitor !== undefined) await writeMonitorFiles(proxyFolder, monitor);
  const addressOf = (name: string): string => {
    const spec = machines.get(name);
    return spec === undefined ? name : room.addressOf(spec);
  };
  const config: ProxyConfig = {
    language: options.language,
    listener: listeners[PROXY] ?? '',
    commandSocket,
    backends: lab.backends,
    addressOf: machine => addresses.get(machine) ?? addressOf(machine),
    plan: monitor === undefined ? lab.proxy : withKeys(lab.proxy, adminKeys(monitor)),
  };
  const { edge } = lab.proxy;
  const started = { room, entry: options.proxyEntry, folder: proxyFolder, config, edge, listeners };
  const { proxy, configFile, ...proxies } = await startProxies(started, signal);
  if (monitor !== undefined) {
    const dataFolder = monitorData(instanceFolder(options.home, options.instance));
    await startMonitor({ room, folder: proxyFolder, dataFolder, plan: monitor });
  }
  const shell = await makeLabShell({
    configFile,
    marks: room.companionMarks,
    native: room.nativeProgram,
    options,
  });
  const restartProxy = proxies.restart;
  return { proxy, listeners, machines, shell, configFile, restartProxy };
}

function withKeys(plan: ProxyPlan<string>, keys: ConfigTable): ProxyPlan<string> {
  return { ...plan, top: { ...plan.top, ...keys } };
}

function once(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= task();
    return running;
  };
}
