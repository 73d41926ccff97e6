/** Version, where the data is, and how the watching process is doing. */
import type { EngineStatus } from '../../shared/contract.ts';
import { assertNever } from '../../shared/result.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { desktop } from '../state/desktop.ts';
import { useLive } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { say } from '../state/view.ts';
import css from './Settings.module.css';

export function AboutSection() {
  const info = useAsk('info', () => desktop.info({})).value;
  const status = useLive((live) => live.engine);
  const { busy, send } = useSend();
  const restart = () =>
    void send(async () => {
      const reply = await desktop.restartEngine({});
      if (reply.ok) say('The watching process starts anew. What people wrote is on disk.');
      else say(`It was not restarted. ${reply.failure.text}`, 'bad');
      return reply;
    });
  return (
    <section className={css.section} aria-labelledby="settings-about">
      <h3 id="settings-about">About</h3>
      <div className={css.body}>
        <dl className={css.about}>
          <dt>Version</dt>
          <dd>{info ? `Nightdesk ${info.version}` : '…'}</dd>
          <dt>Data folder</dt>
          <dd className={css.path}>{info?.dataFolder ?? '…'}</dd>
          <dt>Watching process</dt>
          <dd>
            <Status status={status} />
          </dd>
        </dl>
        <div className={css.buttons}>
          <Button busy={busy || status.state === 'starting'} onClick={restart}>
            Restart the watching process
          </Button>
        </div>
        {info?.unofficialRuntime && (
          <Notice tone="warn" title="This runs on an unofficial build of Electron.">
            It is good for trying and testing only: nobody can prove where it comes from. Install Nightdesk with the official Electron
            before you rely on it.
          </Notice>
        )}
      </div>
    </section>
  );
}

function Status({ status }: { status: EngineStatus }) {
  switch (status.state) {
    case 'running':
      return (
        <>
          running since <Time at={status.since} format="stamp" />
        </>
      );
    case 'starting':
      return <>starting</>;
    case 'stopped':
      return (
        <>
          ended at <Time at={status.at} withZone /> ({status.exit}); starts again at <Time at={status.retryAt} withZone />
          {status.restarts > 0 && `, try ${status.restarts + 1}`}
        </>
      );
    case 'refused':
      return <>cannot run: {status.text}</>;
    default:
      return assertNever(status);
  }
}
