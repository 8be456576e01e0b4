/** The proxy's configuration as a learner would write it, with comments in the learner's language. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CLUSTER } from '../harness/commands.ts';
import { type Language, type Text, t } from '../harness/text.ts';
import { answerPages } from './answer-pages.ts';

export interface ProxyConfig {
  readonly language: Language;
  /** `127.0.0.1:9090`: what visitors reach. */
  readonly listener: string;
  readonly commandSocket: string;
  readonly backends: readonly { readonly name: string; readonly address: string }[];
}

/**
 * Longer than a failed address look-up (about 3 s), so that a machine without power is heard as
 * "unreachable" and is not mistaken for a silent one.
 */
const CONNECT_TIMEOUT_S = 4;

const comments: Readonly<
  Record<'file' | 'socket' | 'workers' | 'orphans' | 'listener' | 'cluster', Text>
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
  const { language, listener, commandSocket, backends } = config;
  const comment = (name: keyof typeof comments): string => `# ${comments[name][language]}`;
  return `${comment('file')}

${comment('socket')}
command_socket = ${JSON.stringify(commandSocket)}
${comment('workers')}
worker_count = 2
${comment('orphans')}
orphan_timeout = 10
log_level = "info"

${comment('listener')}
[[listeners]]
protocol = "http"
address = "${listener}"
connect_timeout = ${CONNECT_TIMEOUT_S}
answer_404 = "./404.http"
answer_503 = "./503.http"

${comment('cluster')}
[clusters.${CLUSTER}]
protocol = "http"
load_balancing = "ROUND_ROBIN"
frontends = [{ address = "${listener}", hostname = "localhost" }]
backends = [
${backends.map(({ name, address }) => `  { address = "${address}", backend_id = "${name}" },`).join('\n')}
]
`;
}

/** Returns the path of the configuration; the answer pages lie beside it. */
export async function writeProxyConfig(folder: string, config: ProxyConfig): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(answerPages)) {
    await writeFile(path.join(folder, name), text);
  }
  const file = path.join(folder, 'relais.toml');
  await writeFile(file, renderProxyConfig(config));
  return file;
}
