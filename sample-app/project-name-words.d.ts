/** The word lists of project-name-generator, which its own types leave out. */
declare module 'project-name-generator/src/adjectives.js' {
  const adjectives: readonly string[];
  export = adjectives;
}
declare module 'project-name-generator/src/nouns.js' {
  const nouns: readonly string[];
  export = nouns;
}
