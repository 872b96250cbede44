// System calls of recorded kernels, one compressed file a recording: what was called, what came of it, and what each type1 attach
// ended on. Calls of one actor stand in the order of their starts; where several overlap, by when the kernel was last seen at work.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One `vfio_iommu_type1_attach_group()` as the probes saw it. */
export interface AttachOutcome {
  readonly group: string;
  /** `kept` its own domain, `joined` an existing one, or `failed`. */
  readonly outcome: 'kept' | 'joined' | 'failed';
  readonly errno?: string;
  /** Errnos of existing domains that refused, in order. */
  readonly refused?: readonly string[];
  /** The new domain itself could not be attached. */
  readonly ownRefused?: true;
  /** Domains of the container afterwards, and the place of the group's among them, the oldest first. */
  readonly domains: number;
  readonly at?: number;
}

export interface Call {
  readonly phase: string;
  /** Thread that called, numbered; absent where the recorder did something between the calls. */
  readonly actor?: number;
  readonly start: number;
  readonly end: number;
  /** Where several actors called: when the kernel was last seen at work in the call. */
  readonly effect?: number;
  readonly op: string;
  readonly container?: string;
  /** Iommufd descriptor. */
  readonly context?: string;
  readonly group?: string;
  readonly device?: string;
  readonly iova?: string;
  readonly size?: string;
  readonly argument?: string;
  readonly flags?: string;
  /** Id of a page table that user space made; of the page table that an attach came to. */
  readonly pageTable?: number;
  readonly table?: number;
  readonly errno?: string;
  /** Which allocation of the call was made to fail, and whether the call made that many. */
  readonly nth?: number;
  readonly hit?: boolean;
  /** The caller's memory control group was over its limit. */
  readonly squeezed?: true;
  readonly attaches?: readonly AttachOutcome[];
}

export interface Phase {
  readonly recording: string;
  readonly name: string;
  readonly calls: readonly Call[];
}

const folder = 'test/recordings/sequences';
const ending = '.jsonl.gz';

export const recordings: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();

const callsOf = (recording: string): Call[] =>
  gunzipSync(readFileSync(`${folder}/${recording}${ending}`))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Call);

const momentOf = ({ effect, end }: Call): number => effect ?? end;

/** A recording's phases, in the order in which they ran. */
export const phasesOf = (recording: string): readonly Phase[] => {
  const calls = callsOf(recording);
  const names = [...new Set(calls.map(({ phase }) => phase))];
  return names.map((name) => ({
    recording,
    name,
    calls: calls.filter(({ phase }) => phase === name).sort((a, b) => momentOf(a) - momentOf(b)),
  }));
};
