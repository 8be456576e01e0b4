/** The step of shield in which an attack reaches the application's log. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { attack, trick, type Words } from './words.ts';

export function itArrives({ expect }: Words): Step {
  return {
    id: 'it-arrives',
    title: t('A text that should not be read', 'Un texte qu’il ne faudrait pas lire'),
    minutes: 2,
    say: t(
      `In December 2021 the logging library Log4j made the news: when a text such as \${jndi:ldap://…} came into a log, the library called the address in it and ran what it got. Anybody could send one, in any field of a request. Mallory does. Our shop is no Java program, and her address does not exist: we only watch how far the text gets. See for yourself with: lab logs shop`,
      `En décembre 2021, la bibliothèque Log4j a fait la une : quand un texte comme \${jndi:ldap://…} arrivait dans un journal, elle appelait l’adresse qu’il contenait et exécutait la réponse. N’importe qui pouvait en envoyer un, dans n’importe quel champ d’une requête. Mallory le fait. Notre boutique n’est pas un programme Java et son adresse n’existe pas : nous regardons seulement jusqu’où va le texte. Voyez vous-même avec : lab logs shop`,
    ),
    act: [],
    check: [
      {
        id: 'text-arrives',
        claim: t(
          'Mallory’s text is in the log of the shop',
          'Le texte de Mallory est dans le journal de la boutique',
        ),
        probe: expect.logged('shop', attack, 2),
        window: { within: '15s' },
      },
      {
        id: 'trick-arrives',
        claim: t(
          'So is that of Oscar, who hides the word jndi in a riddle',
          'Celui d’Oscar aussi, qui cache le mot jndi dans une devinette',
        ),
        probe: expect.logged('shop', trick, 2),
        window: { within: '15s' },
      },
      {
        id: 'nobody-refused',
        claim: t('The proxy lets Mallory through', 'Le proxy laisse passer Mallory'),
        probe: expect.sees('mallory', { status: 200 }),
        window: { within: '15s' },
      },
      {
        id: 'shop-page',
        claim: t('The browser shows the shop', 'Le navigateur affiche la boutique'),
        probe: expect.page({ status: 200, text: 'the shop' }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'shop',
        visitor: 'first browser',
        alt: t('The shop, open to all', 'La boutique, ouverte à tous'),
      },
    ],
    recap: t(
      'Whatever an application writes down, strangers have written. That day, thousands of applications had to be mended at once. Whoever had a proxy in front had one place to begin with.',
      'Ce qu’une application note, ce sont des inconnus qui l’ont écrit. Ce jour-là, il fallait réparer des milliers d’applications à la fois. Ceux qui avaient un proxy devant savaient par où commencer.',
    ),
  };
}
