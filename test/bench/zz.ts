import { benchDrill } from './zz-short.ts';
console.log(await benchDrill());
