/** Is Node new enough, and made for this processor? */
import { t } from '../../harness/text.ts';
import type { Facts } from '../facts.ts';
import { type Finding, same } from '../finding.ts';
import { isEnough, OLDEST_NODE } from '../oldest-node.ts';

export function judgeNode({ node, mac }: Facts): Finding {
  const one = { id: 'node', what: same('Node.js') };
  const oldest = OLDEST_NODE.join('.');
  if (!isEnough(node.version)) {
    return {
      ...one,
      state: 'missing',
      found: t(
        `${node.version}, older than ${oldest}`,
        `${node.version}, plus ancien que ${oldest}`,
      ),
      why: t('The kit is a Node program.', 'Le kit est un programme Node.'),
      fix: {
        say: t(
          `Install Node.js ${oldest} or later: your package manager has it, or https://nodejs.org.`,
          `Installez Node.js ${oldest} ou plus récent : par votre gestionnaire de paquets, ou https://nodejs.org.`,
        ),
      },
    };
  }
  if (mac?.nodeIsTranslated) {
    return {
      ...one,
      state: 'limited',
      found: t(
        `${node.version}, for Intel on an Apple processor`,
        `${node.version}, pour Intel sur un processeur Apple`,
      ),
      why: t(
        'Everything is translated, and slower.',
        'Tout est traduit au passage, donc plus lent.',
      ),
      fix: {
        say: t('Install the arm64 build of Node.js.', 'Installez la version arm64 de Node.js.'),
      },
    };
  }
  return { ...one, state: 'ready', found: same(`${node.version} (${node.arch})`) };
}
