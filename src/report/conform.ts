// Whether the model explains a recording, to read: how much was compared, what was inferred or assumed, and where the first difference is.
import { counted } from '../core/counted.ts';
import { block, firstOf } from './blocks.ts';
import { section, table, takenWords } from './text.ts';

export interface ConformMismatch {
  readonly session: string;
  readonly op: string;
  /** Line of the program's log. */
  readonly logLine: number;
  readonly container: string | null;
  readonly group: string | null;
  readonly what: string;
  readonly recorded: string;
  readonly model: string;
  readonly line: number | null;
  readonly decidedBy: string;
  readonly agreed: number;
  readonly callsAgreed: number;
  /** With a checked tree: rows that the model met in the call and that are not the same there. */
  readonly notValid?: readonly string[];
  /** Where other orders or assumptions end that explain as many calls. */
  readonly asFar: readonly { readonly what: string; readonly recorded: string; readonly model: string; readonly assumed: string }[];
}

export interface ConformReport {
  readonly recording: string;
  readonly release: string;
  readonly profile: string;
  readonly isExact: boolean;
  readonly verdict: 'conforms' | 'conforms-given' | 'differs' | 'nothing-compared';
  readonly sessions: readonly { readonly name: string; readonly calls: number; readonly agreed: number; readonly orders: number }[];
  readonly assumed: readonly {
    readonly part: string;
    readonly attribute: string;
    readonly value: string;
    readonly why: string;
    readonly sessions: readonly string[];
  }[];
  /** As marks in the trace say it: read, not assumed. */
  readonly told: readonly {
    readonly part: string;
    readonly attribute: string;
    readonly value: string;
    readonly line: number;
    readonly sessions: readonly string[];
  }[];
  readonly compared: number;
  readonly steps: number;
  /** Pairs of calls that overlapped, and of these those whose steps came in turn. */
  readonly overlaps: { readonly pairs: number; readonly inTurn: number };
  readonly injected: { readonly hit: number; readonly notReached: number };
  readonly skipped: readonly { readonly why: string; readonly count: number }[];
  readonly standIns: readonly { readonly why: string; readonly count: number }[];
  readonly inferred: readonly string[];
  /** Attributes of the machine that were read, and what of them is from tables of ACPI: by signature, of how many parts each. */
  readonly machine: {
    readonly read: number;
    readonly tables: readonly { readonly signature: string; readonly taken: Readonly<Record<string, number>> }[];
    /** Tables that are not used, or contradict the kernel. */
    readonly notes: readonly string[];
  };
  /** Calls of the log that the trace cannot show, and why. */
  readonly leftOut: string | null;
  readonly gaps: readonly { readonly line: number; readonly text: string }[];
  readonly mismatches: readonly ConformMismatch[];
}

const verdictWords = ({ verdict, assumed, mismatches }: ConformReport): string => {
  const count = `${assumed.length} assumed ${assumed.length === 1 ? 'attribute' : 'attributes'}`;
  if (verdict === 'nothing-compared') return 'no call to compare';
  if (verdict === 'conforms') return 'conforms, 0 assumed';
  if (verdict === 'conforms-given') return `conforms given ${count}`;
  return `differs in ${mismatches.length} ${mismatches.length === 1 ? 'session' : 'sessions'}`;
};

const kernelWords = ({ release, profile, isExact }: ConformReport): string => {
  const recorded = release === '' ? 'a kernel without a name' : `linux ${release}`;
  return `recorded: ${recorded}; model: ${profile}${isExact ? '' : ', the nearest profile: there is none of that series'}`;
};

const machineWords = ({ machine: { read, tables } }: ConformReport): string => {
  const from = tables.map(({ signature, taken }) => `${takenWords(taken) || 'none'} from ${signature}`);
  return `machine: ${counted(read, 'attribute')} read${from.length === 0 ? '' : `; of these ${from.join('; ')}`}`;
};

