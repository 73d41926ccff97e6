/** Edits of the inventory file that the window makes. What people wrote in it, comments and order included, stays as it was. */
import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync, renameSync } from 'node:fs';
import { access, chmod, chown, constants, open, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checks as checkTypes } from '../../shared/checks/index.ts';
import { problemLine } from '../../shared/model/inventory-problem.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readAddress } from './address.ts';
import { mailItem, type NewMail } from './new-mail.ts';
import { parseInventory, readText } from './read.ts';
import { appendItem, type Item } from './splice.ts';

/** `code` is for programs, `text` for people. */
export interface EditFailure {
  code: string;
  text: string;
}
export type Edit = (text: string) => Result<string, EditFailure>;

/** As in the request of the same name in shared/contract.ts. */
export interface NewHost {
  id: string;
  name: string | null;
  address: string;
  site: string | null;
  group: 'servers' | 'links' | 'mail';
  checks: { type: string; name?: string | undefined; [setting: string]: unknown }[];
  mail?: NewMail | undefined;
}
export interface NewSite {
  id: string;
  name: string;
  timezone: string | null;
}

/** Adds a server, a datacenter link or a mail server, whichever its group says. @returns the new text of the file */
export function addHost(text: string, host: NewHost): Result<string, EditFailure> {
  const address = readAddress(host.address);
  if (!address.ok) return address;
  const item = itemFor(text, { ...host, address: address.value.address });
  return item.ok ? append(text, item.value.list, item.value.item, host.id) : item;
}

/** Adds a site. @returns the new text of the file */
export function addSite(text: string, site: NewSite): Result<string, EditFailure> {
  return append(text, 'sites', { id: site.id, name: site.name, timezone: site.timezone ?? undefined }, site.id);
}

function itemFor(text: string, host: NewHost): Result<{ list: string; item: Item }, EditFailure> {
  const { id, address, checks } = host;
  const common = { id, name: host.name || undefined, site: host.site ?? undefined };
  switch (host.group) {
    case 'servers':
      return ok({ list: 'hosts', item: { ...common, address, checks } });
    case 'mail': {
      if (host.mail) {
        const { domain, ...rest } = mailItem(address, checks, host.mail);
        return ok({ list: 'mail', item: { id, domain, name: common.name, site: common.site, ...rest } });
      }
      const domain = [address, host.name ?? ''].find(isDomain);
      if (domain === undefined) {
        return fail({
          code: 'no-domain',
          text: 'Mail is kept by its domain, and an IP address has none. Give the name of the mail server, or write the domain (such as example.net) as its name.',
        });
      }
      return ok({
        list: 'mail',
        item: { id, domain, name: common.name === domain ? undefined : common.name, site: common.site, address, checks },
      });
    }
    case 'links': {
      const known = parseInventory(text, 'the inventory');
      const sites = known.ok ? known.value.inventory.sites : [];
      const site = host.site ?? (sites.length === 1 ? sites[0]?.id : undefined);
      if (site === undefined) {
        return fail({
          code: 'no-site',
          text:
            sites.length === 0
              ? 'A datacenter link ends at a site, and there is none yet. Add the site first, then its link.'
              : 'A datacenter link ends at a site. Choose the site, then add the link.',
        });
      }
      // The gateway of a link is pinged without a check of its own.
      const isPing = (check: NewHost['checks'][number]): boolean =>
        check.type === 'icmp' && Object.keys(check).every((key) => key === 'type' || key === 'name');
      const pinged = checks.some(isPing);
      const others = checks
        .filter((check) => !isPing(check))
        .map((check) => (pinged || !takesAddress(check.type) ? check : { ...check, address: check.address ?? address }));
      return ok({
        list: 'links',
        item: {
          id,
          site,
          provider: host.name || id,
          gateway: pinged ? address : undefined,
          checks: others.length > 0 ? others : undefined,
        },
      });
    }
  }
}

const isDomain = (text: string): boolean => {
  const read = readAddress(text);
  return read.ok && read.value.url === null && read.value.address.includes('.') && !/^[\d.]+$/.test(text) && !text.includes(':');
};
const takesAddress = (type: string): boolean => type in checkTypes && 'address' in checkTypes[type as keyof typeof checkTypes].config.shape;

/** Appends, and accepts the result only when it is an inventory without a mistake. */
function append(text: string, list: string, item: Item, id: string): Result<string, EditFailure> {
  const before = parseInventory(text, 'the inventory');
  if (!before.ok) {
    const [first] = before.failure;
    return fail({
      code: 'inventory-invalid',
      text: `The inventory has a mistake, so nothing is added to it until that is mended${first ? `: ${problemLine(first)}` : ''}.`,
    });
  }
  if (before.value.plan.subjects.some((it) => it.id === id))
    return fail({ code: 'id-taken', text: `"${id}" is already the id of something in the inventory. Choose another one.` });
  const made = appendItem(text, list, item);
  if (made === null)
    return fail({
      code: 'no-place',
      text: `The inventory is written in a way that leaves no place to add to "${list}". Add it with an editor.`,
    });
  const after = parseInventory(made, 'the inventory');
  if (!after.ok) {
    const [first] = after.failure;
    return fail({
      code: 'bad-entry',
      text: `This cannot stand in the inventory${first ? `: ${first.where}: expected ${first.expected}` : ''}. Nothing was changed.`,
    });
  }
  return ok(made);
}

/**
 * Reads the file, edits its text and puts the result in its place: either the whole old file stands there or the whole new one.
 * Links are followed, the mode is kept. Refused: an edit that fails, and a file that another program changed meanwhile.
 */
export function applyEdit(file: string, edit: Edit): Promise<Result<null, EditFailure>> {
  const mine = lastEdit.then(() => editNow(file, edit));
  lastEdit = mine.catch(() => undefined);
  return mine;
}
/** Edits of this process go one after the other: each sees the one before. */
let lastEdit: Promise<unknown> = Promise.resolve();

async function editNow(file: string, edit: Edit): Promise<Result<null, EditFailure>> {
  const read = await readText(file);
  if (!read.ok)
    return fail({
      code: read.failure.code,
      text: `The inventory could not be read, so nothing was changed: expected ${read.failure.expected}.`,
    });
  const edited = edit(read.value);
  if (!edited.ok) return edited;
  let temporary: string | null = null;
  try {
    const target = await realpath(file);
    // A rename would replace a file that is protected against writing.
    await access(target, constants.W_OK);
    const { mode, uid, gid } = await stat(target);
    temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(edited.value);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chown(temporary, uid, gid).catch(() => undefined);
    await chmod(temporary, mode & 0o7777);
    // Looked at and renamed in one go, so that as little time as possible lies between.
    if (realpathSync(file) !== target || readFileSync(target, 'utf8') !== read.value) {
      return fail({
        code: 'changed-meanwhile',
        text: 'The inventory was changed by another program at this moment, so nothing was written. Try again.',
      });
    }
    renameSync(temporary, target);
    temporary = null;
    await syncFolder(dirname(target));
    return ok(null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'this user may not write there'
        : code === 'ENOSPC'
          ? 'the disk is full'
          : `writing failed (${code ?? 'unknown'})`;
    return fail({ code: code === 'ENOSPC' ? 'disk-full' : 'not-writable', text: `The inventory ${file} was not changed: ${why}.` });
  } finally {
    if (temporary !== null) await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Makes the rename itself durable. Some file systems, and Windows, know no sync of a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
