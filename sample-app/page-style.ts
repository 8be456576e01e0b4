/** The style sheet of every page: system fonts, no remote asset, readable from the last row. */
import type { VersionLook } from './version.ts';

export function pageStyle(look: VersionLook): string {
  return `
      :root { color-scheme: ${look.shape === 'circle' ? 'light' : 'dark'}; }
      * { box-sizing: border-box; margin: 0; }
      body {
        background: ${look.background};
        color: ${look.text};
        font-family: "Source Sans Pro", "Helvetica Neue", system-ui, "Segoe UI", Arial, "Noto Color Emoji", sans-serif;
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
      .diamond > span { transform: rotate(-45deg); }
      .where {
        margin-top: 3rem;
        font-size: 1.5rem;
        font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
      }
      .where > span + span::before { content: "· "; }
    `;
}
