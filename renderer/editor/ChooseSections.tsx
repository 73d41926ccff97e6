/** For each section two texts: the difference between them, and which one stays. */
import { Difference } from './Difference.tsx';
import css from './Editor.module.css';

export interface Choice {
  key: string;
  title: string;
  /** "new facts, and you edited it". */
  note: string;
  /** As it stands here; null = it is not here. */
  mine: string | null;
  /** The other one; null = it is not there. */
  theirs: string | null;
}

interface ChooseSectionsProps {
  choices: readonly Choice[];
  /** Keys of those of which the other text is taken. */
  taken: ReadonlySet<string>;
  words: { keep: string; take: string };
  onChange(taken: ReadonlySet<string>): void;
}

export function ChooseSections({ choices, taken, words, onChange }: ChooseSectionsProps) {
  const choose = (key: string, take: boolean) => onChange(new Set(take ? [...taken, key] : [...taken].filter((it) => it !== key)));
  return (
    <ul className={css.choices}>
      {choices.map((it) => (
        <li key={it.key} className={css.choice}>
          <fieldset className={css.choiceHead}>
            <legend className={css.choiceTitle}>{it.title || 'No title'}</legend>
            <span className={css.hint}>{it.note}</span>
            {[false, true].map((take) => (
              <label key={String(take)} className={css.radio}>
                <input type="radio" name={`take ${it.key}`} checked={taken.has(it.key) === take} onChange={() => choose(it.key, take)} />
                {take ? words.take : words.keep}
              </label>
            ))}
          </fieldset>
          <Difference before={it.mine} after={it.theirs} />
        </li>
      ))}
    </ul>
  );
}
