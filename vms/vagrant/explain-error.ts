/** Recognises what Vagrant and its plug-ins say when they fail, and adds cause and next step. */
import { KNOWN_ERRORS, type KnownError } from './known-errors.ts';

/** Undefined for what nobody has met yet. */
export function recogniseVagrantError(said: string): KnownError | undefined {
  const oneLine = said.replaceAll(/\s+/g, ' ');
  return KNOWN_ERRORS.find(({ says }) => says.test(oneLine));
}

/** What was said is always passed on whole; what is known about it comes after. */
export function explainVagrantError(said: string): string {
  const known = recogniseVagrantError(said);
  if (known === undefined) return said;
  return `${said}\n\nWhy: ${known.cause}\nNext: ${known.fix}`;
}
