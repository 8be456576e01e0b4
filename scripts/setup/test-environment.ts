/**
 * The environment of a test run, the same wherever it is started: what makes the kit speak
 * another way is dropped (a build server sets CI, a reader of logs NO_COLOR, a workshop LAB_LANG).
 * Tests that are about one of them set it themselves.
 */
const SPEAKS_ANOTHER_WAY = /^(CI|NO_COLOR|FORCE_COLOR|COLUMNS|LINES|LAB_[A-Z_]+)$/;

export function testEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !SPEAKS_ANOTHER_WAY.test(name));
  return { ...Object.fromEntries(kept), TERM: 'xterm-256color' };
}
