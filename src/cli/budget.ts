// Budgets and counts as users type them: 60s, 5m, 5M, 200k; a bound of nothing, or less than nothing, is refused.
import { Failure } from '../core/failure.ts';

export interface Budget {
  readonly seconds?: number;
  readonly states?: number;
}

const times: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const counts: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };

/** `60s` is time, `5M` is states. */
export const parseBudget = (text: string): Budget => {
  const match = /^(\d+(?:\.\d+)?)([a-zA-Z]?)$/.exec(text);
  const [, digits, unit] = match ?? [];
  const isTime = unit !== undefined && unit in times;
  const factor = isTime ? times[unit] : counts[unit ?? '?'];
  const found = digits === undefined || factor === undefined ? Number.NaN : Number(digits) * factor;
  if (!(found > 0))
    throw new Failure('bad-usage', `--budget takes a time (60s, 5m, 1h) or a number of states (200k, 5M) above zero, found ${text}`);
  return isTime ? { seconds: found } : { states: Math.ceil(found) };
};

/** A whole number from 0 on. */
export const parseCount = (name: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw new Failure('bad-usage', `${name} takes a whole number from 0 on, found ${text}`);
  return Number(text);
};

/** `512M`, `2G`: bytes; at least a megabyte. */
export const parseMemory = (text: string): number => {
  const match = /^(\d+)([MG])$/.exec(text);
  const bytes = match ? Number(match[1]) * 2 ** (match[2] === 'G' ? 30 : 20) : Number.NaN;
  if (!(bytes > 0)) throw new Failure('bad-usage', `--memory takes a size such as 512M or 2G, found ${text}`);
  return bytes;
};
