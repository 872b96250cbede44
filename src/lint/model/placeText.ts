// A place in one line, as reports show both sides: what is tested, what comes of it, what is printed.
import type { Place } from '../../core/rowSources.ts';

const returned = ({ errnos }: Place): string => {
  if (errnos.length === 0) return 'its errno is returned';
  return `returns ${errnos.map((errno) => (/^E/.test(errno) ? `-${errno}` : errno)).join(' or ')}`;
};

const said = ({ kind, text }: Place): string => {
  if (kind === 'return' && text === '') return 'without a check';
  return kind === 'test' ? `if (${text})` : text;
};

export const placeText = (place: Place): string => {
  const { kind, prints } = place;
  const outcome = kind === 'return' || (kind === 'test' && place.errnos.length > 0) ? `: ${returned(place)}` : '';
  const printed = prints.length === 0 ? '' : `, prints ${prints.map((print) => `"${print}"`).join(' and ')}`;
  return `${said(place)}${outcome}${printed}`;
};

export const located = (place: Place, isFile = false): string =>
  `${isFile ? `${place.file}: ` : ''}${place.function}(): ${placeText(place)}`;
