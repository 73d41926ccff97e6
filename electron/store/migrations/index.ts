/** All migrations in order: the file's version is how many of them it has seen. A new one is a new file and a new line at the end. */
import { start } from './0001-start.ts';
import { lightEvents } from './0002-light-events.ts';
import { standings } from './0003-standings.ts';
import { pings } from './0004-pings.ts';
import { incidents } from './0005-incidents.ts';
import { toldEvents } from './0006-told-events.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [start, lightEvents, standings, pings, incidents, toldEvents];
