// Makes emoji.txt out of the npm package emojibase-data (MIT), by hand and seldom: when there are new emoji that
// most devices can show. See README.md beside this.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.cwd()}/`);
const data = require('emojibase-data/en/data.json');
const { version } = require('emojibase-data/package.json');

// What older devices show as an empty box is left out.
const NEWEST = 15.1;
const GROUPS = [
  [0, 'Smileys'],
  [1, 'People'],
  [3, 'Animals and nature'],
  [4, 'Food and drink'],
  [5, 'Travel and places'],
  [6, 'Activities'],
  [7, 'Objects'],
  [8, 'Symbols'],
  [9, 'Flags'],
];

// What is shown as a picture anyway has no selector for that: so Unicode has it, and so the server takes it.
const sign = ({ emoji, type }) => (type === 1 && /^.\uFE0F$/u.test(emoji) ? emoji.slice(0, -1) : emoji);
const line = ({ emoji, type, label, tags = [] }) => {
  // A word that the name has already finds nothing more.
  const more = tags.filter((tag) => !label.toLowerCase().includes(tag) && !/[\t\n]/.test(tag));
  return [sign({ emoji, type }), label.replace(/^flag: /, ''), ...(more.length > 0 ? [more.join(' ')] : [])].join('\t');
};
const lines = GROUPS.flatMap(([group, name]) => [
  `# ${name}`,
  ...data
    .filter((one) => one.group === group && one.version <= NEWEST)
    .sort((one, other) => one.order - other.order)
    .map(line),
]);
const head = `! Made by frontend/emoji/make.mjs from emojibase-data ${version}, (c) Miles Johnson, MIT: emoji-LICENSE.txt`;
writeFileSync(new URL('emoji.txt', import.meta.url), `${[head, ...lines].join('\n')}\n`);
