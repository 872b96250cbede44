// The citations of rows taken apart: `file: function:lines`, several of them separated by `;` or `,`.

export interface Citation {
  /** The end of a path, or null for the driver's own file. */
  readonly file: string | null;
  readonly function: string;
  /** First and last line of each range. */
  readonly ranges: readonly (readonly [number, number])[];
}

const rangeOf = (text: string): readonly [number, number] => {
  const [first, last = first] = text.split('-').map(Number);
  return [first!, last!];
};

/** A file holds for what follows it, up to the next semicolon. */
const piece = /(?:([\w./-]+\.[ch]): )?\b([A-Za-z_]\w*):(\d[\d,-]*\d|\d)/g;

export const citationsOf = (cite: string): Citation[] =>
  cite.split(';').flatMap((part) => {
    let file: string | null = null;
    return [...part.matchAll(piece)].map(([, named, name, lines]) => {
      file = named ?? file;
      return { file, function: name!, ranges: lines!.split(',').map(rangeOf) };
    });
  });

/** `cookie_alloc (iommu_get_msi_cookie:426)` and `iopt_reserve_iova:814 (iopt_table_add_domain)` name one place. */
export const siteOf = (site: string): Citation | null => {
  const [first] = citationsOf(site);
  return first ?? null;
};

export const isCited = ({ ranges }: Citation, from: number, to = from): boolean =>
  ranges.some(([first, last]) => from <= last && to >= first);
