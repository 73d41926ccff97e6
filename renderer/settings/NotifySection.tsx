/** Who is told: the channels and how they do, a test of each, and who is on call. What they are stands in the inventory file. */
import { useState } from 'react';
import type { DeskLive } from '../../shared/live.ts';
import type { ChannelLive } from '../../shared/model/notify.ts';
import { clean } from '../../shared/text.ts';
import { humanDuration, zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { copyText } from '../detail/copy-text.ts';
import { now, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { desktop } from '../state/desktop.ts';
import { useDesk, useLive, useZone } from '../state/live.ts';
import { say } from '../state/view.ts';
import { channelTypes, channelWords, exampleNotify, onCallText } from './notify-words.ts';
import css from './Settings.module.css';

export function NotifySection() {
  const channels = useLive((live) => live.tables.channels);
  const desk = useDesk();
  const onCall = desk?.onCall ?? [];
  const routes = desk?.routes ?? [];
  const zone = useZone();
  const all = Object.values(channels).sort((a, b) => Number(a.type === 'heartbeat') - Number(b.type === 'heartbeat'));
  const openFile = async () => {
    const reply = await desktop.showInventory({});
    if (!reply.ok) say(`The folder was not opened. ${reply.failure.text}`, 'bad');
  };
  return (
    <section className={css.section} aria-labelledby="settings-notify">
      <h3 id="settings-notify">Who is told</h3>
      <div className={css.body}>
        {onCall.length > 0 && <OnCall onCall={onCall} zone={zone} />}
        {all.length === 0 && onCall.length === 0 ? (
          <Empty />
        ) : (
          <>
            {all.length === 0 && <p className={css.soft}>There is no channel: nobody is told when something fails.</p>}
            <ul className={css.channels}>
              {all.map((it) => (
                <ChannelRow key={it.id} channel={it} zone={zone} />
              ))}
            </ul>
            {all.length > 0 && <Routes routes={routes} />}
            <p className={css.soft}>
              All of it stands in the inventory file, under <code>notify:</code>. Times in {zoneTitle(now(), zone)}.
            </p>
          </>
        )}
        <div className={css.buttons}>
          <Button variant="quiet" onClick={() => void openFile()}>
            Show the inventory file in its folder
          </Button>
        </div>
      </div>
    </section>
  );
}

function OnCall({ onCall, zone }: { onCall: DeskLive['onCall']; zone: string }) {
  const now = useNow('quarter');
  const nobody = onCall.filter((it) => it.person === null);
  return (
    <>
      {nobody.map((it) => (
        <Notice key={it.rota} tone="bad" title={`${it.name}: ${onCallText(it, zone, now)}.`}>
          Its alarms go to the other people it names, if there are any. Close the hole in the inventory file, under{' '}
          <code>notify: rotas:</code>.
        </Notice>
      ))}
      <dl className={css.about} aria-label="On call now">
        {onCall
          .filter((it) => it.person !== null)
          .map((it) => (
            <div key={it.rota} className={css.pair}>
              <dt>{it.name}</dt>
              <dd>
                <strong>{onCallText(it, zone, now)}</strong>
                {it.phone && <span className={css.soft}> · {it.phone}</span>}
              </dd>
            </div>
          ))}
      </dl>
    </>
  );
}

/** Whom an alert goes to, route by route. */
function Routes({ routes }: { routes: DeskLive['routes'] }) {
  if (routes.length === 0)
    return (
      <Notice tone="warn" title="There is no route: nobody is told when something fails.">
        The channels are used for tests only until <code>notify: routes:</code> says what goes where.
      </Notice>
    );
  return (
    <div>
      <h4>Routes{routes.length > 1 && <span className={css.aside}> · the first that fits takes the alert</span>}</h4>
      <ol className={css.routes}>
        {routes.map((it) => {
          const colon = it.text.indexOf(': ');
          return (
            <li key={it.id}>
              <strong>{it.text.slice(0, colon)}</strong>
              {it.text.slice(colon)}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

type Tested = { state: 'running' } | { state: 'done'; reply: string; tookMs: number } | { state: 'failed'; text: string; tookMs: number };

function ChannelRow({ channel, zone }: { channel: ChannelLive; zone: string }) {
  const now = useNow('quarter');
  const [tested, setTested] = useState<Tested | null>(null);
  const words = channelWords(channel, zone, now);
  const name = channel.name || channel.id;
  const test = async () => {
    setTested({ state: 'running' });
    const began = performance.now();
    const reply = await engine.testChannel({ channel: channel.id });
    const tookMs = Math.max(1, performance.now() - began);
    setTested(reply.ok ? { state: 'done', ...reply.value } : { state: 'failed', text: reply.failure.text, tookMs });
  };
  return (
    <li className={css.channel}>
      <StandingMark standing={words.standing} silent />
      <div className={css.channelWords}>
        <span className={css.channelName}>{name}</span> <span className={css.soft}>{channelTypes[channel.type]}</span>
        <div className={css.soft}>{words.text}</div>
        {words.trouble && <div className={css.trouble}>{words.trouble}</div>}
        <div role="status">
          {tested?.state === 'running' && <span className={css.soft}>Sending a test message…</span>}
          {tested?.state === 'done' && (
            <span>
              The other side took it, after {humanDuration(tested.tookMs)}:{' '}
              <q className={css.reply}>{clean(tested.reply, 500) || 'no words'}</q>
            </span>
          )}
          {tested?.state === 'failed' && (
            <span className={css.trouble}>
              The test failed after {humanDuration(tested.tookMs)}: {clean(tested.text, 600)}
            </span>
          )}
        </div>
      </div>
      <Button aria-label={`Test ${name}`} busy={tested?.state === 'running'} onClick={() => void test()}>
        Test
      </Button>
    </li>
  );
}

function Empty() {
  const copy = async () => {
    if (await copyText(exampleNotify)) say('The example is on the clipboard. Put it into the inventory file.');
    else say('The clipboard could not be written: mark the text and copy it by hand.', 'bad');
  };
  return (
    <>
      <p className={css.soft}>
        Nobody is told yet: alerts are on this screen only. Write into the inventory file, under <code>notify:</code>, over which channels
        people are told; passwords and webhook addresses are kept as secrets, and the file only names them.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that its text can be marked and scrolled by keyboard */}
      <section className={css.example} tabIndex={0} aria-label="Example">
        <pre>{exampleNotify}</pre>
      </section>
      <div className={css.buttons}>
        <Button onClick={() => void copy()}>Copy the example</Button>
      </div>
    </>
  );
}
