// Takes a text apart into mails: mbox separators, header lines, and the parts of a body that are text.
import { decodeBody, decodeWords, type Encoding } from './transfer.ts';

export interface Mail {
  /** Null where the text has no header lines: a bare diff, a saved page. */
  readonly subject: string | null;
  readonly lines: readonly string[];
}

/** A text with an mbox separator is an mbox, one that begins with header lines is a mail, anything else stands as it is. */
export const mailsIn = (text: string): Mail[] => {
  const lines = text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
  const starts = lines.flatMap((_, at) => (isSeparator(lines, at) ? [at] : []));
  if (starts.length === 0) return [mailOf(lines) ?? { subject: null, lines }];
  const before = lines.slice(0, starts[0]);
  const mails = starts.map((start, index) => mailOf(lines.slice(start + 1, starts[index + 1]).map(withoutQuote)));
  return [...(before.some(Boolean) ? [mailOf(before) ?? { subject: null, lines: before }] : []), ...mails].filter((mail) => mail !== null);
};

/** `From SENDER DATE`, with nothing but an empty line before it and a header line behind. */
const isSeparator = (lines: readonly string[], at: number): boolean =>
  /^From \S+.*\d\d:\d\d.*\d{4}/.test(lines[at]!) && !lines[at - 1] && headerLine.test(lines[at + 1] ?? '');

/** An mbox hides lines that look like separators behind one `>`. */
const withoutQuote = (line: string): string => (/^>+From /.test(line) ? line.slice(1) : line);

const headerLine = /^([A-Za-z][A-Za-z0-9-]*):(?:[ \t]+(.*)|$)/;

type Headers = ReadonlyMap<string, string>;

const mailOf = (lines: readonly string[]): Mail | null => {
  const { headers, body } = split(lines);
  if (!headers.has('subject') && !headers.has('from')) return null;
  const text = bodyText(headers, body, deepest);
  return { subject: decodeWords(headers.get('subject') ?? ''), lines: text.replace(/\n$/, '').split('\n') };
};

const split = (lines: readonly string[]): { headers: Headers; body: readonly string[] } => {
  const headers = new Map<string, string>();
  let last = '';
  let at = 0;
  for (; at < lines.length && lines[at] !== ''; at++) {
    const [, name, value] = headerLine.exec(lines[at]!) ?? [];
    if (name !== undefined) {
      last = name.toLowerCase();
      if (!headers.has(last)) headers.set(last, value ?? '');
    } else if (/^[ \t]/.test(lines[at]!) && last !== '') headers.set(last, `${headers.get(last)} ${lines[at]!.trim()}`);
    else break;
  }
  return { headers, body: lines.slice(lines[at] === '' ? at + 1 : at) };
};

/** Parts in parts; nobody sends more, and a damaged mail could name its own boundary inside itself. */
const deepest = 5;

const bodyText = (headers: Headers, body: readonly string[], depth: number): string => {
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = parameter(type, 'boundary');
  if (/^multipart\//i.test(type) && boundary !== null && depth > 0) {
    return partsOf(body, boundary)
      .map(split)
      .filter((part) => isText(part.headers))
      .map((part) => bodyText(part.headers, part.body, depth - 1))
      .join('\n');
  }
  return decodeBody(body.join('\n'), encodingOf(headers), parameter(type, 'charset') ?? 'utf-8');
};

const partsOf = (body: readonly string[], boundary: string): string[][] => {
  const parts: string[][] = [];
  for (const line of body) {
    if (line.trimEnd() === `--${boundary}--`) break;
    if (line.trimEnd() === `--${boundary}`) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
};

/** Text, but no second telling of it in HTML; and attached patches, whatever the mailer took them for. */
const isText = (headers: Headers): boolean => {
  const type = headers.get('content-type') ?? 'text/plain';
  const name = parameter(type, 'name') ?? parameter(headers.get('content-disposition') ?? '', 'filename') ?? '';
  return /^multipart\/|^text\/(?!html)/i.test(type) || /\.(patch|diff)$/i.test(name);
};

const parameter = (value: string, name: string): string | null => {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(value);
  return found?.[1] ?? found?.[2] ?? null;
};

const encodingOf = (headers: Headers): Encoding => {
  const said = headers.get('content-transfer-encoding')?.trim().toLowerCase();
  return said === 'base64' || said === 'quoted-printable' ? said : 'plain';
};
