import { it, expect } from 'vitest';
import { makeAuthority, webFolder, removeFolder } from '../support/web-servers.ts';
import { startPostfix } from '../support/postfix.ts';
it('x', async () => {
  const f = webFolder();
  const a = makeAuthority(f);
  const c = a.issue('mail', { altNames: 'DNS:localhost,IP:127.0.0.1', fromDays: -1, toDays: 30 });
  const p = await startPostfix(c);
  console.log(p.port);
  await p.stop(); removeFolder(f);
});
