/** The commands that the learner's screen shows to type, read as a reader does: pure. */

/**
 * A command begins with `$ `; a line that ends with a backslash goes on in the next one. Lines with
 * a mark in place of the prompt have been run already.
 */
export function printedCommands(screen: string): readonly string[] {
  const commands: string[] = [];
  let open: string | undefined;
  for (const line of screen.split('\n').map(each => each.trimEnd())) {
    if (open === undefined && !line.startsWith('$ ')) continue;
    const part = line.slice(2);
    const whole: string = open === undefined ? part : `${open} ${part.trimStart()}`;
    if (whole.endsWith(' \\')) {
      open = whole.slice(0, -2);
      continue;
    }
    commands.push(whole);
    open = undefined;
  }
  return commands;
}
