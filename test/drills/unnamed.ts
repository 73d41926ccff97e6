/** Faults of the shipped drills that the desk names in no sentence of their own, and why that is as it should be: by file, then as the debrief calls them. */
export const unnamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
