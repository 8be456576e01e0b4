/** Ends the program on a signal, or when it is told so: the first time requests finish, the second time nobody waits. */
const STOP_DEADLINE_MS = 4_000;

/** `stop` resolves with the number of requests that the deadline cut. What is returned does as a signal does. */
export function stopOnSignal(stop: (deadlineMs: number) => Promise<number>): () => Promise<void> {
  let stopping = false;
  const onSignal = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    const cut = await stop(STOP_DEADLINE_MS);
    if (cut > 0) process.stderr.write(`${cut} requests were cut after ${STOP_DEADLINE_MS} ms\n`);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  return onSignal;
}
