/** A timer that keeps no process alive; the function it gives takes it back. */
export function after(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs).unref();
  return () => clearTimeout(timer);
}
