// What a recording and a run of the model can both show: the core's calls with what they were about and what came of them.

export type What =
  | 'claim'
  | 'release'
  | 'allocate'
  | 'free'
  | 'attach-group'
  | 'replace-group'
  | 'detach-group'
  | 'set-domain'
  | 'attach-device'
  | 'attach-backend'
  | 'detach-backend'
  | 'attach-table'
  | 'fill-domain';

export interface Observation {
  readonly what: What;
  /** The function, as the kernel or the model's profile calls it. */
  readonly by: string;
  /** Group or device; empty where the call has neither. */
  readonly subject: string;
  /** Name of the domain, by the side that saw it; null where it is not known. */
  readonly domain: string | null;
  /** `OK` or an errno; null: not seen, or the function gives nothing back. */
  result: string | null;
  /** Kinds of the calls around it, the outermost first. */
  readonly inside: readonly What[];
  /** Line of the trace, or number of the event. */
  readonly at: number;
}

/** Nothing comes back from these, and a trace does not show where they end. */
export const voids: ReadonlySet<What> = new Set(['release', 'free', 'detach-group', 'detach-backend']);

export const observationWords = ({ by, subject, domain, result }: Observation): string => {
  const given = [subject, domain ?? ''].filter((word) => word !== '').join(', ');
  return `${by}(${given})${result === null ? '' : result === 'OK' ? ' = 0' : ` = -${result}`}`;
};
