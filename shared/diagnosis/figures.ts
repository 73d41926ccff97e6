/** Sentences count: minutes that pass, checks that join. Without their figures it can be told whether they say the same. Pure. */

const figure = /\d[\d.,:]*(?: ?(?:ms|s|min|h|d)\b)?/g;

/** "is 4 behind for 1 h 2 min" and "is 4 behind for 59 min" are the same words. */
export const withoutFigures = (text: string): string => text.replace(figure, '#').replace(/#(?: #)+/g, '#');
