/** A document as one web page that needs nothing else: no scripts, no requests, light, fit for print. */
import { type DocBlock, gapWords, type Inline, isTight, taskWords } from '../../shared/documents/blocks.ts';
import { chartSvg } from '../../shared/documents/chart-svg.ts';
import { drillBand, drillTitle } from '../../shared/documents/drill-band.ts';
import { escapeHtml } from '../../shared/text.ts';
import { chartsTitle, evidenceTitle, type Paper } from './paper.ts';

const style = `
:root { color-scheme: light; }
body { font: 16px/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #1a1d21; background: #fff; max-width: 46rem; margin: 2.5rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .35rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; break-after: avoid; }
h3, h4, h5, h6 { font-size: 1rem; margin: 1.4rem 0 .4rem; break-after: avoid; }
p, li, td { overflow-wrap: anywhere; }
.subtitle { color: #565d66; margin: 0; }
.drill { background: #ffe9a8; border: 2px solid #8a6500; border-radius: 4px; color: #3d2d00; font-weight: 700; padding: .5rem .75rem; margin: 0 0 1.25rem; }
sup { font-size: .7em; line-height: 0; margin-left: .1em; }
sup a { color: #1f5fae; text-decoration: none; }
.gap { background: #fff7dc; border: 1px dashed #8a6500; border-radius: 4px; padding: .1rem .4rem; color: #5b4300; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #dfe3e8; min-width: 6em; }
td.right, th.right { text-align: right; } td.center, th.center { text-align: center; }
td:first-child { font-variant-numeric: tabular-nums; }
thead { display: table-header-group; } tr { break-inside: avoid; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid #dfe3e8; color: #3c434b; }
pre { font-size: .8rem; line-height: 1.4; background: #f5f6f8; padding: .75rem; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font-size: .88em; }
hr { border: 0; border-top: 1px solid #dfe3e8; margin: 1.5rem 0; }
ul.tasks { list-style: none; padding-left: .5rem; }
figure { margin: 1.2rem 0; break-inside: avoid; } figure svg { width: 100%; height: auto; display: block; } figcaption { font-size: .85rem; color: #565d66; margin-top: .3rem; }
.evidence { font-size: .85rem; color: #3c434b; padding-left: 2rem; }
.evidence code { color: #565d66; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt; } sup a { color: inherit; } @page { margin: 18mm; } }
`;

/** @returns a complete page. Of a drill its title says so too: it stands at the foot of every page that is printed. */
export function paperToHtml(paper: Paper): string {
  const sections = paper.sections.map(
    (it) => `<section>\n${it.title === '' ? '' : `<h2>${escapeHtml(it.title)}</h2>\n`}${blocksToHtml(it.blocks)}\n</section>`,
  );
  const charts = paper.charts.map(
    ({ chart, words }, index) =>
      `<figure>\n${chartSvg(chart, words, `chart-${index + 1}`)}\n<figcaption>${escapeHtml(words)}</figcaption>\n</figure>`,
  );
  const evidence = paper.evidence.map(
    (it) =>
      `<li id="evidence-${it.number}" value="${it.number}">${escapeHtml(it.text)}${it.event === null ? '' : ` (event <code>${escapeHtml(it.event)}</code>)`}</li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(paper.drill ? drillTitle(paper.title) : paper.title)}</title>
<style>${style}</style>
</head>
<body>
${paper.drill ? `<p class="drill">${drillBand}</p>\n` : ''}<header>
<h1>${escapeHtml(paper.title)}</h1>
${paper.subtitle === '' ? '' : `<p class="subtitle">${escapeHtml(paper.subtitle)}</p>\n`}</header>
<main>
${[
  ...sections,
  ...(charts.length === 0 ? [] : [`<section>\n<h2>${chartsTitle}</h2>\n${charts.join('\n')}\n</section>`]),
  ...(evidence.length === 0
    ? []
    : [`<section>\n<h2>${evidenceTitle}</h2>\n<ol class="evidence">\n${evidence.join('\n')}\n</ol>\n</section>`]),
].join('\n')}
</main>
</body>
</html>
`;
}

/** Some blocks as HTML, all of it escaped: nothing in it is active but the way from a mark to its evidence. */
const blocksToHtml = (blocks: readonly DocBlock[]): string => blocks.map(write).join('\n');

function write(block: DocBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${say(block.inlines)}</p>`;
    case 'heading':
      return `<h${block.level}>${say(block.inlines)}</h${block.level}>`;
    case 'list': {
      const tag = block.start === null ? 'ul' : 'ol';
      const open =
        block.start === null
          ? block.items.every((it) => it.checked !== null)
            ? 'ul class="tasks"'
            : 'ul'
          : block.start === 1
            ? 'ol'
            : `ol start="${block.start}"`;
      const items = block.items.map((item) => {
        const [first, ...rest] = item.blocks;
        const task = item.checked === null ? '' : `${taskWords(item.checked)} `;
        return `<li>${task}${isTight(item) && first?.kind === 'paragraph' ? [say(first.inlines), ...rest.map(write)].join('\n') : blocksToHtml(item.blocks)}</li>`;
      });
      return `<${open}>\n${items.join('\n')}\n</${tag}>`;
    }
    case 'table': {
      const place = (index: number): string => {
        const align = block.aligns[index];
        return align === 'right' || align === 'center' ? ` class="${align}"` : '';
      };
      const head = block.columns.map((cell, index) => `<th scope="col"${place(index)}>${say(cell)}</th>`).join('');
      const rows = block.rows.map((row) => `<tr>${row.map((cell, index) => `<td${place(index)}>${say(cell)}</td>`).join('')}</tr>`);
      return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
    }
    case 'quote':
      return `<blockquote>\n${blocksToHtml(block.blocks)}\n</blockquote>`;
    case 'code':
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`;
    case 'rule':
      return '<hr>';
  }
}

const say = (inlines: readonly Inline[]): string => inlines.map(piece).join('');

function piece(it: Inline): string {
  switch (it.kind) {
    case 'text':
      return escapeHtml(it.text);
    case 'code':
      return `<code>${escapeHtml(it.text)}</code>`;
    case 'strong':
      return `<strong>${say(it.children)}</strong>`;
    case 'emphasis':
      return `<em>${say(it.children)}</em>`;
    case 'struck':
      return `<del>${say(it.children)}</del>`;
    case 'link':
      return it.children.length === 0 ? escapeHtml(it.address) : `${say(it.children)} (${escapeHtml(it.address)})`;
    case 'mark':
      return `<sup><a href="#evidence-${it.number}">${it.number}</a></sup>`;
    case 'gap':
      return `<mark class="gap">${escapeHtml(gapWords(it.question))}</mark>`;
    case 'break':
      return '<br>';
  }
}
