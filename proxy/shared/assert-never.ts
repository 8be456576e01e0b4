/** Ends an exhaustive switch: a case the compiler knows about and the code does not is our bug. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
