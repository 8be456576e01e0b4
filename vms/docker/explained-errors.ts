/** What the errors of Docker that learners meet mean, and the next step. */

interface Explanation {
  readonly pattern: RegExp;
  readonly meaning: (said: string) => string;
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /no space left on device/i,
    meaning: said =>
      `The disk is full, says Docker: ${said}. Make room (df -h shows where it went), then run the ` +
      'same command again; nothing half made is kept.',
  },
  {
    pattern: /No such image/i,
    meaning: said =>
      `The image of the machines is gone from Docker (${said}). Take the lab down (lab down) and ` +
      'start it again: the image is imported again.',
  },
  {
    pattern: /Pool overlaps with other one|overlaps with an existing|conflicts with network/i,
    meaning: said =>
      `Docker has another network at the lab's addresses: ${said}. Find it with \`docker network ls\` ` +
      'and remove it, or take other addresses with --instance 1.',
  },
  {
    pattern: /Address already in use|port is already allocated/i,
    meaning: said =>
      `Another container has this address or port: ${said}. Stop it, or run with --instance 1.`,
  },
  {
    pattern: /docker-init|executable file not found.*init/i,
    meaning: said =>
      `Docker lacks its init program: ${said}. Install it: apt-get install tini (docker-init).`,
  },
  {
    pattern: /rlimit|oom_score_adj|apply caps/i,
    meaning: said =>
      `This system does not let Docker make containers: ${said}. Inside a container, start that one ` +
      'with --privileged, or use --machines netns.',
  },
];

/** Undefined when it is none of those. */
export function explainEngineError(said: string): string | undefined {
  return EXPLANATIONS.find(({ pattern }) => pattern.test(said))?.meaning(said);
}
