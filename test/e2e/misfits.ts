import type { Page } from 'playwright/test';

/**
 * What does not fit: elements that reach out of the window, and boxes whose content is wider than they are without a way to get at it.
 * Text that ends in an ellipsis is meant to; it must be readable somewhere else (a title, a label, the detail).
 */
export const misfits = (page: Page, slack = 1) =>
  page.evaluate((slack) => {
    const found: string[] = [];
    const name = (it: Element): string =>
      `${it.tagName.toLowerCase()}.${String(it.className?.valueOf?.() ?? '').split(' ')[0]} "${(it.textContent ?? '').trim().slice(0, 40)}"`;
    const { documentElement: html } = document;
    if (html.scrollWidth > html.clientWidth + slack) found.push(`the page is ${html.scrollWidth} wide in ${html.clientWidth}`);
    if (html.scrollHeight > html.clientHeight + slack) found.push(`the page is ${html.scrollHeight} high in ${html.clientHeight}`);
    for (const it of document.querySelectorAll('body *')) {
      const style = getComputedStyle(it);
      if (style.visibility === 'hidden' || style.display === 'none' || it.closest('.visually-hidden, svg, datalist, option')) continue;
      const box = it.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      if (box.right > innerWidth + slack || box.left < -slack)
        found.push(`reaches out of the window: ${name(it)} ${Math.round(box.left)}..${Math.round(box.right)}`);
      const wide = it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0;
      if (!wide || style.display === 'inline') continue;
      if (/auto|scroll/.test(style.overflowX)) {
        if (!it.querySelector('pre') && it.tagName !== 'PRE' && !it.matches('input, textarea'))
          found.push(`scrolls sideways: ${name(it)} ${it.scrollWidth} in ${it.clientWidth}`);
      } else if (
        style.overflowX !== 'visible' &&
        style.textOverflow !== 'ellipsis' &&
        !it.matches('input, textarea, select') &&
        style.getPropertyValue('-webkit-line-clamp') === 'none'
      )
        found.push(`cut off: ${name(it)} ${it.scrollWidth} in ${it.clientWidth}`);
    }
    return found;
  }, slack);
