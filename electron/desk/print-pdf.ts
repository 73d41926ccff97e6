/** Prints a page to PDF: in a window that nobody sees, without scripts, without a network, in a session that holds nothing else. */
import { randomUUID } from 'node:crypto';
import { BrowserWindow, type Session, session } from 'electron';
import type { Reply } from '../../shared/bind.ts';
import { fail, ok } from '../../shared/result.ts';

/** A scheme that is known to the session below alone; its pages have no other address. */
const scheme = 'nightdesk-print';
/** Those that are being printed, by an address that no other page can guess. */
const pages = new Map<string, string>();
const patienceMs = 60_000;
const mostLetters = 20_000_000;

const small =
  'font: 8px system-ui, sans-serif; color: #565d66; width: 100%; margin: 0 18mm; display: flex; justify-content: space-between; gap: 2em;';
/** Chromium fills in the title (as text) and the numbers. */
const footer = `<div style="${small}"><span class="title" style="overflow: hidden; white-space: nowrap; text-overflow: ellipsis; max-width: 140mm;"></span><span style="white-space: nowrap;">Page <span class="pageNumber"></span> of <span class="totalPages"></span></span></div>`;

let own: Session | null = null;
/** One for all documents: Electron keeps every session until the app ends. */
function printSession(): Session {
  if (own) return own;
  // Not "persist:": it lives in memory, and nothing of it is kept.
  own = session.fromPartition('print', { cache: false });
  own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  own.setPermissionCheckHandler(() => false);
  own.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !pages.has(url) && !url.startsWith('data:') }));
  own.protocol.handle(scheme, ({ url }) => {
    const policy = "default-src 'none'; style-src 'unsafe-inline'";
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
    return new Response(pages.get(url) ?? '', { headers });
  });
  return own;
}

/** @param html a whole page that needs nothing else. @returns the bytes of the PDF */
export async function printPdf(html: string): Promise<Reply<Uint8Array>> {
  if (html.length > mostLetters)
    return fail({ code: 'too-long', text: 'This document is too long to be printed. Shorten it, or choose another format.' });
  const address = `${scheme}://${randomUUID()}/`;
  pages.set(address, html);
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: printSession(),
      // Without a display (--ozone-platform=headless) every other window crashes: electron/electron#53722.
      offscreen: true,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      javascript: false,
      images: false,
      webgl: false,
      spellcheck: false,
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), patienceMs);
  });
  const gone = new Promise<'gone'>((resolve) => window.webContents.once('render-process-gone', () => resolve('gone')));
  try {
    const printed = await Promise.race([print(window, address), patience, gone]);
    return typeof printed === 'string'
      ? notPrinted(printed === 'late' ? 'it took longer than a minute' : 'the printing process ended')
      : ok(printed);
  } catch {
    return notPrinted('the page could not be laid out');
  } finally {
    clearTimeout(timer);
    window.destroy();
    pages.delete(address);
  }
}

async function print(window: BrowserWindow, address: string): Promise<Uint8Array> {
  await window.loadURL(address);
  return window.webContents.printToPDF({
    pageSize: 'A4',
    printBackground: true,
    preferCSSPageSize: false,
    margins: { top: 0.7, bottom: 0.8, left: 0.7, right: 0.7 },
    displayHeaderFooter: true,
    headerTemplate: '<span></span>',
    footerTemplate: footer,
    // For screen readers, and for finding one's way in long ones.
    generateTaggedPDF: true,
    generateDocumentOutline: true,
  });
}

const notPrinted = (why: string): Reply<never> =>
  fail({ code: 'not-printed', text: `The document could not be printed: ${why}. Try again, or export it as a web page and print that.` });
