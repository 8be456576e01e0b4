/** One word for a POSIX shell: ssh hands its command to one. */
export function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
