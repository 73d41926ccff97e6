/** Electron's security checklist, applied once to everything: own scheme, CSP, no navigation, no new windows, no permissions. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { app, protocol, session } from 'electron';
import type { WindowRole } from '../../shared/contract.ts';

/** The page comes over a scheme of its own: file:// would give it rights over the disk. */
export const scheme = 'nightdesk';
export const appOrigin = `${scheme}://app`;
/** While developing, the page comes from vite on this computer; no setting of the environment brings it from elsewhere. */
const devServer = app.isPackaged
  ? undefined
  : /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):\d+$/.exec(process.env.ELECTRON_RENDERER_URL ?? '')?.[0];
export const pageUrl = (role: WindowRole): string => `${devServer ?? appOrigin}/index.html?role=${role}`;

/** Styles may be inline (charts position their parts by style); scripts never. */
const csp = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Before the app is ready: makes the scheme a proper, secure origin. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** Whether a frame's address is our page. */
export function isOurPage(url: string): boolean {
  return url.startsWith(`${appOrigin}/`) || (devServer !== undefined && url.startsWith(`${devServer}/`));
}

/** Once the app is ready: serves the built page and shuts every other door. */
export function applySecurity(pageFolder: string): void {
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    const file = normalize(join(pageFolder, decodeURIComponent(url.pathname)));
    if (url.host !== 'app' || !file.startsWith(pageFolder + sep)) return new Response('not here', { status: 404 });
    try {
      const body = await readFile(file);
      return new Response(new Uint8Array(body), {
        headers: {
          'content-type': types[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': csp,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        },
      });
    } catch {
      return new Response('not here', { status: 404 });
    }
  });
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  // The page has no business on the network at all: everything that is not ours is refused, whatever the CSP says.
  session.defaultSession.webRequest.onBeforeRequest((details, decide) => {
    const own = details.url.startsWith(`${scheme}:`) || details.url.startsWith('data:') || details.url.startsWith('devtools:');
    decide({ cancel: !own && devServer === undefined });
  });
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      // Our page may load itself anew; it goes nowhere else.
      if (event.url !== contents.getURL() || !isOurPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
