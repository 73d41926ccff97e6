import { desktop } from '../state/desktop.ts';
import { say } from '../state/view.ts';

/** Lets the person choose another inventory file; says so when it could not be opened. Its problems, if any, come with the live picture. */
export async function chooseInventory(): Promise<void> {
  const reply = await desktop.chooseInventory({});
  if (!reply.ok) say(`The inventory was not opened. ${reply.failure.text}`, 'bad');
  else if (reply.value) say(`Opened ${reply.value.file}.`);
}
