/** The proxies of a stage: the lab's own and, where the lab has two, the one in front of it. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { HERE, type Platform } from '../../vms/platform.ts';
import type { Room } from '../../vms/provider.ts';
import { PROXY } from '../harness/actions.ts';
import type { EdgePlan } from '../harness/proxy-plan.ts';
import type { ProxyControl } from '../harness/run/stage.ts';
import { crowdSocket, sendCrowdHome } from './ask-crowd.ts';
import { LastingControl } from './lasting-control.ts';
import { EDGE } from './listeners.ts';
import { type ProxyConfig, proxyFiles, writeProxyConfig } from './proxy-config.ts';
import { PROXY_PROGRAM, startProxy } from './start-proxy.ts';

export interface ProxiesRequest {
  readonly room: Room;
  readonly entry: string;
  /** Of the configurations, and of what they name. */
  readonly folder: string;
  /** Of the lab's own proxy. */
  readonly config: ProxyConfig;
  readonly edge: EdgePlan | undefined;
  /** By name of the proxy. */
  readonly listeners: Readonly<Record<string, string>>;
}

export interface StageProxies {
  /** Of the lab's own proxy. */
  readonly proxy: ProxyControl;
  readonly configFile: string;
  /** Starts all of them anew, with the configurations of the start. */
  restart(signal: AbortSignal): Promise<void>;
}

export async function startProxies(
  request: ProxiesRequest,
  signal: AbortSignal,
): Promise<StageProxies> {
  const { room, folder } = request;
  const programs = [ownProgram(request), ...edgePrograms(request)];
  const startAll = async (until: AbortSignal): Promise<ProxyControl> => {
    const [own, ...others] = await Promise.all(
      programs.map(async ({ name, config, port }) => {
        const configFile = await writeProxyConfig(folder, config);
        const { commandSocket } = config;
        const ports = port === undefined ? [] : [port];
        return startProxy(
          room,
          { name, entry: request.entry, configFile, commandSocket, ports },
          until,
        );
      }),
    );
    await Promise.all(others.map(other => other.close()));
    if (own === undefined) throw new Error('no proxy was started');
    return own;
  };
  const proxy = new LastingControl(await startAll(signal));
  return {
    proxy,
    configFile: path.join(folder, proxyFiles(PROXY).config),
    restart: async until => {
      await proxy.close();
      const stopped = programs.map(({ name }) => room.stopHub(name, 0));
      await Promise.all([...stopped, room.endCompanions(1_000)]);
      await removeSockets(request.config.commandSocket);
      proxy.replace(await startAll(until));
    },
  };
}

/** Removes what programs that were ended leave behind. */
export async function removeSockets(
  commandSocket: string,
  platform: Platform = HERE,
): Promise<void> {
  // On Linux it has ended with the other companions.
  if (platform !== 'linux') await sendCrowdHome(commandSocket);
  const sockets = [commandSocket, edgeSocket(commandSocket), crowdSocket(commandSocket)];
  await Promise.all(sockets.map(socket => rm(socket, { force: true })));
}

function edgeSocket(commandSocket: string): string {
  return `${commandSocket}.${EDGE}`;
}

interface Program {
  readonly name: string;
  readonly config: ProxyConfig;
  /** Of the listener that visitors reach, opened for it outside. */
  readonly port: number | undefined;
}

function ownProgram({ config, edge }: ProxiesRequest): Program {
  return {
    name: PROXY_PROGRAM,
    config,
    port: edge === undefined ? portOf(config.listener) : undefined,
  };
}

/** It passes everything on to the lab's own proxy. */
function edgePrograms({ config, edge, listeners }: ProxiesRequest): readonly Program[] {
  const listener = listeners[EDGE];
  if (edge === undefined || listener === undefined) return [];
  const edgeConfig: ProxyConfig = {
    name: EDGE,
    language: config.language,
    listener,
    commandSocket: edgeSocket(config.commandSocket),
    backends: [PROXY],
    addressOf: () => config.listener,
    plan: { frontends: [{ hostname: '*' }], ...edge },
  };
  return [{ name: EDGE, config: edgeConfig, port: portOf(listener) }];
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
