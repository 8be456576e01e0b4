/** The container that is a machine: what it is called, and how it is made. */
import { createHash } from 'node:crypto';
import { macOf } from '../hub-network/addresses.ts';
import type { MachineSpec } from '../machine.ts';
import { MARK, type Marks } from '../programs/marked-processes.ts';

/** Carried by everything that is made in an engine; its value is the room's folder. */
export const ROOM_LABEL = 'relais.room';

/** Where an app and its output are in the container. */
export const APP_FOLDER = '/srv';
export const APP_LOG = '/var/log/relais-app.log';

/** The same for the same room in every process; two rooms never share one. */
export function roomKey(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 8);
}

export function networkName(key: string): string {
  return `relais-${key}`;
}

export function containerName(key: string, machine: string): string {
  return `relais-${key}-${machine}`;
}

/** `label=relais.room=FOLDER`, as a query of the engine's lists. */
export function ofRoom(folder: string): string {
  return encodeURIComponent(JSON.stringify({ label: [`${ROOM_LABEL}=${folder}`] }));
}

export interface ContainerPlan {
  readonly spec: MachineSpec;
  readonly image: string;
  readonly network: string;
  readonly folder: string;
  readonly marks: Marks;
  /** On our side. */
  readonly logFile: string;
  /** Published on 127.0.0.1, where the machine's address cannot be reached. */
  readonly publishedPort?: number;
}

/**
 * Init reaps what ends; a sleeper keeps the machine while its app comes and goes. It may change
 * its own network, so that packets can be swallowed in it, and nothing else of the engine's.
 */
export function containerConfig(plan: ContainerPlan): object {
  const { spec, network, marks } = plan;
  const port = `${spec.port}/tcp`;
  const published = plan.publishedPort === undefined ? {} : publishedAt(port, plan.publishedPort);
  return {
    Image: plan.image,
    Hostname: spec.name,
    Cmd: ['sleep', 'infinity'],
    Env: Object.entries({ ...marks, [MARK.machine]: spec.name }).map(entry => entry.join('=')),
    Labels: { [ROOM_LABEL]: plan.folder, 'relais.machine': spec.name },
    MacAddress: macOf(spec.ip),
    StopTimeout: 0,
    ...(plan.publishedPort !== undefined && { ExposedPorts: { [port]: {} } }),
    HostConfig: {
      Init: true,
      NetworkMode: network,
      CapAdd: ['NET_ADMIN'],
      LogConfig: { Type: 'none' },
      RestartPolicy: { Name: 'no' },
      Mounts: [{ Type: 'bind', Source: plan.logFile, Target: APP_LOG }],
      ...published,
    },
    NetworkingConfig: {
      EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: spec.ip } } },
    },
  };
}

function publishedAt(port: string, hostPort: number): object {
  return { PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: String(hostPort) }] } };
}
