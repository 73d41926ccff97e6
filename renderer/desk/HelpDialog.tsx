/** Every key of the desk. The list is the same that keys.ts follows. */
import { KeyCap } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { inDrill } from '../state/role.ts';
import { closeDialog } from '../state/view.ts';
import css from './forms.module.css';

interface KeyPart {
  title: string;
  rows: [string[], string][];
}

const drillKeys: KeyPart = {
  title: 'The drill',
  rows: [
    [['Space'], 'pause, go on'],
    [['.'], 'on to the next thing that happens'],
    [['+'], 'faster'],
    [['-'], 'slower'],
  ],
};

const keys: KeyPart[] = [
  ...(inDrill ? [drillKeys] : []),
  {
    title: 'Alerts',
    rows: [
      [['j', 'k'], 'next, previous alert'],
      [['a'], 'acknowledge it, or all chosen ones'],
      [['s'], 'silence it, or all chosen ones'],
      [['x'], 'choose it, or let it go'],
      [['Shift', 'click'], 'choose all up to here'],
      [['Enter'], 'open what it is about'],
      [['n'], 'write a note on it'],
      [['d'], 'draft incident report'],
    ],
  },
  {
    title: 'Grids',
    rows: [
      [['←', '↑', '→', '↓'], 'move between tiles'],
      [['Enter'], 'open a tile'],
      [['/'], 'find by name or address'],
      [['Ctrl', 'K'], 'the same, from anywhere'],
      [['Esc'], 'close the detail, leave a dialog'],
    ],
  },
  {
    title: 'Incidents',
    rows: [
      [['o'], 'open one'],
      [['j', 'k'], 'next, previous incident'],
      [['Enter'], 'show it'],
      [['n'], 'write a line into its log'],
      [['e'], 'change its title, lead or times'],
      [['s'], 'go to its next step'],
      [['d'], 'draft its post-mortem'],
      [['Esc'], 'back to the list'],
    ],
  },
  {
    title: 'Documents, also while typing',
    rows: [
      [['F8'], 'next gap'],
      [['↑', '↓'], 'in the preview: from sentence to sentence'],
      [['Enter'], 'in the preview: to its words'],
      [['Alt', '↑'], 'move the section up, with ↓ down'],
      [['Ctrl', 'Shift', 'Enter'], 'add a section below'],
      [['Ctrl', 'Alt', 'Z'], 'take back a step with sections'],
      [['Ctrl', 'S'], 'save now'],
    ],
  },
  {
    title: 'Screens',
    rows: [
      [['1'], 'desk'],
      [['2'], 'timeline'],
      [['3'], 'incidents'],
      [['4'], 'sites, links, DNS and mail'],
      [['m'], 'planned work'],
      [['u'], 'uptime'],
      inDrill ? [['5'], 'debrief'] : [['g'], 'play a drill'],
      [['?'], 'this list'],
    ],
  },
];

export function HelpDialog() {
  return (
    <Dialog open onClose={closeDialog} title="Keys" description="They work whenever you are not typing." wide>
      {/* They may be more than fit on a small screen: what scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section tabIndex={0} aria-label="All keys">
        {keys.map((part) => (
          <section key={part.title}>
            <h3 className={css.keysTitle}>{part.title}</h3>
            <dl className={css.keys}>
              {part.rows.map(([caps, does]) => (
                <div key={does}>
                  <dt>
                    {caps.map((cap) => (
                      <KeyCap key={cap}>{cap}</KeyCap>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  );
}
