// What a scenario file may say about failures: by count as fail-nth does, by allocation site, or by kernel API.

import { ownName } from './requestSchema.ts';
import { choice, count, flag, mapping, maybe, type Schema, said, text, titled } from './schemaParts.ts';
import { isMapping } from './source.ts';

const nth = said('Which time, from 1.', count('a number from 1', 1));
const request = said('Number of the request in its script, from 1.', count('the number of a request, from 1', 1));
const task = said('Task of the request. Default: t0, or the only one.', ownName('the name of a task'));
const sticky = said('Every further time fails too. Default: false.', flag('true or false'));
const word = (words: string): Schema<string> => text(words, /^\S+$/);
const domain = said('Only while this domain is in hand, by slot: c0.d0.', word('the slot of a domain'));

const nthFault = titled(
  'Fault by count',
  "The n-th allocation of a request fails, counted as the kernel's fail-nth does.",
  mapping('a fault by count', {
    request,
    nth,
    task: maybe(task),
    call: maybe(said('The call that is counted in, e.g. VFIO_SET_IOMMU. Default: the one that attaches.', word('the name of a call'))),
  }),
);

const siteFault = titled(
  'Fault by site',
  'An allocation site fails.',
  mapping('a fault by site', {
    site: said('Kernel function, with or without `:line`, or the row.', word('an allocation site')),
    nth: maybe(nth),
    task: maybe(task),
    request: maybe(request),
    device: maybe(said('Only while this device is being attached.', word('the address of a device'))),
    domain: maybe(domain),
    sticky: maybe(sticky),
  }),
);

const apiFault = titled(
  'Fault by kernel API',
  'A kernel API, or a row that asks hardware, gives an errno.',
  mapping('a fault by kernel API', {
    api: said('Id of the API, or the row.', word('a kernel API')),
    errno: said('What it gives, e.g. EINVAL.', text('an errno such as EINVAL', /^E[A-Z0-9]+$/)),
    nth: maybe(nth),
    on: maybe(said('Only on this instance or device.', word('an instance or device'))),
    domain: maybe(domain),
    request: maybe(request),
    sticky: maybe(sticky),
  }),
);

export const faultSchema = choice([nthFault, siteFault, apiFault], (input) => {
  if (isMapping(input) && 'site' in input) return siteFault;
  return isMapping(input) && 'api' in input ? apiFault : nthFault;
});
