/**
 * The quick line (key n): what a tired person types becomes a line of the log, and is shown as it will stand there before Enter. What is
 * typed stays, per incident, until it is on disk.
 */
import { CornerDownLeft } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { create } from 'zustand';
import { toggleWaiting } from '../../shared/incidents/quick-contact.ts';
import { readQuickLine, withKind } from '../../shared/incidents/quick-line.ts';
import { type QuickContext, type QuickKind, quickKinds, quickWords } from '../../shared/incidents/quick-words.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { useWho } from '../maintenance/WhoField.tsx';
import { now as rightNow, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive, useZone } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { say } from '../state/view.ts';
import css from './QuickLine.module.css';
import { QuickExamples, QuickPreview } from './QuickPreview.tsx';
import { quickNames } from './quick-names.ts';

/** By incident. Only what is typed and not sent yet is kept. */
const useTyped = create<Record<string, string>>(() => ({}));
const type = (incident: string, text: string): void =>
  useTyped.setState((all) => {
    const { [incident]: _, ...others } = all;
    return text === '' ? others : { ...others, [incident]: text };
  }, true);

/** Puts the cursor into the quick line, with these words before it where it is empty. @returns whether there is one on the page */
export function focusQuickLine(incident?: string, begin?: string): boolean {
  const box = document.querySelector<HTMLTextAreaElement>('[data-quick-line]');
  if (!box) return false;
  if (incident !== undefined && begin !== undefined && box.value.trim() === '') type(incident, begin);
  // At once: what is typed next must not fall on the keys of the screen.
  box.focus();
  // After the text has come into the box.
  requestAnimationFrame(() => box.setSelectionRange(box.value.length, box.value.length));
  return true;
}

export function QuickLine({ incident }: { incident: Incident }) {
  const text = useTyped((all) => all[incident.id] ?? '');
  const zone = useZone();
  const now = useNow('quarter');
  const subjects = useLive((live) => live.tables.subjects);
  const alerts = useLive((live) => live.tables.alerts);
  const who = useWho();
  const [naming, setNaming] = useState(!who.known);
  const [tried, setTried] = useState(false);
  const { busy, failure, send } = useSend();
  const box = useRef<HTMLTextAreaElement>(null);
  const nameBox = useRef<HTMLInputElement>(null);
  const names = useMemo(() => quickNames(incident, subjects, alerts), [incident, subjects, alerts]);
  const contextAt = (at: number): QuickContext => ({
    now: at,
    zone,
    names,
    owed: incident.owed.filter((it) => it.receivedAt === null),
  });
  const read = readQuickLine(text, contextAt(now));
  const kind = 'line' in read ? read.line.kind : read.kind;

  const submit = async () => {
    const fresh = readQuickLine(text, contextAt(rightNow()));
    setTried(true);
    if (busy || !('line' in fresh)) return;
    if (!who.by.trim()) {
      setNaming(true);
      requestAnimationFrame(() => nameBox.current?.focus());
      return;
    }
    const { entry, at } = fresh.line;
    if (!(await send(() => engine.log({ incident: incident.id, by: who.by, at, entry })))) return;
    type(incident.id, '');
    setTried(false);
    setNaming(false);
    who.remember();
    say('It is in the log.');
    box.current?.focus();
  };
  const choose = (next: QuickKind) => {
    const line = withKind(text, next);
    type(incident.id, line.text);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(line.cursor, line.cursor);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape') {
      // First out of the box; the next Esc leaves the incident.
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      box.current?.blur();
    }
  };

  return (
    <section className={css.quick} aria-label="Write a line">
      {failure && (
        <Notice tone="bad" title="The line was not written.">
          {failure} What you typed is still there.
        </Notice>
      )}
      <div className={css.line}>
        <select className={css.kind} aria-label="Kind of line" value={kind} onChange={(event) => choose(event.target.value as QuickKind)}>
          {quickKinds.map((it) => (
            <option key={it} value={it}>
              {quickWords[it].label}
            </option>
          ))}
        </select>
        <textarea
          ref={box}
          className={css.box}
          data-quick-line
          rows={1}
          aria-label="Line for the log"
          aria-keyshortcuts="n"
          aria-describedby="quick-preview"
          aria-invalid={tried && 'problem' in read ? true : undefined}
          placeholder={`${quickWords[kind].example}   ( n )`}
          value={text}
          maxLength={5_000}
          spellCheck
          onChange={(event) => {
            type(incident.id, event.target.value);
            setTried(false);
          }}
          onKeyDown={onKeyDown}
        />
        <Button variant="primary" icon={<CornerDownLeft />} busy={busy} onClick={() => void submit()}>
          {busy ? 'Writing…' : 'Write'}
        </Button>
      </div>
      <div className={css.below}>
        <QuickPreview read={read} tried={tried} now={now} zone={zone} />
        {'line' in read && read.line.entry.type === 'contact' && (
          <label className={css.wait}>
            <input
              type="checkbox"
              checked={read.line.entry.waiting}
              onChange={() => {
                type(incident.id, toggleWaiting(text));
                box.current?.focus();
              }}
            />
            We wait for them
          </label>
        )}
        <span className={css.who}>
          {naming ? (
            <label>
              Who writes{' '}
              <input
                ref={nameBox}
                value={who.by}
                maxLength={80}
                autoComplete="name"
                aria-invalid={tried && !who.by.trim() ? true : undefined}
                onChange={(event) => who.setBy(event.target.value)}
                onKeyDown={(event) => event.key === 'Enter' && void submit()}
              />
            </label>
          ) : (
            <>
              as{' '}
              <button type="button" title="Write under another name" onClick={() => setNaming(true)}>
                {who.by}
              </button>
            </>
          )}
        </span>
      </div>
      <QuickExamples />
    </section>
  );
}
