// What a subject line says of a patch: `[PATCH v6 1/5] iommu: ...`, patchwork's `[v6,1/5]`, an answer's `Re:`.

export interface Subject {
  readonly title: string;
  readonly version: number | null;
  readonly number: number | null;
  readonly total: number | null;
  readonly isReply: boolean;
}

export const readSubject = (line: string): Subject => {
  const [, reply, tags, title] = /^\s*((?:(?:re|aw|fwd?):\s*)*)((?:\[[^\]]*\]\s*)*)(.*)$/is.exec(line)!;
  const [, number, total] = /\b(\d{1,4})\/(\d{1,4})\b/.exec(tags!) ?? [];
  const version = /\bv(\d{1,4})\b/i.exec(tags!)?.[1];
  return {
    title: title!.trim().replaceAll(/\s+/g, ' '),
    version: numberOr(version),
    number: numberOr(number),
    total: numberOr(total),
    isReply: reply !== '',
  };
};

const numberOr = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits));

/** A saved page has the subject as a line near its top, no longer than git lets a header line grow. */
export const subjectOnPage = (lines: readonly string[]): string | null =>
  lines.slice(0, linesAtTop).find((line) => line.length < longest && /^\[[^\]]*(patch|rfc|\d\/\d|v\d)[^\]]*\]\s*\S/i.test(line)) ?? null;

const linesAtTop = 40;
const longest = 1000;
