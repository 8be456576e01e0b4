/** Has the process that stands in for this one start the next one. */
import type { Launched } from '../master/succession/main-upgrade.ts';
import type { Told, Wish } from './launch-messages.ts';

/** It is there, and this process is one that it has started. */
export function hasParentLauncher(): boolean {
  return process.connected;
}

export async function launchByParent(place: string): Promise<Launched> {
  let pid = 0;
  let end: (how: string) => void = () => {};
  const ended = new Promise<string>(resolve => {
    end = resolve;
  });
  await new Promise<void>(resolve => {
    process.on('message', received => {
      const message = received as Told;
      if (message.told === 'launched' && message.place === place) {
        pid = message.pid;
        resolve();
      } else if (message.told === 'ended' && message.pid === pid) end(message.how);
    });
    process.once('disconnect', () => {
      end('the process that started it is gone');
      resolve();
    });
    wish({ wish: 'launch', place });
  });
  return {
    pid,
    ended,
    kill: signal => killIfThere(pid, signal),
    follow: () => wish({ wish: 'follow', pid }),
  };
}

function wish(message: Wish): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function killIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
