/**
 * The Markdown as a reader will see it. It quotes what servers said, so it is hostile text twice over: it was escaped when it was
 * made, and what marked makes of it goes through DOMPurify with a short list of harmless elements. Links may only be http(s).
 */
import DOMPurify from 'dompurify';
import { marked } from 'marked';
import { type MouseEvent, useMemo } from 'react';
import { desktop } from '../state/desktop.ts';
import css from './Incidents.module.css';

const allowed = {
  ALLOWED_TAGS: [
    'h1',
    'h2',
    'h3',
    'h4',
    'p',
    'ul',
    'ol',
    'li',
    'strong',
    'em',
    'sup',
    'code',
    'pre',
    'blockquote',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'br',
    'hr',
    'a',
  ],
  ALLOWED_ATTR: ['href', 'align', 'start'],
  ALLOWED_URI_REGEXP: /^https?:\/\//i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** Markdown in, harmless HTML out. */
const safeHtml = (markdown: string): string => DOMPurify.sanitize(marked.parse(markdown, { async: false, gfm: true }), allowed);

export default function MarkdownPreview({ markdown }: { markdown: string }) {
  const html = useMemo(() => safeHtml(markdown), [markdown]);
  const open = (event: MouseEvent) => {
    const link = (event.target as HTMLElement).closest('a');
    if (!link) return;
    event.preventDefault();
    const url = link.getAttribute('href');
    if (url) void desktop.openExternal({ url });
  };
  // biome-ignore lint/a11y/useKeyWithClickEvents: the links inside take the keyboard; Enter on a link is a click
  // biome-ignore lint/a11y/noStaticElementInteractions: only catches the clicks of the links inside
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitized just above
  return <div className={css.preview} onClick={open} dangerouslySetInnerHTML={{ __html: html }} />;
}
