// Fork: the first N events' decisions of a run, with one thing changed, as a recipe of its own.

import type { Value } from '../core/conditions.ts';
import { parseRule } from '../core/errnos.ts';
import { Failure } from '../core/failure.ts';
import type { Fault } from '../core/scenario.ts';
import { perform, type Recipe, type Resolve } from './recipe.ts';

/** `kernel=6.1.y`, `caller=...`, `contract=...`, `continue-on=EINVAL`, `faults=none`, `fail=20@3`, `iommu/dmar0.domainIdsFree=0`. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

export const parseSetting = (text: string): Setting => {
  const at = text.indexOf('=');
  if (at <= 0) throw new Failure('bad-usage', `--set takes NAME=VALUE, found ${text}`);
  return { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
};

const parseValue = (text: string): Value => {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null' || text === 'none') return null;
  return /^-?\d+$/.test(text) ? Number(text) : text;
};

/** `20@3`: the 20th allocation of request 3 (from 1). */
const parseNth = (text: string, recipe: Recipe): Fault => {
  const [, nth = '0', number] = /^(\d+)(?:@(\d+))?$/.exec(text) ?? [];
  const task = recipe.scenario.tasks[0]!;
  const last = task.requests.length;
  const request = Number(number ?? last);
  if (Number(nth) === 0 || request < 1 || request > last)
    throw new Failure('bad-usage', `fail takes N or N@REQUEST with N from 1 and REQUEST from 1 to ${last}, found ${text}`);
  return { kind: 'nth', task: task.id, request: request - 1, nth: Number(nth) };
};

const withAttribute = (recipe: Recipe, name: string, value: string): Recipe => {
  const dot = name.lastIndexOf('.');
  if (dot < 0) throw new Failure('bad-usage', `--set knows no ${name}; an attribute is PART.NAME, e.g. iommu/dmar0.snoopControl=false`);
  const [part, attribute] = [name.slice(0, dot), name.slice(dot + 1)];
  const set = { ...recipe.scenario.set, [part]: { ...recipe.scenario.set[part], [attribute]: parseValue(value) } };
  return { ...recipe, scenario: { ...recipe.scenario, set } };
};

/** A recipe with one setting applied. */
export const withSetting = (recipe: Recipe, { name, value }: Setting): Recipe => {
  switch (name) {
    case 'kernel':
    case 'caller':
    case 'contract':
      return { ...recipe, [name]: value };
    case 'continue-on':
      return { ...recipe, continueOn: parseRule(value, 'continue-on') };
    case 'faults':
      if (value !== 'none') throw new Failure('bad-usage', `faults can only be set to none, found ${value}`);
      return { ...recipe, scenario: { ...recipe.scenario, faults: [] } };
    case 'fail':
      return { ...recipe, scenario: { ...recipe.scenario, faults: [parseNth(value, recipe)] } };
    default:
      return withAttribute(recipe, name, value);
  }
};

/** How many questions the first `count` events of a recipe's run asked. */
const questionsIn = (recipe: Recipe, count: number, resolve?: Resolve): number => {
  let seen = 0;
  const done = () => seen >= count;
  const listen = (): void => {
    seen += 1;
  };
  const { run } = perform(recipe, { listen, stop: done }, resolve);
  if (seen < count) throw new Failure('unknown-name', `event ${count} does not exist; the run has ${seen}`);
  return run.questions;
};

/** The run's decisions up to event `at`, under changed settings; what was decided later is decided anew. */
export const forkRecipe = (recipe: Recipe, at: number, settings: readonly Setting[], resolve?: Resolve): Recipe => {
  const questions = questionsIn(recipe, at, resolve);
  const decisions = recipe.decisions.filter(([question]) => question < questions);
  return settings.reduce(withSetting, { ...recipe, decisions });
};
