// The parts of a trace.dat that are copies of tracefs files; version 7 finds each in a section of this number, version 6 in this order.
import type { Cursor } from './cursor.ts';
import { damaged } from './cursor.ts';
import type { Draft } from './draft.ts';

type Take = (draft: Draft, cursor: Cursor) => void;

const headerInfo: Take = (draft, cursor) => {
  expectWord(draft, cursor, 'header_page\0');
  const page = cursor.text(cursor.u64('the size of header_page'), 'header_page');
  // The size of a long is the kernel's here, that of user space in the file's beginning.
  if (/\bcommit;\s+offset:\d+;\s+size:4;/.test(page)) draft.longSize = 4;
  else draft.longSize = 8;
  expectWord(draft, cursor, 'header_event\0');
  cursor.text(cursor.u64('the size of header_event'), 'header_event');
};

const expectWord = ({ access }: Draft, cursor: Cursor, word: string): void => {
  const found = cursor.text(word.length, `the word ${word.slice(0, -1)}`);
  if (found !== word) throw damaged(access.name, `expected the word ${word.slice(0, -1)}, found ${JSON.stringify(found)}`);
};

const formatsOf = (draft: Draft, cursor: Cursor, system: string): void => {
  for (let count = cursor.u32('the number of events'); count > 0; count--) {
    draft.formats.push({ system, text: cursor.text(cursor.u64('the size of a format'), 'the format of an event') });
  }
};

const eventFormats: Take = (draft, cursor) => {
  for (let count = cursor.u32('the number of systems'); count > 0; count--) formatsOf(draft, cursor, cursor.name('the name of a system'));
};

const parts: Readonly<Record<number, Take>> = {
  16: headerInfo,
  17: (draft, cursor) => formatsOf(draft, cursor, 'ftrace'),
  18: eventFormats,
  19: (draft, cursor) => {
    draft.kallsyms = cursor.text(cursor.u32('the size of kallsyms'), 'kallsyms');
  },
  20: (draft, cursor) => {
    draft.printk = cursor.text(cursor.u32('the size of printk_formats'), 'printk_formats');
  },
  21: (draft, cursor) => {
    draft.cmdlines = cursor.text(cursor.u64('the size of saved_cmdlines'), 'saved_cmdlines');
  },
};

/** As version 6 has them. */
export const order: readonly number[] = Object.keys(parts).map(Number);

export const takePart = (draft: Draft, part: number, cursor: Cursor): void => parts[part]!(draft, cursor);
