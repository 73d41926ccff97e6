/** Secrets of the headless engine: from the environment, or from a file that nobody else can read. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSecrets } from '../../../electron/engine/secrets.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder.ts';

afterAll(removeTemporaryFolders);

const kept = (content: string, mode = 0o600): string => {
  const folder = temporaryFolder('secrets');
  writeFileSync(join(folder, 'secrets.json'), content);
  chmodSync(join(folder, 'secrets.json'), mode);
  return folder;
};
const open = (folder: string | null, environment: NodeJS.ProcessEnv = {}) => {
  const opened = openSecrets(folder, environment);
  if (!opened.ok) throw new Error(opened.failure);
  return opened.value;
};

describe('secrets', () => {
  it.each([
    ['web-login', 'NIGHTDESK_SECRET_WEB_LOGIN'],
    ['smtp.relay', 'NIGHTDESK_SECRET_SMTP_RELAY'],
    ['pd_key2', 'NIGHTDESK_SECRET_PD_KEY2'],
  ])('%s is looked up as %s', (name, variable) => {
    const secrets = open(null, { [variable]: 'hunter22', PATH: '/bin' });
    expect(secrets.lookup(name)).toBe('hunter22');
    expect(secrets.lookup('other')).toBe(undefined);
    expect(secrets.values()).toEqual(['hunter22']);
  });

  it('come from the file too; the environment goes first, and all values of both are known', () => {
    const secrets = open(kept('{"web-login":"from-file","mail":"mail-pass"}'), { NIGHTDESK_SECRET_WEB_LOGIN: 'from-env' });
    expect([secrets.lookup('web-login'), secrets.lookup('mail')]).toEqual(['from-env', 'mail-pass']);
    expect([...secrets.values()].sort()).toEqual(['from-env', 'from-file', 'mail-pass']);
  });

  it('are those of its start: none is handed out that would not be taken out of texts', () => {
    const environment: NodeJS.ProcessEnv = { NIGHTDESK_SECRET_OLD: 'old-one' };
    const secrets = open(null, environment);
    environment.NIGHTDESK_SECRET_NEW = 'new-one';
    environment.NIGHTDESK_SECRET_OLD = 'changed';
    expect([secrets.lookup('new'), secrets.lookup('old'), secrets.values()]).toEqual([undefined, 'old-one', ['old-one']]);
  });

  it('what every object has is no secret', () => {
    const secrets = open(kept('{}'));
    for (const name of ['constructor', 'toString', '__proto__']) expect(secrets.lookup(name)).toBe(undefined);
  });

  it.each([
    ['no file', temporaryFolder('none')],
    ['no folder', join(temporaryFolder('none'), 'nowhere')],
    ['an empty object', kept('{}')],
  ])('%s: there are none', (_, folder) => {
    expect(open(folder).values()).toEqual([]);
  });

  it.each([
    ['no JSON', '{', 'not a JSON object'],
    ['a list', '["hunter22"]', 'not a JSON object'],
    ['other things than texts', '{"web-login":{"password":"hunter22"}}', 'not a JSON object'],
  ])('%s is refused, and not quoted', (_, content, words) => {
    const opened = openSecrets(kept(content), {});
    expect(opened.ok ? '' : opened.failure).toContain(words);
    expect(JSON.stringify(opened)).not.toContain('hunter22');
  });

  it('a folder in its place is refused', () => {
    const folder = temporaryFolder('secrets');
    mkdirSync(join(folder, 'secrets.json'), { mode: 0o700 });
    expect(openSecrets(folder, {}).ok).toBe(false);
  });

  it.each([0o644, 0o640, 0o604])('a file of mode %i can be read by others, and is refused', (mode) => {
    const opened = openSecrets(kept('{"web-login":"hunter22"}', mode), {});
    expect(opened.ok ? '' : opened.failure).toContain('chmod 600');
  });
});
