/** `lab proxy start`: the proxy of the running lab, started again after it was stopped. */
import { t } from '../harness/text.ts';
import { requireStage } from '../stage/attach-stage.ts';
import { connectProxy } from '../stage/proxy-control.ts';
import { PROXY_PROGRAM, startProxy } from '../stage/start-proxy.ts';
import { EXIT } from './exit-codes.ts';
import type { Session } from './session.ts';

/** Does nothing where a proxy answers. */
export async function proxyStartCommand(session: Session): Promise<number> {
  const { room, note } = await requireStage(session.home, session.flags.instance);
  const { commandSocket, configFile, proxyEntry, proxyPorts, url } = note;
  const running = await connectProxy(commandSocket).catch(() => undefined);
  // One that is just ending still has its name among the programs.
  if (running === undefined) await room.stopHub(PROXY_PROGRAM);
  const files = { entry: proxyEntry, configFile, commandSocket };
  const start = { name: PROXY_PROGRAM, ...files, ports: proxyPorts };
  const control = running ?? (await startProxy(room, start, session.signal));
  try {
    const { mainPid, workerPids } = await control.identity();
    if (session.flags.json) session.json({ mainPid, workerPids, url });
    else {
      const pids = `${mainPid} [${workerPids.join(', ')}]`;
      session.print(session.say(t(`proxy: processes ${pids}`, `proxy : processus ${pids}`)));
    }
  } finally {
    await control.close();
  }
  return EXIT.pass;
}
