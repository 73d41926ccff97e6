/** Faults of the shipped drills that the desk names in no sentence of their own, and why that is as it should be: by file, then as the debrief calls them. */
export const unnamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'five-hour-upgrade.yaml': {
    'control panel: errors':
      'It fails in the same second as everything else on its machine, and until it is back; the desk names what they have in common.',
  },
};
