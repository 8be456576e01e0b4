/** How many changes one connection of the command socket takes, in a row and many at once. */
import { now } from '../../bench/load/pacer.ts';
import { thousands, type Verdict, verdict } from '../../bench/result.ts';
import { type ChaosProxy, CLUSTER } from '../proxy.ts';
import { type NumbersRun, withProxy } from './numbers-run.ts';

const LEAST_PER_SECOND = 2_000;
/** As many as the proxy works on at once for one client, and as many that wait. */
const AT_ONCE = 64;
const BACKENDS = { b0: '127.0.0.1:9', b1: '127.0.0.2:9' };

export async function measureChangeRate(run: NumbersRun): Promise<readonly Verdict[]> {
  return withProxy(run, BACKENDS, async proxy => {
    await proxy.writeConfig();
    await proxy.start();
    const pipelined = await rate(proxy, AT_ONCE, run.seconds);
    const single = await rate(proxy, 1, run.seconds);
    return [
      judged(`pipelined, ${AT_ONCE} at once`, pipelined, run.seconds),
      judged('one by one', single, run.seconds),
    ];
  });
}

async function rate(proxy: ChaosProxy, atOnce: number, seconds: number): Promise<number> {
  const startedAt = now();
  const end = startedAt + seconds * 1000;
  let count = 0;
  const change = async (): Promise<void> => {
    while (now() < end) {
      const weight = count++ % 1_000;
      const { b1: address } = BACKENDS;
      await proxy.change({ kind: 'set-weight', clusterId: CLUSTER, address, weight });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, change));
  return (count * 1000) / (now() - startedAt);
}

function judged(how: string, perSecond: number, seconds: number): Verdict {
  return verdict(
    `${thousands(LEAST_PER_SECOND)} changes/s for ${seconds} s on one connection, ${how}`,
    perSecond,
    value => value >= LEAST_PER_SECOND,
    value => `${thousands(value)}/s`,
  );
}
