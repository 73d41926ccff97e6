/** What a document is as JSON: docs/document.schema.json is made from this. */
import { z } from 'zod';
import { reportFactsSchema } from '../incident/report-facts.ts';
import { documentKindSchema, documentOptionsSchema } from '../model/document.ts';

const moment = z.int().describe('Epoch ms, UTC');

export const exportedJsonSchema = z
  .object({
    form: z.literal('nightdesk-document'),
    version: z.literal(1).describe('Of this form'),
    drill: z.literal(true).optional().describe('It tells of a drill: nothing of it happened. Left out where it did'),
    exportedAt: moment,
    document: z.object({
      id: z.string().describe('"" where it is no document of a desk yet, only a draft'),
      kind: documentKindSchema,
      incident: z.string().nullable().describe('Id of the incident that it is about'),
      window: z.string().nullable().describe('Id of the planned work that it is about'),
      options: documentOptionsSchema,
      draftedAt: moment,
      revision: z.int().describe('Counts saves'),
      savedAt: moment,
      savedBy: z.string(),
      title: z.string(),
      subtitle: z.string(),
      sections: z.array(
        z.object({
          key: z.string().describe('The same section has the same key in every document of its kind'),
          title: z.string(),
          markdown: z.string().describe('With marks of evidence such as [^3], and gaps such as [TO FILL: question]'),
          text: z.string().describe('The same in plain text of 72 columns'),
        }),
      ),
      evidence: z
        .array(
          z.object({
            number: z.int().describe('As it stands in the text'),
            text: z.string(),
            event: z.string().nullable().describe('Id of the line of the timeline'),
            at: moment.nullable().describe('When it happened, epoch ms UTC; null where it is no moment'),
          }),
        )
        .describe('What the marks point at'),
      measured: z.array(z.string()).describe('The charts in words'),
    }),
    facts: reportFactsSchema,
  })
  .describe('A document of Nightdesk, and the facts behind it');

export type ExportedJson = z.infer<typeof exportedJsonSchema>;
