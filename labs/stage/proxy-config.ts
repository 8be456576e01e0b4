/** The proxy's configuration as a learner would write it, with comments in the learner's language. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROXY } from '../harness/actions.ts';
import { CLUSTER } from '../harness/commands.ts';
import type { ClusterPlan, ConfigTable, ConfigValue, ProxyPlan } from '../harness/proxy-plan.ts';
import { type Language, type Text, t } from '../harness/text.ts';
import { answerPages } from './answer-pages.ts';

export interface ProxyConfig {
  /** Names its files; default: `proxy`, the lab's own. */
  readonly name?: string;
  readonly language: Language;
  /** `127.0.0.1:9090`: what visitors reach. */
  readonly listener: string;
  readonly commandSocket: string;
  /** In the cluster `webapp`, in this order. */
  readonly backends: readonly string[];
  /** `IP:PORT` of each machine, as the proxy dials it. */
  readonly addressOf: (machine: string) => string;
  readonly plan: ProxyPlan<string>;
}

/**
 * Longer than a failed address look-up (about 3 s), so that a machine without power is heard as
 * "unreachable" and is not mistaken for a silent one.
 */
const CONNECT_TIMEOUT_S = 4;

/** Of the lab's own proxy, in the folder of its configuration. */
export const ACCESS_LOG = 'access.log';

/** In the folder of the configuration; those of the lab's own proxy have the usual names. */
export function proxyFiles(name: string): { readonly config: string; readonly accessLog: string } {
  if (name === PROXY) return { config: 'relais.toml', accessLog: ACCESS_LOG };
  return { config: `${name}.toml`, accessLog: `${name}.log` };
}

const comments: Readonly<
  Record<'file' | 'socket' | 'workers' | 'orphans' | 'log' | 'listener' | 'cluster', Text>
> = {
  file: t('The proxy of this lab.', 'Le proxy de ce lab.'),
  socket: t(
    'Commands arrive here while the proxy runs: nothing is ever restarted.',
    'Les commandes arrivent ici pendant que le proxy tourne : on ne redémarre jamais rien.',
  ),
  workers: t('Processes that carry the traffic.', 'Les processus qui transportent le trafic.'),
  orphans: t(
    'If their main process is killed, they serve on for so many seconds.',
    'Si leur processus principal est tué, ils servent encore tant de secondes.',
  ),
  log: t(
    'One line per request: which machine was chosen, which were tried before it.',
    'Une ligne par requête : quelle machine a été choisie, lesquelles ont été essayées avant.',
  ),
  listener: t(
    'Where visitors arrive, and what the proxy says when it has nobody to ask.',
    'Là où arrivent les visiteurs, et ce que dit le proxy quand il n’a personne à qui demander.',
  ),
  cluster: t(
    'The site: its name, and the machines that serve it in turn.',
    'Le site : son nom, et les machines qui le servent à tour de rôle.',
  ),
};

export function renderProxyConfig(config: ProxyConfig): string {
  const { name = PROXY, language, listener, commandSocket, plan } = config;
  const comment = (about: keyof typeof comments): string => `# ${comments[about][language]}`;
  return `${comment('file')}

${comment('socket')}
command_socket = ${JSON.stringify(commandSocket)}
${comment('workers')}
worker_count = ${plan.workers ?? 2}
${comment('orphans')}
orphan_timeout = 10
log_level = "info"
${comment('log')}
${lines({ access_logs_target: `file://./${proxyFiles(name).accessLog}`, ...plan.top })}
${comment('listener')}
[[listeners]]
protocol = "http"
address = "${listener}"
connect_timeout = ${CONNECT_TIMEOUT_S}
answer_404 = "./404.http"
answer_503 = "./503.http"
${lines(plan.listener)}
${comment('cluster')}
${webapp(config)}${otherClusters(config)}`;
}

function webapp(config: ProxyConfig): string {
  const { plan, backends } = config;
  const frontends = plan.frontends ?? [{ hostname: 'localhost' }];
  const keys = { load_balancing: 'ROUND_ROBIN', ...plan.cluster };
  return cluster(config, CLUSTER, { frontends, keys, backends });
}

function otherClusters(config: ProxyConfig): string {
  return Object.entries(config.plan.clusters ?? {})
    .map(([name, plan]) => `\n${cluster(config, name, plan)}`)
    .join('');
}

function cluster(
  { listener, addressOf, plan }: ProxyConfig,
  name: string,
  { frontends, backends, keys = {} }: ClusterPlan<string>,
): string {
  const frontendLines = frontends.map(one => inline({ address: listener, ...one }));
  const backendLines = backends.map(machine => {
    const address = addressOf(plan.wrongAddresses?.[machine] ?? machine);
    return inline({ address, backend_id: machine, ...plan.backends?.[machine] });
  });
  return `[clusters.${name}]
protocol = "http"
${lines(keys)}frontends = ${list(frontendLines)}
backends = [
${backendLines.map(line => `  ${line},`).join('\n')}
]
`;
}

/** One alone stands on the line of its key. */
function list(values: readonly string[]): string {
  if (values.length === 1) return `[${values[0]}]`;
  return `[\n${values.map(value => `  ${value},`).join('\n')}\n]`;
}

function lines(table: ConfigTable = {}): string {
  return Object.entries(table)
    .map(([key, value]) => `${key} = ${inline(value)}\n`)
    .join('');
}

/** JSON's strings, numbers and booleans are TOML's too. */
function inline(value: ConfigValue): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(inline).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, one]) => `${key} = ${inline(one)}`);
  return `{ ${pairs.join(', ')} }`;
}

function isList(value: ConfigValue): value is readonly ConfigValue[] {
  return Array.isArray(value);
}

/** Returns the path of the configuration; the answer pages lie beside it. */
export async function writeProxyConfig(folder: string, config: ProxyConfig): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(answerPages)) {
    await writeFile(path.join(folder, name), text);
  }
  const file = path.join(folder, proxyFiles(config.name ?? PROXY).config);
  await writeFile(file, renderProxyConfig(config));
  return file;
}
