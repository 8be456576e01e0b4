/**
 * Awaits a condition with a deadline: the tests' only way of waiting. The deadline is for what will
 * never come: on a busy computer what does come may take many seconds.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = 30_000,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > end) {
      throw new Error(`${what}: not within ${deadlineMs} ms`, { cause: lastError });
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
