// What a scenario file may say about the schedule of its run, and between file and core: deviations from the default one, each by its place.
import type * as v from 'valibot';
import type { Deviation } from '../core/schedule.ts';
import { ownName } from './requestSchema.ts';
import { choice, count, mapping, maybe, type Schema, said, text, titled } from './schemaParts.ts';
import { isMapping } from './source.ts';

const word = (words: string): Schema<string> => text(words, /^\S+$/);
const task = said('Task that steps there.', ownName('the name of a task'));
const spot = {
  task,
  request: said('Number of its request, from 1.', count('the number of a request, from 1', 1)),
  time: maybe(said('Which time within the request. Default: 1.', count('a number from 1', 1))),
};

const fails = titled(
  'Failed allocation',
  'The function gets no memory.',
  mapping('a failed allocation', { fails: said('Kernel function that allocates.', word('an allocation site')), ...spot }),
);

const gives = titled(
  'Failed kernel API',
  'A kernel API, or a row that asks hardware, gives an errno.',
  mapping('a failed kernel API', {
    gives: said('Id of the API, or the row.', word('a kernel API')),
    errno: said('What it gives.', text('an errno such as EINVAL', /^E[A-Z0-9]+$/)),
    ...spot,
  }),
);

const switches = titled(
  'Switch',
  'Another task goes on where this one could.',
  mapping('a switch', {
    switch: said('Where the task would go on: WORKFLOW.STATE, DRIVER.PATH.ROW, or start.', word('a place')),
    to: said('Task that goes on instead.', ownName('the name of a task')),
    ...spot,
  }),
);

export const deviationSchema = choice([fails, gives, switches], (input) => {
  if (isMapping(input) && 'fails' in input) return fails;
  return isMapping(input) && 'gives' in input ? gives : switches;
});

type DeviationFile = v.InferOutput<typeof deviationSchema>;

export const deviationOfFile = (file: DeviationFile): Deviation => {
  const where = { task: file.task, request: file.request - 1, nth: file.time ?? 1 };
  if ('fails' in file) return { kind: 'fails', ...where, site: file.fails };
  if ('gives' in file) return { kind: 'gives', ...where, api: file.gives, errno: file.errno };
  return { kind: 'switch', ...where, at: file.switch, to: file.to };
};

export const deviationMapping = (deviation: Deviation): object => {
  const { task: own, request, nth } = deviation;
  const where = { task: own, request: request + 1, ...(nth === 1 ? {} : { time: nth }) };
  if (deviation.kind === 'fails') return { fails: deviation.site, ...where };
  if (deviation.kind === 'gives') return { gives: deviation.api, errno: deviation.errno, ...where };
  return { switch: deviation.at, to: deviation.to, ...where };
};
