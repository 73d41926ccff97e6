/** How a section reads. Each block is drawn by itself, and again only when its own text changes. */
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { TextBlock } from '../../shared/documents/sentences.ts';
import type { DocumentSection } from '../../shared/model/document.ts';
import css from './Editor.module.css';
import { blockHtml } from './preview-html.ts';
import { factsOf, type Marked, type SectionFacts } from './section-facts.ts';

interface SectionPreviewProps {
  /** A moment behind the text area. */
  section: DocumentSection;
  title: string;
  /** Of the same text, if it is known already. */
  facts: SectionFacts | null;
  marked: Marked | null;
}

export const SectionPreview = memo(function SectionPreview({ section, title, facts: known, marked }: SectionPreviewProps) {
  const facts = useMemo(() => (known?.text === section.text ? known : factsOf(section.text)), [known, section.text]);
  const chunks = useMemo(() => chunksOf(keyed(facts)), [facts]);
  return (
    <div className={css.read} data-read={section.key}>
      <h4 className={css.sectionTitle}>{title.trim() || <span className={css.untitled}>No title yet</span>}</h4>
      {chunks.length === 0 && <p className={css.hint}>Nothing is written here yet.</p>}
      {chunks.map((blocks, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a chunk is its place
        <Chunk key={index} blocks={blocks} first={index === 0} marked={marked} />
      ))}
    </div>
  );
});

interface Drawn {
  key: string;
  text: string;
  block: TextBlock;
  index: number;
}

/** So many blocks are drawn at a time, as they come near to what is looked at. */
const perChunk = 30;
const chunksOf = (blocks: readonly Drawn[]): Drawn[][] =>
  Array.from({ length: Math.ceil(blocks.length / perChunk) }, (_, index) => blocks.slice(index * perChunk, (index + 1) * perChunk));
/** How far off, in pixels. */
const ahead = 1_200;

function Chunk({ blocks, first, marked }: { blocks: readonly Drawn[]; first: boolean; marked: Marked | null }) {
  const box = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const within = marked !== null && blocks.some((it) => it.index === marked.block);
  useLayoutEffect(() => {
    const element = box.current;
    if (near || !element) return;
    const { top, bottom } = element.getBoundingClientRect();
    if (top < window.innerHeight + ahead && bottom > -ahead) return setNear(true);
    const watcher = new IntersectionObserver((seen) => seen.some((it) => it.isIntersecting) && setNear(true), {
      root: element.closest('[data-scroll]'),
      rootMargin: `${ahead}px 0px`,
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [near]);
  const drawn = near || within;
  const letters = blocks.reduce((sum, it) => sum + it.text.length, 0);
  return (
    // Some 60 letters go into a line.
    <div
      ref={box}
      data-begins={blocks[0]?.block.from}
      data-ends={blocks.at(-1)?.block.to}
      style={drawn ? undefined : { height: `${Math.ceil(letters / 60) * 1.6 + blocks.length * 0.5}rem` }}
    >
      {drawn &&
        blocks.map(({ key, text, block, index }, place) => (
          <Block
            key={key}
            text={text}
            sentences={block.sentences}
            from={block.from}
            first={first && place === 0}
            marked={marked?.block === index ? (block.sentences[marked.sentence]?.from ?? null) : null}
          />
        ))}
    </div>
  );
}

/** Blocks by what they say: one that is written before them does not draw all of them again. */
function keyed({ text: all, blocks }: SectionFacts): Drawn[] {
  const seen = new Map<string, number>();
  return blocks.map((block, index) => {
    const text = all.slice(block.from, block.to);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    return { key: `${times} ${text}`, text, block, index };
  });
}

interface BlockProps {
  text: string;
  sentences: TextBlock['sentences'];
  /** Where it begins in the section. */
  from: number;
  first: boolean;
  /** Where the marked sentence begins in it; null = none of its own. */
  marked: number | null;
}

const Block = memo(
  function Block({ text, sentences, from, first, marked }: BlockProps) {
    const box = useRef<HTMLDivElement>(null);
    // biome-ignore lint/correctness/useExhaustiveDependencies: the same text has the same sentences
    const html = useMemo(() => blockHtml(text, sentences, first), [text, first]);
    // biome-ignore lint/correctness/useExhaustiveDependencies: another text makes other elements
    useEffect(() => {
      if (marked === null) return;
      const all = [...(box.current?.querySelectorAll<HTMLElement>('[data-s]') ?? [])];
      const element = all.find((it) => it.dataset.at?.startsWith(`${marked}-`));
      element?.setAttribute('data-marked', '');
      if (element?.hasAttribute('role')) element.setAttribute('aria-pressed', 'true');
      // In view, unless it is being pointed at.
      if (element && document.activeElement !== element) element.scrollIntoView({ block: 'nearest' });
      return () => {
        element?.removeAttribute('data-marked');
        element?.removeAttribute('aria-pressed');
      };
    }, [marked, html]);
    // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitized by blockHtml
    return <div ref={box} className={css.block} data-from={from} dangerouslySetInnerHTML={{ __html: html }} />;
  },
  (before, now) => before.text === now.text && before.from === now.from && before.first === now.first && before.marked === now.marked,
);
