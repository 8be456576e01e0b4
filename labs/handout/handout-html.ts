/** The same handout as one HTML page that prints well; its pictures lie beside it. */
import { marked } from 'marked';
import type { Language } from '../harness/text.ts';
import { escapeMarkup } from '../report/markup.ts';

const style = `
:root { color-scheme: light; }
body { font: 16px/1.55 system-ui, sans-serif; color: #12283c; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.2rem; border-top: 1px solid #c8d3dd; padding-top: 1rem; }
pre { background: #f1f5f8; padding: .7rem .9rem; overflow-x: auto; border-left: 4px solid #005a9c; white-space: pre-wrap; }
code { font-size: .92em; } img { max-width: 100%; border: 1px solid #c8d3dd; }
table { border-collapse: collapse; width: 100%; } td, th { border: 1px solid #c8d3dd; padding: .3rem .5rem; text-align: left; vertical-align: top; }
blockquote { margin: 1rem 0; padding: .2rem 1rem; border-left: 4px solid #b36b00; background: #fff8ec; }
a { color: #005a9c; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } h2, figure, pre, table, img { break-inside: avoid; } a { color: inherit; } }
`;

export function handoutHtml(title: string, markdown: string, language: Language): string {
  const body = marked.parse(linksToHtml(markdown), { async: false, gfm: true });
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
${body}</body>
</html>
`;
}

/** From page to page of the same kind; the link between the kinds turns round. */
function linksToHtml(markdown: string): string {
  return markdown
    .replace(/\[HTML\]\(([\w.-]+)\.html\)/g, '[Markdown]($1.md§)')
    .replace(/\]\(([\w.-]+)\.md\)/g, '](.$1.html)')
    .replaceAll('](.', '](')
    .replaceAll('.md§)', '.md)');
}
