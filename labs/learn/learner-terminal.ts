/** The two ends of a terminal, or of pipes where there is none. */
export interface LearnerTerminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** From now on what comes is read, and keeps the program alive. */
export function beginReading({ input }: LearnerTerminal): void {
  input.setEncoding('utf8');
  holding(input).ref?.();
  input.resume();
}

/** A pipe that is only paused would keep the program alive until somebody closes it. */
export function endReading({ input }: LearnerTerminal): void {
  input.pause();
  holding(input).unref?.();
}

/** A file as standard input has nothing to hold. */
function holding(input: NodeJS.ReadStream): { ref?: () => unknown; unref?: () => unknown } {
  return input;
}
