// A caller's algorithm as a numbered list for people: kernel function, lock, allocation, where each errno leads, what is undone.
import type { ListedState, ListedWorkflow } from '../core/listing.ts';
import { wrap } from './text.ts';

const allocationText = ({ site, gfp }: { site: string; gfp: string }): string => `allocates at ${site}, ${gfp}`;

const outcomeText = (outcomes: ListedState['outcomes'], numbers: ReadonlyMap<string, number>): string =>
  outcomes.map(({ outcome, to }) => `${outcome} -> ${numbers.get(to) ?? (to === 'failed' ? 'return it' : 'return 0')}`).join(', ');

const entry = (state: ListedState, number: number, numbers: ReadonlyMap<string, number>): string => {
  const indent = '      ';
  const what = state.kernel === null ? state.does : `${state.kernel}: ${state.does}`;
  const lines = [wrap(`${String(number).padStart(4)}. ${what}`, indent)];
  if (state.locks.length > 0) lines.push(wrap(`${indent}holds ${state.locks.join(' > ')}`, `${indent}  `));
  if (state.allocation) lines.push(wrap(`${indent}${allocationText(state.allocation)}`, `${indent}  `));
  lines.push(wrap(`${indent}${outcomeText(state.outcomes, numbers)}`, `${indent}  `));
  if (state.undo) lines.push(wrap(`${indent}undone on failure: ${state.undo}`, `${indent}  `));
  return lines.join('\n');
};

export const printListing = (workflows: readonly ListedWorkflow[]): string =>
  workflows
    .map((listed) => {
      const numbers = new Map(listed.states.map(({ state }, index) => [state, index + 1]));
      const title = [listed.kernel ?? listed.workflow, listed.call ? `(${listed.call})` : ''].join(' ').trim();
      return `${title}\n${listed.states.map((state, index) => entry(state, index + 1, numbers)).join('\n')}`;
    })
    .join('\n\n');
