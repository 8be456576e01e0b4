/** The style sheet of every page: system fonts, no remote asset, readable from the last row. */
import { SITE_LOOKS, type Site, type SiteLook } from './site.ts';
import type { VersionLook } from './version.ts';

const FONTS: Readonly<Record<SiteLook['font'], string>> = {
  sans: '"Source Sans Pro", "Helvetica Neue", system-ui, "Segoe UI", Arial, "Noto Color Emoji", sans-serif',
  serif: '"Times New Roman", "Liberation Serif", "DejaVu Serif", "Noto Color Emoji", serif',
  mono: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, "Noto Color Emoji", monospace',
};

export function pageStyle(look: VersionLook, site: Site): string {
  return `
      :root { color-scheme: ${look.scheme}; }
      * { box-sizing: border-box; margin: 0; }
      body {
        background: ${look.background};
        color: ${look.text};
        font-family: ${FONTS[SITE_LOOKS[site].font]};
        border-top: 1.25rem solid ${look.accent};
      }
      .container {
        min-height: calc(100vh - 1.25rem);
        display: flex;
        justify-content: center;
        align-items: center;
        text-align: center;
        padding: 2rem;
      }
      .title {
        font-weight: 400;
        font-size: clamp(1.75rem, 4.5vw, 4rem);
        line-height: 1.3;
        text-wrap: balance;
        letter-spacing: 1px;
        overflow-wrap: anywhere;
      }
      .subtitle {
        font-weight: 400;
        font-size: clamp(1.5rem, 3.5vw, 2.75rem);
        word-spacing: 5px;
        padding-top: 1rem;
      }
      .badge {
        width: 8rem;
        height: 8rem;
        margin: 1.5rem auto 4rem;
        display: grid;
        place-items: center;
        background: ${look.accent};
        color: ${look.onAccent};
        font-size: 4.5rem;
        font-weight: 700;
        line-height: 1;
      }
      .circle { border-radius: 50%; }
      .diamond { transform: rotate(45deg); border-radius: 0.75rem; }
      .square { border-radius: 0; }
      .diamond > span { transform: rotate(-45deg); }
      .where {
        margin-top: 3rem;
        font-size: 1.5rem;
        font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
      }
      .facts { margin-top: 1.5rem; font-size: 1.25rem; }
      .facts dt { font-weight: 700; padding-top: 0.75rem; }
      .facts dd { font-family: ${FONTS.mono}; overflow-wrap: anywhere; }
      .services { margin-top: 1.5rem; padding: 0; list-style-position: inside; font-size: 1.5rem; }
      form, .thanks { margin-top: 2rem; font-size: 1.25rem; }
      button {
        padding: 0.6rem 1.2rem;
        border: 2px solid ${look.accent};
        border-radius: 0.5rem;
        background: ${look.accent};
        color: ${look.onAccent};
        font: inherit;
        cursor: pointer;
      }
      .language { margin-top: 2rem; font-size: 1.125rem; }
      a { color: inherit; text-underline-offset: 0.2em; }
      :focus-visible { outline: 3px solid ${look.text}; outline-offset: 4px; }
      .where > span + span::before { content: "· "; }
    `;
}
