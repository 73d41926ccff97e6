/** A draft as one HTML file that needs nothing else: no scripts, no requests, light, fit for print. */
import { drillBand, drillTitle } from '../documents/drill-band.ts';
import { clean, escapeHtml } from '../text.ts';
import type { Block, Draft } from './draft.ts';

const style = `
:root { color-scheme: light; }
body { font: 16px/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #1a1d21; background: #fff; max-width: 46rem; margin: 2.5rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .35rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; break-after: avoid; }
p, li, td { overflow-wrap: anywhere; }
.subtitle { color: #565d66; margin: 0; }
sup { font-size: .7em; line-height: 0; margin-left: .1em; }
sup a { color: #1f5fae; text-decoration: none; }
.gap { background: #fff7dc; border: 1px dashed #8a6500; border-radius: 4px; padding: .4rem .75rem; color: #5b4300; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #dfe3e8; }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
tr { break-inside: avoid; }
.evidence { font-size: .85rem; color: #3c434b; padding-left: 2rem; }
code { font-size: .85em; color: #565d66; }
.drill { background: #ffe9a8; border: 2px solid #8a6500; border-radius: 4px; color: #3d2d00; font-weight: 700; padding: .5rem .75rem; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } sup a { color: inherit; } @page { margin: 18mm; } }
`;

const text = (words: string): string => escapeHtml(clean(words, 10_000));

/** @param drill it tells of a drill, and says so. @returns a complete document */
export function toHtml(draft: Draft, drill = false): string {
  const numbers = new Map(draft.evidence.map((it) => [it.key, it.number]));
  const marks = (keys: readonly string[]): string =>
    `<sup>${keys
      .map((key) => numbers.get(key) ?? 0)
      .map((n) => `<a href="#evidence-${n}">${n}</a>`)
      .join(' ')}</sup>`;
  const write = (block: Block): string => {
    if (block.kind === 'gap') return `<p class="gap"><strong>To be filled in:</strong> ${text(block.text)}</p>`;
    if (block.kind === 'text') return `<p>${block.statements.map((it) => text(it.text) + marks(it.evidence)).join(' ')}</p>`;
    if (block.kind === 'list')
      return `<ul>\n${block.statements.map((it) => `<li>${text(it.text)}${marks(it.evidence)}</li>`).join('\n')}\n</ul>`;
    const head = block.columns.map((column) => `<th scope="col">${text(column)}</th>`).join('');
    const rows = block.rows.map(
      (row) => `<tr>${row.cells.map((cell, index) => `<td>${text(cell)}${index === 1 ? marks(row.evidence) : ''}</td>`).join('')}</tr>`,
    );
    return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
  };
  const sections = draft.sections.map(
    (section) => `<section>\n<h2>${text(section.title)}</h2>\n${section.blocks.map(write).join('\n')}\n</section>`,
  );
  const evidence = draft.evidence.map(
    (it) =>
      `<li id="evidence-${it.number}" value="${it.number}">${text(it.text)}${it.source.kind === 'event' ? ` <code>${text(it.source.event)}</code>` : ''}</li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${text(drill ? drillTitle(draft.title) : draft.title)}</title>
<style>${style}</style>
</head>
<body>
${drill ? `<p class="drill">${drillBand}</p>\n` : ''}<header>
<h1>${text(draft.title)}</h1>
<p class="subtitle">${text(draft.subtitle)}</p>
</header>
<main>
${sections.join('\n')}
${evidence.length > 0 ? `<section>\n<h2>Evidence</h2>\n<ol class="evidence">\n${evidence.join('\n')}\n</ol>\n</section>` : ''}
</main>
</body>
</html>
`;
}
