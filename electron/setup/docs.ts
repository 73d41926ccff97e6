/** `npm run docs`: renews the documents that are made from schemas. */
import { writeDocs } from '../inventory/docs.ts';
import { runScript } from './fail.ts';
import { projectRoot } from './paths.ts';

await runScript(async () => {
  await writeDocs(projectRoot);
  return 0;
});