const mismatchLines = (found: ConformMismatch): string[] => {
  const about = [found.container, found.group === null ? null : `group ${found.group}`].filter((word) => word !== null).join(', ');
  return [
    ...block('  ', `${found.session}: ${found.op}${about === '' ? '' : ` (${about})`}, line ${found.logLine} of the log of calls`),
    ...block('    ', `${found.what}, after ${found.callsAgreed} calls that agree and ${found.agreed} steps of this one`),
    ...block('    recorded  ', `${found.recorded}${found.line === null ? '' : ` (line ${found.line})`}`),
    ...block('    model     ', `${found.model} (${found.decidedBy})`),
    ...(found.notValid ?? []).flatMap((mark) => block('    ', mark)),
    ...found.asFar.flatMap(({ what, recorded, model, assumed }) =>
      block(
        '    as far: ',
        `${what}${assumed === '' ? ', in another order' : `, assuming ${assumed}`}: recorded ${recorded}; model ${model}`,
      ),
    ),
  ];
};

const counts = (rows: readonly { why: string; count: number }[]): string[] =>
  rows.flatMap(({ why, count }) => block(`  ${String(count).padStart(5)}  `, why));

const overlapWords = ({ overlaps: { pairs, inTurn } }: ConformReport): string[] =>
  pairs === 0
    ? []
    : block(
        '',
        `${counted(pairs, 'pair')} of overlapping calls, ${inTurn} with steps in turn; orders of whole calls are tried, none inside`,
      );

const injectedWords = ({ injected: { hit, notReached } }: ConformReport): string[] =>
  hit + notReached === 0
    ? []
    : block(
        '',
        `${hit} injected failures land on the allocation that the model says is the n-th; ${notReached} are not reached on either side`,
      );

const assumedLines = ({ assumed }: ConformReport): string[] =>
  assumed.flatMap(({ part, attribute, value, why, sessions }) =>
    block('  ', `${part}: ${attribute} = ${value} (${why}); in ${sessions.length === 1 ? sessions[0] : `${sessions.length} sessions`}`),
  );

const toldLines = ({ told }: ConformReport): string[] =>
  told.flatMap(({ part, attribute, value, line, sessions }) =>
    block(
      '  ',
      `${part}: ${attribute} = ${value} (line ${line}); in ${sessions.length === 1 ? sessions[0] : `${sessions.length} sessions`}`,
    ),
  );

/** More sessions than this are counted: only those that say something are named. */
const NAMED = 20;

const sessionLines = ({ sessions, assumed, mismatches }: ConformReport): string[] => {
  const telling = new Set([...assumed.flatMap((one) => one.sessions), ...mismatches.map(({ session }) => session)]);
  const shown = sessions.length <= NAMED ? sessions : sessions.filter(({ name }) => telling.has(name)).slice(0, NAMED);
  const orders = (count: number): string => (count === 0 ? '' : `${count} other orders of overlapping calls tried`);
  const rows = shown.map(({ name, calls, agreed, orders: tried }) => [name, `${agreed} of ${calls} calls`, orders(tried)]);
  const left = sessions.length - shown.length;
  return [...(rows.length === 0 ? [] : [table(rows, '  ')]), ...(left === 0 ? [] : [`  and ${left} more in which every call agrees`])];
};

const SHOWN_GAPS = 10;

const gapLines = ({ leftOut, gaps }: ConformReport): string[] => [
  ...(leftOut === null ? [] : block('  ', leftOut)),
  ...firstOf(gaps, SHOWN_GAPS, ({ line, text }) => block(`  line ${line}: `, text)),
];

export const printConform = (report: ConformReport): string => {
  const skipped = report.skipped.reduce((sum, { count }) => sum + count, 0);
  return [
    `${report.recording}: ${verdictWords(report)}`,
    ...block('', kernelWords(report)),
    ...block('', `${report.compared} calls and ${report.steps} steps inside them compared, ${skipped} calls without a request`),
    ...block('', machineWords(report)),
    ...report.machine.notes.flatMap((note) => block('  ', note)),
    ...overlapWords(report),
    ...injectedWords(report),
    ...section('\nfirst difference of each session that differs', report.mismatches.flatMap(mismatchLines)),
    ...section('\nassumed, as nothing that was read says it', assumedLines(report)),
    ...section('\nread from marks in the trace', toldLines(report)),
    ...section('\nsessions', sessionLines(report)),
    ...section('\nfailures whose cause no request says; a planned failure stands in', counts(report.standIns)),
    ...section('\ncalls without a request in the model', counts(report.skipped)),
    ...(report.inferred.length === 0 ? [] : block('\ninferred, as the recording has no probe for it: ', report.inferred.join(', '))),
    ...section('\nnot seen, or not for certain', gapLines(report)),
  ].join('\n');
};
