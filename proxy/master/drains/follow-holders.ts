/** Tells one who waits what is waited for: when it has changed, and now and then anyhow. */
import type { HolderReport } from '../../command/holders.ts';
import { describeProgress } from './drain-words.ts';

const LOOK_MS = 1000;
const TELL_ANYHOW_MS = 10_000;

/** Looks at once, and until the returned function is called. `sayAlso`: what else makes news. */
export function followHolders(
  look: () => Promise<HolderReport>,
  tell: (holders: HolderReport, isFirst: boolean) => void,
  sayAlso: () => string = () => '',
): () => void {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  let toldAt = 0;
  const lookOn = async (): Promise<void> => {
    const holders = await look();
    if (isOver) return;
    const progress = `${describeProgress(holders.counts)} ${sayAlso()}`;
    const now = performance.now();
    if (progress !== told || now - toldAt >= TELL_ANYHOW_MS) {
      tell(holders, told === '');
      told = progress;
      toldAt = now;
    }
    timer = setTimeout(() => void lookOn(), LOOK_MS).unref();
  };
  void lookOn();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
