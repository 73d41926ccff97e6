/** The draft as a person would write it. Each sentence can be marked, by mouse or keyboard, to see the evidence behind it. */
import { Fragment, type KeyboardEvent, type ReactNode } from 'react';
import type { Block, Draft, Section } from '../../shared/incident/draft.ts';
import { evidenceOf, type Said, writeNumbers } from './evidence.ts';
import css from './Incidents.module.css';

interface DraftDocumentProps {
  draft: Draft;
  /** Key of the marked sentence. */
  marked: string | null;
  onMark(key: string, said: Said): void;
}

export function DraftDocument({ draft, marked, onMark }: DraftDocumentProps) {
  return (
    <article className={css.document} aria-label="Draft" onKeyDown={walk}>
      <h3 className={css.documentTitle}>{draft.title}</h3>
      <p className={css.subtitle}>{draft.subtitle}</p>
      {draft.sections.map((section) => (
        <SectionView key={section.key} section={section} draft={draft} marked={marked} onMark={onMark} />
      ))}
    </article>
  );
}

/** Up and down walk over the sentences. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-sentence]')];
  const next = all[all.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function SectionView({ section, ...rest }: DraftDocumentProps & { section: Section }) {
  return (
    <section className={css.section}>
      <h4 className={css.sectionTitle}>{section.title}</h4>
      {section.blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no identity but their place
        <BlockView key={index} block={block} at={`${section.key}-${index}`} {...rest} />
      ))}
    </section>
  );
}

function BlockView({ block, at, ...rest }: DraftDocumentProps & { block: Block; at: string }) {
  switch (block.kind) {
    case 'gap':
      return (
        <p>
          <span className={css.gap}>
            <span className="visually-hidden">Gap to fill: </span>
            {block.text}
          </span>
        </p>
      );
    case 'text':
      return (
        <p>
          {block.statements.map((said, index) => (
            <Fragment key={`${at}-${said.text}`}>
              {index > 0 && ' '}
              <Sentence at={`${at}-${said.text}`} said={said} {...rest} />
            </Fragment>
          ))}
        </p>
      );
    case 'list':
      return (
        <ul className={css.list}>
          {block.statements.map((said) => (
            <li key={`${at}-${said.text}`}>
              <Sentence at={`${at}-${said.text}`} said={said} {...rest} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return (
        <table className={css.table}>
          <thead>
            <tr>
              {block.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row, index) => {
              const key = `${at}-${index}-${row.cells.join(' ')}`;
              const said = { text: row.cells.join(' · '), evidence: row.evidence };
              return (
                <tr key={key}>
                  {row.cells.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                    <td key={column}>
                      {column === Math.min(1, row.cells.length - 1) ? (
                        <Sentence at={key} said={said} {...rest}>
                          {cell}
                        </Sentence>
                      ) : (
                        cell
                      )}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      );
  }
}

function Sentence({ at, said, draft, marked, onMark, children }: DraftDocumentProps & { at: string; said: Said; children?: ReactNode }) {
  const numbers = writeNumbers(evidenceOf(draft, said.evidence).map((it) => it.number));
  const mark = () => onMark(at, said);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a button cannot break over lines as a sentence does */}
      <span
        role="button"
        tabIndex={0}
        data-sentence
        className={css.sentence}
        aria-pressed={marked === at}
        onClick={mark}
        onFocus={mark}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          mark();
        }}
      >
        {children ?? said.text}
      </span>
      {numbers && (
        <sup className={css.number}>
          <span className="visually-hidden">evidence </span>
          {numbers}
        </sup>
      )}
    </>
  );
}
