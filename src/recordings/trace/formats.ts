// The formats that are known, and which of them an input is in.
import { Failure } from '../../core/failure.ts';
import type { TextFormat } from './format.ts';
import { bpftrace } from './formats/bpftrace.ts';
import { functionGraph } from './formats/functionGraph.ts';
import { perfScript } from './formats/perfScript.ts';
import { traceCmdReport } from './formats/traceCmdReport.ts';
import { tracefs } from './formats/tracefs.ts';

/** In the order in which they are asked: what another would read too comes first. */
export const textFormats: readonly TextFormat[] = [bpftrace, functionGraph, tracefs, traceCmdReport, perfScript];

/** Lines are enough when one of them is no heading. */
export const isHeading = (line: string): boolean => line.startsWith('#') || line.trim() === '';

/** The format that the first line names, else that which most of the lines fit, the first of equals. */
export const formatOf = (first: readonly string[], file: string): TextFormat => {
  const headed = textFormats.find(({ heads }) => heads?.(first[0] ?? ''));
  if (headed) return headed;
  const lines = first.filter((line) => !isHeading(line));
  const scores = textFormats.map((format) => ({ format, score: lines.filter(format.fits).length }));
  const best = scores.toSorted((a, b) => b.score - a.score)[0]!;
  if (best.score > 0) return best.format;
  throw unknownFormat(file, lines[0] === undefined ? 'nothing' : `"${lines[0].slice(0, 60)}"`);
};

/** Another format that a line fits, for the reason why it was not read. */
export const otherFormat = (line: string, own: TextFormat): TextFormat | undefined =>
  textFormats.find((format) => format !== own && format.fits(line));

const known = [...textFormats.map(({ name }) => name), 'trace.dat'].join(', ');

export const unknownFormat = (file: string, found: string): Failure =>
  new Failure('bad-trace', `expected a trace (${known}), found ${found}`, { file });
