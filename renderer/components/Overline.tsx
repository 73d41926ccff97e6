/** A small heading in capitals over a part of a column. */
import type { ReactNode } from 'react';
import css from './Overline.module.css';

export const Overline = ({ children }: { children: ReactNode }) => <h3 className={css.overline}>{children}</h3>;
