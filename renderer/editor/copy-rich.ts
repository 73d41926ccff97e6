/** Puts a document on the clipboard as rich text, with plain text beside it for what takes no other. */
import DOMPurify from 'dompurify';

/** What mail programs and word processors take over; nothing that acts, loads or styles. */
const allowed = {
  ALLOWED_TAGS: [
    ...[
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'p',
      'br',
      'hr',
      'ul',
      'ol',
      'li',
      'blockquote',
      'pre',
      'code',
      'strong',
      'em',
      'del',
      'sup',
      'mark',
    ],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['start', 'value', 'colspan', 'align'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** The words of an exported page, without its styles, charts and links. */
export const richOf = (page: string): string =>
  DOMPurify.sanitize(new DOMParser().parseFromString(page, 'text/html').body.innerHTML, allowed);

/**
 * The permission of the modern way is refused here like all others; the old way needs none.
 * @returns whether it worked
 */
export function copyRich(html: string, text: string): boolean {
  let done = false;
  const fill = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData('text/html', html);
    event.clipboardData?.setData('text/plain', text);
    done = event.clipboardData !== null;
  };
  document.addEventListener('copy', fill, { capture: true });
  const allowedTo = document.execCommand('copy');
  document.removeEventListener('copy', fill, { capture: true });
  return allowedTo && done;
}
