/** The inventory of the first start: this computer, its way out and its resolver, so that the desk shows something true at once. */
import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { isZone } from '../../shared/time.ts';

/** The organization's name in the starter; as long as it stands, the desk offers to make the inventory one's own. */
const starterOrganization = 'This computer';
const starterIds: ReadonlySet<string> = new Set(['desk', 'here', 'gateway', 'this-computer', 'resolver']);

/** Whether nothing has been added to the starter yet. */
export const isStarter = (plan: Plan): boolean =>
  plan.organization.name === starterOrganization && plan.subjects.every((subject) => starterIds.has(subject.id));

/**
 * Text of the starter inventory.
 * @param computer its host name, and its time zone (UTC where it is none that is known)
 */
export function starterInventory({ hostname, timezone }: { hostname: string; timezone: string }): string {
  const own = clean(hostname, 80);
  const name = own === '' ? 'This computer' : `This computer (${own})`;
  return `# What Nightdesk watches. Edit this file with any editor, or add servers and sites in the window: comments and order stay.
# A mistake never stops the watch: the last good version stays in force, and the window shows the line that is wrong.
# Every key is explained in docs/inventory.md.

organization:
  name: ${starterOrganization}
  timezone: ${isZone(timezone) ? timezone : 'UTC'} # the zone in which times are shown

# How Nightdesk knows that it is connected itself. While all of these fail, nothing else is called down: it cannot know.
# Name one or two hosts far away that you may ping, too.
desk:
  anchors:
    - { type: icmp, name: gateway, address: default-gateway }
    - { type: dns, name: resolver, server: system, query: ., record: NS, anyAnswer: true }
#    - { type: icmp, name: far-host, address: 192.0.2.1 }

sites:
  - id: here
    name: Here

links:
  # The way out: the router that this computer sends everything else to.
  - id: gateway
    site: here
    provider: Default gateway
    checks:
      - type: icmp
        name: gateway
        address: default-gateway # looked up anew for every probe

hosts:
  # Load, memory, disks and uptime of this computer.
  - id: this-computer
    name: ${JSON.stringify(name)}
    site: here
    checks:
      - type: host

  # Asks the resolver that this computer uses for the root servers. Whatever it says, it works.
  - id: resolver
    name: Resolver
    site: here
    checks:
      - type: dns
        server: system
        query: .
        record: NS
        anyAnswer: true # also that it knows none: not every resolver passes this question on

# A server of yours would look like this:
#  - id: web1
#    name: Web server 1
#    site: here
#    address: 192.0.2.10
#    checks:
#      - type: icmp
#      - type: http
#        url: https://www.example.net/
`;
}

/**
 * Writes the starter where there is no inventory yet; what is there is never touched. Makes the folders above.
 * @returns whether it was written
 */
export async function ensureInventory(
  file: string,
  computer: { hostname: string; timezone: string },
): Promise<Result<{ written: boolean }, { code: string; text: string }>> {
  const temporary = `${file}.${process.pid}.new`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, starterInventory(computer), { mode: 0o644 });
    await chmod(temporary, 0o644);
    return ok({ written: await place(temporary, file) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail({
      code: 'not-written',
      text: `The first inventory could not be written to ${file} (${code ?? 'unknown'}). Check that the folder can be written to, or name another file.`,
    });
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Both ways are refused when the file exists: two starts at once can neither overwrite each other nor leave half a file. */
async function place(temporary: string, file: string): Promise<boolean> {
  const refused = (error: NodeJS.ErrnoException): boolean => error.code === 'EEXIST';
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if (refused(error as NodeJS.ErrnoException)) return false;
  }
  try {
    // Some file systems know no hard links.
    await copyFile(temporary, file, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (refused(error as NodeJS.ErrnoException)) return false;
    throw error;
  }
}
