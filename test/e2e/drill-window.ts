/** A drill as a person starts and steers it, in the real app. */
import type { Locator, Page } from 'playwright';
import { expect } from 'playwright/test';
import type { App } from '../support/app.ts';

const slow = { timeout: 30_000 };
export const bandOf = (page: Page): Locator => page.getByRole('region', { name: 'Drill', exact: true });
export const clockOf = (page: Page): Locator => bandOf(page).getByTitle('The time in the drill');

/** Opens the list at the desk, chooses, and plays. @returns the drill's page */
export async function playDrill(app: App, name: string, { acts = 'I act', speed = '10×' } = {}): Promise<Page> {
  const list = app.page.getByRole('dialog');
  if (!(await list.isVisible())) await app.page.keyboard.press('g');
  await list.getByText(name).click();
  await list.getByRole('radio', { name: new RegExp(`^${acts}`) }).check();
  await list.getByText(speed).click();
  const opening = app.electron.waitForEvent('window');
  await list.getByRole('button', { name: 'Play', exact: true }).click();
  const drill = await opening;
  await drill.waitForSelector('h1');
  await expect(clockOf(drill)).toBeVisible(slow);
  return drill;
}

/** Jumps from event to event until something is to be seen. */
export async function jumpUntil(page: Page, isThere: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 40 && !(await isThere()); i++) {
    await page.keyboard.press('.');
    await expect(page.getByRole('button', { name: 'Next event' })).toBeEnabled(slow);
    await page.waitForTimeout(150);
  }
  expect(await isThere()).toBe(true);
}
