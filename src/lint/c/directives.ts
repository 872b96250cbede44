// Leaves one branch of each `#if` within a function, for functions that the grammar cannot read with all of them: an `else` or a brace
// that stands in one branch only.

/** At equal length: directives and all but the first branch become blanks. A branch of `#if 0` is none. */
export const withoutDirectives = (text: string): string => {
  /** For each open `#if`: whether this branch is kept, and whether one was. */
  const open: { kept: boolean; done: boolean }[] = [];
  let continued = false;
  const line = (text: string): string => {
    const directive = /^\s*#\s*(\w+)\s*(.*)/.exec(text);
    const blanked = text.replace(/[^\t\r]/g, ' ');
    if (continued || directive !== null) {
      continued = /\\\s*$/.test(text);
      if (directive !== null) follow(open, directive[1]!, directive[2]!);
      return blanked;
    }
    return open.every(({ kept }) => kept) ? text : blanked;
  };
  return text.split('\n').map(line).join('\n');
};

const follow = (open: { kept: boolean; done: boolean }[], name: string, rest: string): void => {
  if (name.startsWith('if')) {
    const kept = rest.trim() !== '0';
    open.push({ kept, done: kept });
  } else if (name.startsWith('el')) {
    const last = open.at(-1);
    if (last) Object.assign(last, last.done ? { kept: false } : { kept: true, done: true });
  } else if (name === 'endif') open.pop();
};
